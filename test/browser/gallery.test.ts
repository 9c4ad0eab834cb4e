import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForPicture, picture, when } from '../support/fake-openrouter/behaviours.ts'
import { expectFocus, tabTo } from '../support/keyboard.ts'
import { lastingToasts } from '../support/lasting-toasts.ts'
import { launchBrowser, openPage, type PageOptions, patience } from '../support/page.ts'
import { samplePng } from '../support/sample-pictures.ts'

/** Width and height of the pictures, again and again. */
const shapes = [
  [128, 128],
  [150, 100],
  [60, 130],
  [160, 90],
  [210, 60],
  [96, 120],
] as const
const count = 42

let easel: Easel
let browser: Browser
let anna: Client
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel(), launchBrowser()])
  anna = await easel.user()
  let talk = ''
  let newest = ''
  for (let seed = 0; seed < count; seed += 1) {
    if (seed % 14 === 0) talk = await anna.conversation(`Talk ${seed / 14 + 1}`)
    const [width, height] = shapes[seed % shapes.length] ?? shapes[0]
    const bytes = await samplePng({ width, height, seed })
    easel.fake?.next(when(asksForPicture, picture({ bytes })))
    newest = (await anna.say(talk, `/image thing${seed} --raw`)).body.generated_images[0]?.id ?? ''
  }
  await anna.patch(`/api/images/${newest}`, { starred: true })
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

async function openGallery(options: PageOptions = {}): Promise<Page> {
  const page = await openPage(browser, easel, { as: anna, at: '/gallery', ...options })
  await expect.poll(() => plates(page).count(), { timeout: patience }).toBe(count)
  return page
}
const plates = (page: Page) => page.locator('.wall li')
const links = (page: Page) => page.locator('.wall a')

/** The pictures' places, row by row. */
async function rows(page: Page): Promise<{ left: number; right: number; height: number }[][]> {
  const boxes: { x: number; y: number; width: number; height: number }[] = await page.evaluate(
    `[...document.querySelectorAll('.wall li')].map((plate) => plate.getBoundingClientRect().toJSON())`,
  )
  const found = new Map<number, { left: number; right: number; height: number }[]>()
  for (const { x, y, width, height } of boxes) {
    const row = found.get(Math.round(y)) ?? []
    found.set(Math.round(y), [...row, { left: x, right: x + width, height }])
  }
  return [...found.values()]
}

it.each([
  { name: 'wide', width: 1280, heights: [130, 260] },
  { name: 'phone', width: 390, heights: [85, 250] },
])('hangs pictures of every shape in rows of equal height: $name', async ({ width, heights }) => {
  const page = await openGallery({ width, height: 800, touch: width < 500 })
  const [least = 0, most = 0] = heights
  const hung = await rows(page)
  const wall = await page.locator('.wall').first().boundingBox()
  for (const row of hung) {
    const first = row[0]?.height ?? 0
    for (const { height } of row) expect(Math.abs(height - first)).toBeLessThan(0.5)
    expect(first).toBeGreaterThan(least)
    expect(first).toBeLessThan(most)
  }
  // Every row but the last one reaches from one edge to the other.
  for (const row of hung.slice(0, -1)) {
    expect(Math.abs((row[0]?.left ?? 0) - (wall?.x ?? 0))).toBeLessThan(1)
    expect(Math.abs((row.at(-1)?.right ?? 0) - (wall?.x ?? 0) - (wall?.width ?? 0))).toBeLessThan(1)
  }
})

it('is walked over, ticked, looked at and emptied by keyboard alone', async () => {
  const bob = await easel.user()
  const talk = await bob.conversation('Bob')
  for (const thing of ['an ant', 'a bee', 'a cat', 'a dog']) await bob.say(talk, `/image ${thing} --raw`)
  const page = await openPage(browser, easel, { as: bob, at: '/gallery', before: lastingToasts })
  await expect.poll(() => plates(page).count(), { timeout: patience }).toBe(4)

  await page.getByRole('button', { name: 'Starred' }).focus()
  await tabTo(page, links(page).nth(0))
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expectFocus(links(page).nth(2))
  await page.keyboard.press('Home')
  await expectFocus(links(page).nth(0))

  // Space looks closer, and what was done there is seen here.
  await page.keyboard.press('Space')
  const lightbox = page.getByRole('dialog')
  await lightbox.waitFor()
  await page.keyboard.press('ArrowRight')
  await tabTo(page, lightbox.getByRole('button', { name: 'Star' }))
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await lightbox.waitFor({ state: 'detached' })
  await expectFocus(links(page).nth(1))
  await plates(page).nth(1).getByText('Starred').waitFor({ state: 'attached' })

  // One step on is the box of the same picture; arrow keys walk from box to box.
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Space')
  await page.getByText('2 selected').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByText('2 selected').count(), { timeout: patience }).toBe(0)
  await expectFocus(links(page).nth(2))

  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await tabTo(page, page.getByRole('button', { name: 'Show in conversation' }))
  await tabTo(page, page.getByRole('button', { name: 'Delete 1 picture' }))
  await page.keyboard.press('Enter')
  await expect.poll(() => plates(page).count(), { timeout: patience }).toBe(3)
  // The next picture took its place.
  await expectFocus(links(page).nth(2))
  await tabTo(page, page.getByRole('button', { name: 'Undo' }))
  await page.keyboard.press('Enter')
  await expect.poll(() => plates(page).count(), { timeout: patience }).toBe(4)

  await page.getByRole('searchbox', { name: /words and pictures/ }).focus()
  await page.keyboard.type('bee')
  await expect.poll(() => plates(page).count(), { timeout: patience }).toBe(1)
})

