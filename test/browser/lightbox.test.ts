import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { allPictures } from '../screenshots/views.ts'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { holdableFrames, withoutFrames } from '../support/held-frames.ts'
import { expectFocus } from '../support/keyboard.ts'
import { drawnWidth, launchBrowser, openPage, type PageOptions, patience } from '../support/page.ts'

let easel: Easel
let browser: Browser
let anna: Client
let talk: string
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel(), launchBrowser()])
  anna = await easel.user()
  talk = await anna.conversation('Harbour')
  await anna.say(talk, 'The boat is called Marie.')
  const boat = (await anna.say(talk, '/image a boat --raw')).body.generated_images[0]
  await anna.say(talk, '/image a door --raw')
  await anna.say(talk, '/image the boat at night --raw', { image_options: { edit: boat?.id } })
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

/** The conversation, with its pictures drawn. */
async function openTalk(options: PageOptions = {}): Promise<Page> {
  const page = await openPage(browser, easel, { as: anna, at: `/c/${talk}`, ...options })
  await allPictures(page)
  return page
}
const cards = (page: Page) => page.locator('.generated-image-wrapper')
const cardLink = (page: Page, place: number) => cards(page).nth(place).getByRole('link').first()
const lightbox = (page: Page, number: number) =>
  page.getByRole('dialog', { name: new RegExp(`Picture ${number}`) })

/** Waits until the browser has left the entry of the history that something closed by hand had. */
async function expectNoLayer(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate('history.state'), { timeout: patience }).toBeNull()
}

async function lookAt(page: Page, place: number): Promise<Locator> {
  await cardLink(page, place).focus()
  await page.keyboard.press('Space')
  const opened = lightbox(page, place + 1)
  await opened.waitFor()
  return opened
}

it('is closed by Back, shown again by Forward, and gives the focus back', async () => {
  const page = await openPage(browser, easel, { as: anna, at: '/gallery' })
  await page.locator('.wall li').first().waitFor()
  await page.goto(`/c/${talk}`)
  await allPictures(page)
  const opened = await lookAt(page, 1)
  const top = await page.evaluate('window.scrollY')
  await page.goBack()
  await opened.waitFor({ state: 'detached' })
  await expectFocus(cardLink(page, 1))
  expect(new URL(page.url()).pathname).toBe(`/c/${talk}`)
  expect(await page.evaluate('window.scrollY')).toBe(top)

  await page.goForward()
  await opened.waitFor()
  await page.keyboard.press('ArrowLeft')
  await lightbox(page, 1).waitFor()
  await page.keyboard.press('Escape')
  await lightbox(page, 1).waitFor({ state: 'detached' })
  // One goes on at the picture that was shown last.
  await expectFocus(cardLink(page, 0))

  // Closing by hand leaves nothing in the history that Back would have to pass.
  await lookAt(page, 2)
  await page.keyboard.press('Space')
  await lightbox(page, 3).waitFor({ state: 'detached' })
  await expectNoLayer(page)
  await page.goBack()
  await page.getByRole('heading', { name: 'All pictures' }).waitFor()
  await page.goForward()
  await page.getByRole('heading', { name: 'Harbour' }).waitFor()
})

it('hears a key from the moment it is there', async () => {
  const page = await openTalk()
  // Nobody's fingers are that fast, but a slow machine's first frame is long.
  await page.evaluate(`
    new MutationObserver((changes, watching) => {
      const opened = document.querySelector('.lightbox')
      if (!opened) return
      watching.disconnect()
      opened.dispatchEvent(new KeyboardEvent('keydown', { key: 'i', bubbles: true, cancelable: true }))
    }).observe(document.body, { childList: true, subtree: true })
  `)
  const opened = await lookAt(page, 0)
  await opened.getByRole('complementary', { name: 'Details' }).waitFor()
})

it('takes the keys of a quick hand before anything new is drawn', async () => {
  const page = await openTalk({ before: holdableFrames })
  const opened = await lookAt(page, 0)
  await withoutFrames(page, async () => {
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('+')
  })
  await lightbox(page, 2).getByRole('status', { name: 'Zoom' }).getByText('200 %').waitFor()

  // The arrow keys are those of the line, not those of the view.
  await withoutFrames(page, async () => {
    await page.keyboard.press('c')
    for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('ArrowRight')
  })
  await expect.poll(() => opened.page().getByRole('slider').inputValue(), { timeout: patience }).toBe('53')
})

