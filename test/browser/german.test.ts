import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { launchBrowser, openPage } from '../support/page.ts'

let easel: Easel
let browser: Browser
let anna: Client
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel(), launchBrowser()])
  anna = await easel.user()
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

it('speaks German in its own words and in the server’s', async () => {
  const page = await openPage(browser, easel, { as: anna, locale: 'de-DE', allow: [/ 400$/] })
  const box = page.getByRole('textbox', { name: 'Nachricht' })
  const answer = page.locator('article').last()

  await box.fill('/tit')
  await page.getByRole('option', { name: /Das Gespräch benennen/ }).waitFor()
  await box.fill('/help title')
  await box.press('Enter')
  await answer.getByText('Das Gespräch benennen, oder benennen lassen.').waitFor()
  // What the page refuses by itself, and what the server refuses.
  await box.fill('/image ein Fuchs --n 9')
  await box.press('Enter')
  await page.getByText('--n hat „9“ bekommen; möglich ist eine ganze Zahl von 1 bis 4.').waitFor()
  await box.fill('/model claude haiku vier')
  await box.press('Enter')
  await page.getByText(/Ein Modell claude haiku vier gibt es nicht\. (Meinst du|Möglich sind)/).waitFor()
  expect(await box.inputValue()).toBe('/model claude haiku vier')
})

it('is spoken to in another language as soon as that is chosen', async () => {
  const page = await openPage(browser, easel, { as: anna })
  await page.getByRole('textbox', { name: 'Message' }).fill('/sum')
  await page.getByRole('option', { name: /Write down what was said/ }).waitFor()
  await page.getByRole('textbox', { name: 'Message' }).fill('')
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByLabel('Language').selectOption('de')
  await page.keyboard.press('Escape')
  const box = page.getByRole('textbox', { name: 'Nachricht' })
  await box.fill('/sum')
  await page.getByRole('option', { name: /Das Gesagte zusammenfassen/ }).waitFor()
  await box.fill('/summary')
  await box.press('Enter')
  await page.getByText('Noch gibt es nichts zusammenzufassen.').waitFor()
})
