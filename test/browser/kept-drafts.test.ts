import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForAnswer, steeredStream, when } from '../support/fake-openrouter/behaviours.ts'
import { holdableFrames, withoutFrames } from '../support/held-frames.ts'
import { drawnWidth, launchBrowser, openPage, patience } from '../support/page.ts'
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

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const attached = (page: Page) => page.getByRole('list', { name: 'Attached pictures' }).getByRole('img')
const queue = (page: Page) => page.getByRole('list', { name: 'Waiting for the answer to end' })
const kept = (page: Page) =>
  page.evaluate<string[]>(
    `[...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => /\\.(draft|pictures|sight)\\./.test(key))`,
  )

async function attach(page: Page) {
  const buffer = await samplePng({ width: 320, height: 200 })
  await page.locator('input[type=file]').setInputFiles({ name: 'harbour.png', mimeType: 'image/png', buffer })
  await page.locator('.inputs__item[aria-busy=false]').waitFor()
}

it('keeps words and pictures over a reload, and sends them', async () => {
  const page = await openPage(browser, easel, { as: await easel.user() })
  await attach(page)
  await composer(page).fill('What is this?')
  await page.reload()
  await drawnWidth(attached(page))
  expect(await composer(page).inputValue()).toBe('What is this?')
  await composer(page).press('Enter')
  await page
    .locator('#chatView')
    .getByText(/^I see 1 picture/)
    .waitFor()
  await expect.poll(() => kept(page), { timeout: patience }).toEqual([])
})

it('keeps what waits, with its picture, over a reload, and sends it once', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('Waiting')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}` })
  const first = steeredStream()
  easel.fake?.next(when(asksForAnswer, first.behaviour))
  await composer(page).fill('Tell me all')
  await composer(page).press('Enter')
  await first.send('It was a dark night. ')
  await page.locator('#chatView').getByText('It was a dark night.').waitFor()
  await attach(page)
  await composer(page).fill('And this?')
  await composer(page).press('Enter')
  await queue(page).getByText('And this?').waitFor()
  await composer(page).fill('not yet')
  await page.reload()
  await queue(page).getByText('And this?').waitFor()
  expect(await composer(page).inputValue()).toBe('not yet')
  expect(await attached(page).count()).toBe(0)
  await page.locator('#chatView').getByText('It was a dark night.').waitFor()
  await first.finish()
  await page
    .locator('#chatView')
    .getByText(/I see 1 picture/)
    .waitFor()
  expect(await queue(page).count()).toBe(0)
  expect(await page.locator('#chatView .message--user').count()).toBe(2)
  expect(await composer(page).inputValue()).toBe('not yet')
  expect(await kept(page)).toEqual([expect.stringMatching(/^easel\.draft\./)])
})

it('keeps what the model is to see, until it is as usual again or the conversation goes', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('Seen')
  await anna.say(id, '/image a lighthouse')
  await anna.say(id, '/image a harbour')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}`, before: holdableFrames })
  const sees = page.getByRole('group', { name: 'Model sees' })
  const tick = sees.getByRole('checkbox', { name: /picture 1/i })
  const pin = sees.getByRole('button', { name: /in view|in sight|Keep/ }).last()
  await tick.waitFor()
  // Loaded again at once: what waits for a frame would be lost.
  await withoutFrames(page, async () => {
    await tick.press('Space')
    await pin.press('Space')
    await page.reload()
  })
  await tick.waitFor()
  expect(await tick.isChecked()).toBe(false)
  expect(await sees.getByRole('button', { pressed: true }).count()).toBe(1)
  await tick.check()
  await sees.getByRole('button', { pressed: true }).click()
  await expect.poll(() => kept(page)).toEqual([])
})