it('goes to a message in place of itself, and Back leads to where it was opened', async () => {
  const page = await openPage(browser, easel, { as: anna, at: '/gallery' })
  await page.locator('.wall li').first().waitFor()
  await page.locator('.wall a').first().focus()
  await page.keyboard.press('Space')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('i')
  await page.getByRole('link', { name: 'Show in conversation' }).click()
  await page.waitForURL(`**/c/${talk}#*`)
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.goBack()
  await page.locator('.wall li').first().waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
})

it('compares a picture with the one it was made from, and with any other', async () => {
  const page = await openTalk()
  const opened = await lookAt(page, 2)
  await page.keyboard.press('c')
  const line = opened.getByRole('slider', { name: 'Compare Picture 1 with Picture 3' })
  await expectFocus(line)
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('ArrowRight')
  expect(await line.inputValue()).toBe('53')
  // The arrow keys of the line do not step to another picture.
  expect(await lightbox(page, 3).count()).toBe(1)

  const frame = await boxOf(opened.locator('.compare'))
  await page.mouse.move(frame.x + frame.width * 0.5, frame.y + 40)
  await page.mouse.down()
  await page.mouse.move(frame.x + frame.width * 0.2, frame.y + 60, { steps: 4 })
  await page.mouse.up()
  expect(Number(await line.inputValue())).toBeCloseTo(20, -1)
  const drawnLine = await boxOf(opened.locator('.compare__line'))
  expect(Math.abs(drawnLine.x - (frame.x + frame.width * 0.2))).toBeLessThan(frame.width * 0.03)

  await opened.getByRole('list', { name: 'Compare with' }).getByRole('button').nth(1).click()
  await opened.getByRole('slider', { name: 'Compare Picture 2 with Picture 3' }).waitFor()

  // Magnified, both move together, and the line stays.
  await page.keyboard.press('+')
  const [before, after] = await opened
    .locator('.compare img')
    .evaluateAll((images: { style: { transform: string } }[]) => images.map(({ style }) => style.transform))
  expect(before).toContain('scale(2)')
  expect(after).toBe(before)

  await opened.getByRole('button', { name: 'Compare with another picture' }).click()
  await opened.locator('.compare').waitFor({ state: 'detached' })
  await page.keyboard.press('ArrowLeft')
  await lightbox(page, 2).waitFor()
})

it('compares with a picture that cannot be stepped to, and says when there is none', async () => {
  const alone = await anna.conversation('alone')
  const image = (await anna.say(alone, '/image a shed --raw')).body.generated_images[0]
  const page = await openPage(browser, easel, { as: anna, at: `/c/${alone}` })
  await drawnWidth(cards(page).locator('img'))
  await lookAt(page, 0)
  const nothing = page.getByRole('button', { name: 'There is no other picture to compare with' })
  expect(await nothing.getAttribute('aria-disabled')).toBe('true')
  await page.keyboard.press('Escape')
  await expectNoLayer(page)

  await anna.say(alone, '/image the shed in the snow --raw', { image_options: { edit: image?.id } })
  await page.goto('/gallery')
  const box = page.locator('.gallery').getByRole('searchbox')
  await box.fill('snow')
  await expect.poll(() => page.locator('.wall li').count(), { timeout: patience }).toBe(1)
  await page.locator('.wall a').focus()
  await page.keyboard.press('Space')
  await lightbox(page, 2).waitFor()
  await page.keyboard.press('c')
  await page.getByRole('slider', { name: 'Compare Picture 1 with Picture 2' }).waitFor()
})