it('narrows down by model, source, star and time', async () => {
  const [newest] = (await anna.get('/api/images?limit=1')).body.items
  const page = await openGallery()
  const nothing = page.getByText('No picture fits.')
  const all = page.getByRole('button', { name: 'Show all pictures' })

  await page.getByRole('button', { name: 'Starred' }).click()
  await expect.poll(() => plates(page).count(), { timeout: patience }).toBe(1)
  await page.getByRole('combobox', { name: 'Any source' }).selectOption('upload')
  await nothing.waitFor()
  await all.click()
  await expect.poll(() => plates(page).count(), { timeout: patience }).toBe(count)
  await page.getByRole('combobox', { name: 'Any source' }).selectOption('command')
  await page.getByRole('combobox', { name: 'Any time' }).selectOption('week')
  await page.getByRole('combobox', { name: 'Any model' }).selectOption(newest.model)
  await expect.poll(() => plates(page).count(), { timeout: patience }).toBe(count)
  const other = await page
    .getByRole('combobox', { name: 'Any model' })
    .locator('option')
    .evaluateAll((options: { value: string }[]) => options.map(({ value }) => value))
  await page
    .getByRole('combobox', { name: 'Any model' })
    .selectOption(other.find((id) => id !== '' && id !== newest.model) ?? '')
  await nothing.waitFor()
})

it('keeps what it is narrowed down to over a reload, and on the way back', async () => {
  const page = await openGallery()
  const shown = (number: number) =>
    expect.poll(() => plates(page).count(), { timeout: patience }).toBe(number)
  const words = page.getByRole('searchbox', { name: /words and pictures/ })
  await page.getByRole('combobox', { name: 'Any time' }).selectOption('week')
  // The last letter comes while the words before it are asked for.
  await page.evaluate(`{
    const push = history.pushState.bind(history)
    history.pushState = (...given) => {
      push(...given)
      const box = document.querySelector('.gallery input[type=search]')
      if (box.value !== 'thing') return
      box.value = 'thing7'
      box.dispatchEvent(new Event('input', { bubbles: true }))
    }
  }`)
  await words.fill('thing')
  await shown(1)
  await expect.poll(() => new URL(page.url()).search).toBe('?q=thing7&time=week')
  await page.reload()
  await shown(1)
  expect(await words.inputValue()).toBe('thing7')

  // To a conversation and back, then a step at a time: the words as a whole, and what was chosen before them.
  await plates(page).getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Show in conversation' }).click()
  await page.locator('#chatView article').first().waitFor()
  await page.goBack()
  await shown(1)
  await page.goBack()
  await shown(count)
  expect(await words.inputValue()).toBe('')
  expect(await page.getByRole('combobox', { name: 'Any time' }).inputValue()).toBe('week')
  await page.goForward()
  await shown(1)
  await page.getByRole('link', { name: 'All pictures' }).click()
  await shown(count)
})

it('says at once that the pictures could not be read, and reads them again', async () => {
  const page = await openGallery({ allow: [/500/] })
  await page.route('**/api/images?*', (route) =>
    route.fulfill({
      status: 500,
      json: { status: 'error', code: 'internal_error', message: 'It broke.', request_id: 'r1' },
    }),
  )
  await page.getByRole('searchbox', { name: /words and pictures/ }).fill('thing7')
  const failure = page.getByText('The pictures could not be read.')
  await failure.waitFor()
  // What was shown for other words is no answer to these; the failure stands where the answer would.
  expect(await plates(page).count()).toBe(0)
  expect(await failure.evaluate((words) => words.getBoundingClientRect().top)).toBeLessThan(400)
  await page.unroute('**/api/images?*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => plates(page).count(), { timeout: patience }).toBe(1)
})

it('shows where the pictures will hang while they are read', async () => {
  const page = await openPage(browser, easel, { as: anna })
  let answer: (() => void) | undefined
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route('**/api/images?*', async (route) => {
    await held
    await route.continue()
  })
  await page.getByRole('link', { name: 'All pictures' }).click()
  await page.getByText('Reading the pictures').waitFor({ state: 'attached' })
  answer?.()
  await expect.poll(() => plates(page).count(), { timeout: patience }).toBe(count)
  expect(await page.getByText('Reading the pictures').count()).toBe(0)
})

it('follows the direction of reading', async () => {
  const page = await openGallery()
  await page.evaluate(`document.documentElement.dir = 'rtl'`)
  await links(page).nth(0).focus()
  await page.keyboard.press('ArrowLeft')
  await expectFocus(links(page).nth(1))
  const [first, second] = await Promise.all([
    plates(page).nth(0).boundingBox(),
    plates(page).nth(1).boundingBox(),
  ])
  expect(first?.x).toBeGreaterThan(second?.x ?? 0)
  // The tick and the star stand in different corners.
  const starred = plates(page).filter({ hasText: 'Starred' }).first()
  const [tick, star] = await Promise.all([
    starred.locator('.wall__tick').boundingBox(),
    starred.locator('.star').boundingBox(),
  ])
  expect((star?.x ?? 0) + (star?.width ?? 0)).toBeLessThanOrEqual(tick?.x ?? 0)
})
