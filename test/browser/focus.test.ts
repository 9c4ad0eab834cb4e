import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { lastingToasts } from '../support/lasting-toasts.ts'
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

it('a toast can be pressed while a dialog is open, and when it is closed again', async () => {
  await anna.conversation('Ferns')
  await anna.conversation('Mosses')
  const page = await openPage(browser, easel, { as: anna, before: lastingToasts })
  const entry = (title: string) => page.locator('.conversations .entry', { hasText: title })
  const toss = async (title: string) => {
    await entry(title).hover()
    await entry(title)
      .getByRole('button', { name: `More for “${title}”` })
      .click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await entry(title).waitFor({ state: 'detached' })
  }
  await toss('Ferns')
  await toss('Mosses')
  const undo = (title: string) =>
    page.locator('.toast', { hasText: title }).getByRole('button', { name: 'Undo' })

  await page.keyboard.press('Control+k')
  const menu = page.getByRole('combobox', { name: 'Find conversations' })
  await menu.waitFor()
  await undo('Ferns').click()
  await entry('Ferns').waitFor()
  await page.keyboard.press('Escape')
  await menu.waitFor({ state: 'detached' })
  await undo('Mosses').click()
  await entry('Mosses').waitFor()
  await page.locator('.toasts').waitFor({ state: 'detached' })
})

it('whoever writes while a message is brought into view goes on writing', async () => {
  const id = await anna.conversation('Slow')
  const message = (await anna.say(id, 'Hello.')).body.id
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const page = await openPage(browser, easel, { as: anna })
  await page.route('**/assets/messages-*.js', async (route) => {
    await held
    await route.continue()
  })
  const box = page.getByRole('textbox', { name: 'Message' })
  await page.goto(`/c/${id}#${message}`)
  await page.getByRole('heading', { name: 'Slow' }).waitFor()
  await box.pressSequentially('I was')
  release()
  await page.locator(`[data-message="${message}"][tabindex="-1"]`).waitFor()
  await page.keyboard.type(' here')
  expect(await box.inputValue()).toBe('I was here')
})