it('takes a better description, and gives it up with Escape', async () => {
  const page = await openTalk()
  const opened = await lookAt(page, 1)
  await page.keyboard.press('i')
  const edit = opened.getByRole('button', { name: 'Edit the description' })
  const box = opened.getByRole('textbox', { name: /Description/ })
  await edit.click()
  // Keys that steer the view are letters here.
  await box.fill('')
  await page.keyboard.type('circa 1900')
  await page.keyboard.press('Escape')
  await expectFocus(edit)
  expect(await opened.locator('blockquote', { hasText: 'circa' }).count()).toBe(0)
  await page.keyboard.press('Enter')
  await box.fill('A green door')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expectFocus(edit)
  await opened.locator('blockquote', { hasText: 'A green door' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('img', { name: 'A green door' }).first().waitFor()
})

it('keeps the surround that was chosen', async () => {
  const page = await openTalk()
  await lookAt(page, 0)
  const stage = page.locator('.lightbox__stage')
  const ground = () =>
    stage.evaluate((element) => element.ownerDocument.defaultView.getComputedStyle(element).backgroundColor)
  const dark = await ground()
  await page.getByRole('button', { name: 'Surround: dark, next grey' }).click()
  await page.getByRole('button', { name: 'Surround: grey, next white' }).click()
  await page.getByRole('button', { name: 'Surround: white, next dark' }).waitFor()
  expect(await ground()).toBe('rgb(255, 255, 255)')
  await page.reload()
  await drawnWidth(cards(page).first().locator('img'))
  await lookAt(page, 0)
  expect(await ground()).toBe('rgb(255, 255, 255)')
  await page.getByRole('button', { name: 'Surround: white, next dark' }).click()
  expect(await ground()).toBe(dark)
})

it('follows the direction of reading', async () => {
  const page = await openTalk()
  await page.evaluate(`document.documentElement.dir = 'rtl'`)
  const opened = await lookAt(page, 1)
  const back = opened.getByRole('button', { name: 'Previous picture' })
  const stage = await boxOf(opened.locator('.lightbox__stage'))
  expect((await boxOf(back)).x).toBeGreaterThan(stage.x + stage.width / 2)
  expect(
    await back.locator('svg').evaluate((icon) => icon.ownerDocument.defaultView.getComputedStyle(icon).scale),
  ).toBe('-1 1')
  await page.keyboard.press('ArrowLeft')
  await lightbox(page, 3).waitFor()
  await page.keyboard.press('c')
  const line = opened.page().getByRole('slider')
  await expectFocus(line)
  const middle = (await boxOf(page.locator('.compare__line'))).x
  // What is before stands on the right; an arrow key moves the line the way it points.
  for (let presses = 0; presses < 10; presses += 1) await page.keyboard.press('ArrowLeft')
  expect((await boxOf(page.locator('.compare__line'))).x).toBeLessThan(middle)
  expect(await line.inputValue()).toBe('60')
})

it('is magnified by two fingers, moved by one, and steps on by a swipe', async () => {
  const page = await openTalk({ width: 390, height: 844, touch: true })
  await cardLink(page, 0).tap()
  await lightbox(page, 1).waitFor()

  // The picture stays in sight above its details.
  const details = lightbox(page, 1).getByRole('button', { name: 'Details' })
  await details.tap()
  await page.getByRole('button', { name: 'Edit and paint again' }).waitFor()
  const above = await boxOf(page.locator('.lightbox__stage > img'))
  const words = await boxOf(page.locator('.details'))
  expect(above.height).toBeGreaterThan(100)
  expect(above.y + above.height).toBeLessThanOrEqual(words.y)
  expect(words.y).toBeLessThan(844 / 1.5)
  await details.tap()
  await page.locator('.details').waitFor({ state: 'detached' })
  const stage = await boxOf(page.locator('.lightbox__stage'))
  const middle = { x: stage.x + stage.width / 2, y: stage.y + stage.height / 2 }
  const fingers = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
    fingers.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: touchPoints.map((point, id) => ({ ...point, id })),
    })
  const at = (x: number, y = 0) => ({ x: middle.x + x, y: middle.y + y })
  const transform = () =>
    page
      .locator('.lightbox__stage > img')
      .evaluate((image: { style: { transform: string } }) => image.style.transform)

  await touch('touchStart', at(-30), at(30))
  for (const reach of [40, 60, 90]) await touch('touchMove', at(-reach), at(reach))
  await touch('touchEnd')
  await expect.poll(transform, { timeout: patience }).toContain('scale(3)')
  const before = await transform()
  await touch('touchStart', at(0))
  await touch('touchMove', at(30))
  await touch('touchMove', at(50))
  await touch('touchEnd')
  await expect.poll(transform, { timeout: patience }).not.toBe(before)
  expect(await transform()).toContain('scale(3)')
  // Moved, not stepped on: that takes a picture that fits.
  expect(await lightbox(page, 1).count()).toBe(1)

  await page.keyboard.press('0')
  await touch('touchStart', at(80))
  await touch('touchMove', at(20))
  await touch('touchMove', at(-40))
  await touch('touchEnd')
  await lightbox(page, 2).waitFor()
})

/** Where an element stands in the window. */
async function boxOf(element: Locator) {
  const box = await element.boundingBox()
  if (!box) throw new Error(`${String(element)} is not shown`)
  return box
}
