import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForPicture, picture, when } from '../support/fake-openrouter/behaviours.ts'
import { fillWithTalk, longTalkId } from '../support/long-talk.ts'
import { shiftsSoFar, watchShifts } from '../support/layout-shifts.ts'
import { launchBrowser, openPage, patience } from '../support/page.ts'
import { samplePng } from '../support/sample-pictures.ts'

const length = 1000
let easel: Easel
let browser: Browser
let anna: Client
let talk: string
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel(), launchBrowser()])
  anna = await easel.user()
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})
beforeEach(async () => {
  talk = await anna.conversation('A long talk')
  fillWithTalk(easel.storageDir, talk, length)
})

const said = (page: Page, number: number) =>
  page.locator('#chatView').getByText(`Message ${number}: word${number}x.`)
const jump = (page: Page) => page.getByRole('button', { name: /Jump to latest/ })

/** Every read of messages from now on, as its query. */
function readings(page: Page): string[] {
  const seen: string[] = []
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url())
    if (pathname.endsWith('/messages')) seen.push(search)
  })
  return seen
}

/** Turns the wheel, again and again as what is read makes room, until something is there. */
async function scrollUntil(page: Page, by: number, wanted: Locator): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, by)
        return wanted.count()
      },
      { timeout: patience },
    )
    .toBe(1)
}

/** Whether the message stands in the middle half of the window. */
async function standsInTheMiddle(page: Page, number: number): Promise<boolean> {
  const box = await said(page, number).boundingBox()
  const height = page.viewportSize()?.height ?? 0
  return box !== null && box.y > height / 4 && box.y < (height * 3) / 4
}

it('is there with its newest messages, and has the others above them before anybody scrolls, without a shift', async () => {
  const page = await openPage(browser, easel, { as: anna })
  await watchShifts(page)
  await page.addInitScript(`new MutationObserver((_, watching) => {
    const drawn = document.querySelectorAll('#chatView article').length
    if (drawn === 0) return
    watching.disconnect()
    window.drawnFirst = drawn
  }).observe(document, { childList: true, subtree: true })`)
  await page.goto(`/c/${talk}`)
  await said(page, length - 23).waitFor({ state: 'attached' })
  const drawnFirst = await page.evaluate<number>('window.drawnFirst')
  expect(drawnFirst).toBeGreaterThan(3)
  expect(drawnFirst).toBeLessThan(24)
  await expect
    .poll(async () => (await said(page, length).boundingBox())?.y, { timeout: patience })
    .toBeLessThan(page.viewportSize()?.height ?? 0)
  expect(await shiftsSoFar(page)).toEqual([])
})

it('leaps to a message far up with one request, reads on below it, and goes back to the end', async () => {
  const page = await openPage(browser, easel, { as: anna, at: `/c/${talk}` })
  await said(page, length).waitFor()
  const seen = readings(page)
  await page.evaluate(`location.hash = '${longTalkId(talk, 200)}'`)
  await expect.poll(() => standsInTheMiddle(page, 200), { timeout: patience }).toBe(true)
  expect(seen[0]).toBe(`?around=${longTalkId(talk, 200)}`)
  expect(seen.filter((query) => query.includes('around'))).toHaveLength(1)
  expect(await said(page, 500).count()).toBe(0)

  // It goes on below, in order and without a gap, and nobody is carried off to the end.
  await page.mouse.move(700, 300)
  for (let number = 240; number <= 300; number += 20) await scrollUntil(page, 20_000, said(page, number))
  const numbers = await page
    .locator('#chatView [data-message]')
    .evaluateAll((elements) =>
      elements.map((element) => Number(/Message (\d+)/.exec(element.textContent)?.[1])),
    )
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
  expect(await said(page, length).count()).toBe(0)

  await jump(page).click()
  await said(page, length).waitFor()
  await jump(page).waitFor({ state: 'detached' })
  expect(await said(page, 200).count()).toBe(0)
})

it('finds a message by search and shows it where it stands', async () => {
  const page = await openPage(browser, easel, { as: anna })
  await page.getByRole('searchbox').fill('word77x')
  await page.getByText('word77x').first().click()
  await expect.poll(() => standsInTheMiddle(page, 77), { timeout: patience }).toBe(true)
  await jump(page).waitFor()
})

it('shows the end again when something is sent from the middle', async () => {
  const page = await openPage(browser, easel, { as: anna, at: `/c/${talk}#${longTalkId(talk, 100)}` })
  await expect.poll(() => standsInTheMiddle(page, 100), { timeout: patience }).toBe(true)
  await page.getByRole('textbox', { name: 'Message' }).fill('And what now?')
  await page.getByRole('textbox', { name: 'Message' }).press('Enter')
  await page.getByRole('article', { name: 'You' }).getByText('And what now?').waitFor()
  await page.getByRole('button', { name: 'Answer again' }).last().waitFor()
  await said(page, length).waitFor({ state: 'attached' })
  expect(await said(page, 100).count()).toBe(0)
  await jump(page).waitFor({ state: 'detached' })
})

it('says that older messages could not be read, and reads them when asked again', async () => {
  const page = await openPage(browser, easel, {
    as: anna,
    at: `/c/${talk}`,
    allow: [/messages\?before.*ERR_FAILED/],
  })
  await said(page, length).waitFor()
  await page.route(/messages\?before/, (route) => route.abort())
  await page.mouse.move(700, 300)
  const alert = page.getByRole('alert').filter({ hasText: 'More messages could not be read.' })
  await scrollUntil(page, -40_000, alert)
  await page.unroute(/messages\?before/)
  await alert.getByRole('button', { name: 'Try again' }).click()
  await said(page, length - 60).waitFor({ state: 'attached' })
  expect(await alert.count()).toBe(0)
})

it('says when the message that an address names is not there any more', async () => {
  const page = await openPage(browser, easel, {
    as: anna,
    at: `/c/${talk}#${longTalkId(talk, length + 1)}`,
    allow: [/messages\?around=.* 404$/],
  })
  await page.getByText('This message does not exist in this conversation.').waitFor()
  await said(page, length).waitFor()
})

it('stays at its end when a press on the page makes it narrower', async () => {
  const pictures = await anna.conversation('Tall pictures')
  for (const thing of ['a vase', 'a tower', 'a tree']) {
    const bytes = await samplePng({ width: 200, height: 300 })
    easel.fake?.next(when(asksForPicture, picture({ bytes })))
    await anna.say(pictures, `/image ${thing} --raw`)
  }
  await anna.say(pictures, 'And now a few words more.')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${pictures}` })
  const toEnd = () =>
    page.evaluate<number>('document.documentElement.scrollHeight - innerHeight - Math.round(scrollY)')
  await page.locator('.generated-image-wrapper img').last().waitFor()
  await expect.poll(() => page.evaluate<number>('scrollY')).toBeGreaterThan(0)
  await expect.poll(toEnd).toBeLessThan(2)
  const about = page.getByRole('button', { name: 'About this conversation' })
  const panel = page.locator('#panel .contact-sheet img').last()
  for (const press of [() => about.click(), () => about.press(' ')]) {
    await press()
    await panel.waitFor()
    await expect.poll(toEnd).toBeLessThan(2)
    expect(await jump(page).count()).toBe(0)
    await about.press('Enter')
    await panel.waitFor({ state: 'detached' })
    await expect.poll(toEnd).toBeLessThan(2)
  }
})
