import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEasel, type Easel } from '../support/easel.ts'
import { launchBrowser, openPage } from '../support/page.ts'

let easel: Easel
let browser: Browser
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel({ offline: true }), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

const failed = { status: 500, json: { status: 'error', code: 'internal_error', message: 'The disk sleeps.' } }

it('says that commands and models could not be read, sends a command all the same, and reads them when asked', async () => {
  const page = await openPage(browser, easel, {
    as: await easel.user(),
    allow: [/api\/(commands|models) 500$/],
  })
  await page.route(/\/api\/(commands|models)$/, (route) => route.fulfill(failed))
  await page.reload()
  const alert = page.locator('.dock').getByRole('alert')
  await alert.getByText('Commands and models could not be read').waitFor()
  await alert.getByText('The disk sleeps.').waitFor()
  const box = page.getByRole('textbox', { name: 'Message' })
  await box.fill('/memory quiet colours')
  await box.press('Enter')
  await page.getByText('Noted: quiet colours').waitFor()

  await page.unroute(/\/api\/(commands|models)$/)
  await alert.getByRole('button', { name: 'Try again' }).click()
  await alert.waitFor({ state: 'detached' })
  await box.fill('/mem')
  await page.getByRole('option', { name: /Pin a note/ }).waitFor()
  await page.getByRole('button', { name: /Offline writer/ }).waitFor()
})

it('keeps the conversations in sight when older ones cannot be read', async () => {
  const anna = await easel.user()
  for (let number = 1; number <= 52; number += 1) await anna.conversation(`Talk ${number}`)
  const page = await openPage(browser, easel, { as: anna, allow: [/conversations\?.*cursor.* 500$/] })
  const list = page.locator('.conversations')
  await list.getByText('Talk 52', { exact: true }).waitFor()
  await page.route(/conversations\?.*cursor/, (route) => route.fulfill(failed))
  await list.getByRole('button', { name: 'Show older' }).click()
  await list.getByRole('alert').getByText('The disk sleeps.').waitFor()
  expect(await list.getByText('Talk 52', { exact: true }).count()).toBe(1)
  await page.unroute(/conversations\?.*cursor/)
  await list.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
  await list.getByText('Talk 1', { exact: true }).waitFor()
  expect(await list.getByRole('alert').count()).toBe(0)
})
