import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { allPictures } from '../screenshots/views.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import {
  asksForPicture,
  asksForRefinement,
  picture,
  text,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import { holdableFrames, withoutFrames } from '../support/held-frames.ts'
import { lastingToasts } from '../support/lasting-toasts.ts'
import { drawnWidth, launchBrowser, openPage } from '../support/page.ts'
import { samplePng } from '../support/sample-pictures.ts'

let easel: Easel
let browser: Browser
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel(), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

it('looks closer at a picture, steps to the next, and says how it was made', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('boats')
  const said = (await anna.say(id, 'The **boat** is called `Marie`.')).body
  easel.fake?.next(when(asksForRefinement, text({ chunks: ['A yellow boat at sea, in the morning.'] })))
  await anna.say(id, '/image a boat at sea --aspect 16:9')
  const second = (await anna.say(id, '/image a door --raw')).body.generated_images[0]
  const page = await openPage(browser, easel, {
    as: anna,
    at: `/c/${id}`,
    before: holdableFrames + lastingToasts,
  })
  const cards = page.locator('.generated-image-wrapper')
  const composer = page.locator('#composer')
  await allPictures(page)

  // What a quick hand replaces is kept as well.
  await withoutFrames(page, async () => {
    await composer.fill('half a thought')
    await cards.last().getByRole('button', { name: 'Use this prompt' }).press('Enter')
  })
  await expect.poll(() => composer.inputValue()).toBe('/image a door')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => composer.inputValue()).toBe('half a thought')

  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  await page.route(/api\/images\/[\w-]+$/, async (route) => {
    await held
    await route.continue()
  })
  await cards.first().getByRole('link').first().focus()
  await page.keyboard.press('Space')
  const lightbox = page.getByRole('dialog', { name: /Picture 1/ })
  await lightbox.waitFor()
  await page.keyboard.press('i')
  const details = lightbox.getByRole('complementary', { name: 'Details' })
  await details.getByText('As sent to the painter').waitFor()
  // The shape that it was painted in is not known yet.
  const exactly = details.getByRole('button', { name: 'Use my words exactly' })
  expect(await exactly.isDisabled()).toBe(true)
  release()
  expect(await details.locator('ins').allTextContents()).toContain('yellow ')

  await page.keyboard.press('+')
  await lightbox.getByRole('status', { name: 'Zoom' }).getByText('200 %').waitFor()
  await page.keyboard.press('0')
  await page.keyboard.press('ArrowRight')
  const next = page.getByRole('dialog', { name: /Picture 2/ })
  await next.getByText('Painted word for word.').waitFor()
  await next.getByRole('button', { name: 'Star' }).click()
  await expect.poll(async () => (await anna.get(`/api/images/${second?.id}`)).body.starred).toBe(true)
  await page.keyboard.press('ArrowLeft')

  await exactly.click()
  await lightbox.waitFor({ state: 'detached' })
  await expect.poll(() => composer.inputValue()).toBe('/image a boat at sea --aspect 16:9 --raw')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => composer.inputValue()).toBe('half a thought')

  await cards.first().hover()
  await cards.first().getByRole('button', { name: 'Details' }).click()
  await details.getByRole('link', { name: '“The boat is called Marie.”', exact: true }).click()
  await expect.poll(() => page.evaluate('document.activeElement?.dataset.message')).toBe(said.parent_id)
})

it('opens the original with a click, and looks closer at a tap', async () => {
  const anna = await easel.user()
  const id = await anna.conversation()
  await anna.say(id, '/image a fox --raw')
  const page = await openPage(browser, easel, {
    as: anna,
    at: `/c/${id}`,
    width: 390,
    height: 844,
    touch: true,
  })
  const picture = page.locator('.generated-image-wrapper a').first()
  await drawnWidth(picture.locator('img'))
  await picture.tap()
  await page.getByRole('dialog', { name: /Picture 1/ }).waitFor()
  await page.getByRole('button', { name: 'Close', exact: true }).tap()
  const opened = page.context().waitForEvent('page')
  await page.getByRole('link', { name: 'Open the original in a new tab' }).tap()
  expect(new URL((await opened).url()).pathname).toContain('/api/conversation-image/')
})

it('shows all pictures, finds some, saves and deletes several, and shows one in its conversation', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('zoo')
  for (const animal of ['zebra', 'otter', 'heron']) await anna.say(id, `/image a ${animal} --raw`)
  const page = await openPage(browser, easel, { as: anna, before: lastingToasts })
  await page.getByRole('link', { name: 'All pictures' }).click()
  const plates = page.locator('.wall li')
  await expect.poll(() => plates.count()).toBe(3)

  await page.getByRole('searchbox', { name: /words and pictures/ }).fill('otter')
  await expect.poll(() => plates.count()).toBe(1)
  await page.getByRole('button', { name: 'Starred' }).click()
  await page.getByText('No picture fits.').waitFor()
  await page.getByRole('button', { name: 'Show all pictures' }).click()
  await expect.poll(() => plates.count()).toBe(3)

  for (const place of [0, 1]) await plates.nth(place).getByRole('checkbox').check()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: /^ZIP/ }).click()
  expect((await saving).suggestedFilename()).toMatch(/^easel-.*-pictures\.zip$/)

  await page.getByRole('button', { name: 'Delete 2 pictures' }).click()
  await expect.poll(() => plates.count()).toBe(1)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => plates.count()).toBe(3)
  await plates.nth(0).getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Delete 1 picture' }).click()
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect.poll(async () => (await anna.get('/api/images')).body.items.length).toBe(2)

  await plates.nth(1).getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Show in conversation' }).click()
  await page.waitForURL(`**/c/${id}#*`)
  await expect.poll(() => page.evaluate('document.activeElement?.dataset.state')).toBe('complete')
})

it('keeps a picture that was made on the side, and puts it into the conversation', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('farm')
  await anna.say(id, 'There is a barn.')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}` })
  await page.getByRole('button', { name: /Make a picture/ }).click()
  const dialog = page.locator('#image-gen-modal')
  await dialog.getByText('2', { exact: true }).click()
  // Two pictures, not twice the same: that one is shown once.
  for (const seed of [1, 2])
    easel.fake?.next(when(asksForPicture, picture({ bytes: await samplePng({ seed }) })))
  await dialog.getByLabel('What should it show?').fill('a red barn')
  await dialog.getByRole('button', { name: 'Generate' }).click()
  await expect.poll(() => dialog.locator('img[src^="blob:"]').count()).toBe(2)
  await dialog.getByRole('button', { name: 'Keep in gallery' }).first().click()
  await dialog.getByRole('button', { name: 'Kept in gallery' }).waitFor()
  await dialog.getByRole('button', { name: 'Put in conversation' }).last().click()
  await dialog.waitFor({ state: 'detached' })
  await drawnWidth(page.locator('#chatView .generated-image-wrapper img'))
  const pictures = (await anna.get('/api/images')).body.items
  expect(pictures.map((image: { conversation_id: string | null }) => image.conversation_id)).toEqual(
    expect.arrayContaining([id, null]),
  )
})
