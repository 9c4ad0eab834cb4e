import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Usage } from '../../server/contract/usage.ts'
import { standingOut } from '../support/accessibility.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { launchBrowser, openPage, patience } from '../support/page.ts'

let easel: Easel
let browser: Browser
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel(), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

const limited: Usage = {
  tier: 'free',
  limits: {
    per_hour: 10,
    per_day: 50,
    per_month: 200,
    cooldown_seconds: 30,
    concurrent: 1,
    usd_per_month: 5,
  },
  used: { per_hour: 7, per_day: 20, per_month: 150, concurrent: 0, usd_per_month: 1.2 },
  remaining: { per_hour: 3, per_day: 30, per_month: 50, concurrent: 1, usd_per_month: 3.8 },
  next_allowed_at: null,
  spend_usd: 1.2,
  notice: '3 of 10 hourly generations remaining',
}
const unlimited: Usage['remaining'] = {
  per_hour: null,
  per_day: null,
  per_month: null,
  concurrent: null,
  usd_per_month: null,
}

it('says what this month has cost as soon as something was painted, and nothing moves', async () => {
  const page = await openPage(browser, easel, { as: await easel.user(), width: 390, height: 844 })
  const line = page.locator('.allowance')
  const top = () =>
    page.getByRole('textbox', { name: 'Message' }).evaluate((box) => box.getBoundingClientRect().top)
  await line.waitFor({ state: 'attached' })
  expect(await line.innerText()).toBe('')
  const before = await top()
  await page.getByRole('textbox', { name: 'Message' }).fill('/image a lighthouse')
  await page.getByRole('textbox', { name: 'Message' }).press('Enter')
  await expect
    .poll(() => line.innerText(), { timeout: patience })
    .toMatch(/^(under )?\$\d+\.\d\d this month$/)
  expect(await top()).toBe(before)
})

it.each<[string, Partial<Usage>, string, string]>([
  [
    'what is left of the nearest limit and of the money',
    {},
    '3 of 10 pictures left this hour · $1.20 of $5.00 this month',
    'noch 3 von 10 Bildern in dieser Stunde · 1,20 $ von 5,00 $ in diesem Monat',
  ],
  [
    'when the next one can be painted',
    {
      remaining: { ...limited.remaining, per_hour: 0 },
      next_allowed_at: '2099-11-20T14:05:00.000Z',
    },
    '0 of 10 pictures left this hour · the next one at 14:05 · $1.20 of $5.00 this month',
    'noch 0 von 10 Bildern in dieser Stunde · das nächste um 14:05 · 1,20 $ von 5,00 $ in diesem Monat',
  ],
  [
    'what the server says where it limits in a way of its own',
    {
      limits: { ...limited.limits, per_hour: null, per_day: null, per_month: null, usd_per_month: null },
      remaining: unlimited,
      notice: 'Ask again on Monday.',
    },
    'Ask again on Monday. · $1.20 this month',
    'Ask again on Monday. · 1,20 $ in diesem Monat',
  ],
])('says %s', async (_what, part, english, german) => {
  for (const [locale, said] of [
    ['en-GB', english],
    ['de-DE', german],
  ] as const) {
    const page = await openPage(browser, easel, { as: await easel.user(), locale, width: 390, height: 844 })
    await page.route('**/api/usage', (route) => route.fulfill({ json: { ...limited, ...part } }))
    await page.reload()
    const line = page.locator('.allowance')
    await expect.poll(() => line.innerText(), { timeout: patience }).toBe(said)
    expect(await standingOut(page)).toEqual([])
    // The keys are told beside it where there is room.
    await page.setViewportSize({ width: 1280, height: 800 })
    await expect.poll(async () => (await line.boundingBox())?.height, { timeout: patience }).toBeLessThan(20)
  }
})

it('shows no figure that it does not know, and says so', async () => {
  const page = await openPage(browser, easel, { as: await easel.user(), allow: [/api\/usage 500$/] })
  await page.route('**/api/usage', (route) =>
    route.fulfill({
      status: 500,
      json: { status: 'error', code: 'internal_error', message: 'x', request_id: 'r' },
    }),
  )
  await page.reload()
  await page.getByRole('heading', { name: 'Talk, and paint as you go' }).waitFor()
  const line = page.locator('.allowance')
  await line.getByText('What was spent could not be read.').waitFor()
  expect(await line.innerText()).not.toMatch(/\d/)
  // It is no higher than the words beside it.
  expect((await line.boundingBox())?.height).toBeLessThan(20)
})
