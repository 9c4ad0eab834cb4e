import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEasel, type Easel } from '../support/easel.ts'
import { drawnWidth, launchBrowser, openPage } from '../support/page.ts'

let easel: Easel
let browser: Browser
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel({ offline: true }), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

it('says that it is offline, paints all the same, and does not say it again once told not to', async () => {
  const anna = await easel.user()
  const page = await openPage(browser, easel, { as: anna })
  const notice = page.getByRole('note').filter({ hasText: 'Offline painter and writer' })
  await notice.waitFor()
  await notice.getByRole('button', { name: 'Add a key' }).click()
  await page.getByText('Put OPENROUTER_API_KEY=…').waitFor()

  await page.getByRole('textbox', { name: 'Message' }).fill('/image sailing boats on a calm sea at noon')
  await page.keyboard.press('Enter')
  const picture = page.locator('#chatView .generated-image-wrapper img')
  await drawnWidth(picture)
  const bytes = await anna.bytes((await picture.getAttribute('src')) ?? '')
  const { channels, entropy } = await sharp(bytes.bytes).stats()
  expect(entropy).toBeGreaterThan(4)
  const [red, , blue] = channels.map((channel) => channel.mean)
  expect(blue).toBeGreaterThan(red ?? 255)
  expect(await page.getByRole('button', { name: /^Model that answers/ }).textContent()).toMatch(/offline/i)

  await page.getByRole('link', { name: 'New conversation' }).first().click()
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await page.reload()
  await page.getByRole('heading', { name: 'Talk, and paint as you go' }).waitFor()
  await page
    .getByRole('link', { name: 'sailing boats' })
    .or(page.locator('.conversations a'))
    .first()
    .waitFor()
  expect(await page.getByText('Offline painter and writer').count()).toBe(0)
})
