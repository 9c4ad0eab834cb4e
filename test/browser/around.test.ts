import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seriousFindings, standingOut, smallTargets } from '../support/accessibility.ts'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForAnswer, steeredStream, when } from '../support/fake-openrouter/behaviours.ts'
import { expectFocus } from '../support/keyboard.ts'
import { lastingToasts } from '../support/lasting-toasts.ts'
import { launchBrowser, openPage, patience } from '../support/page.ts'

let easel: Easel
let browser: Browser
let anna: Client
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel(), launchBrowser()])
})
beforeEach(async () => {
  anna = await easel.user()
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

/** A conversation with that title and one answered message; its id. */
async function conversation(title: string, text: string): Promise<string> {
  const id = await anna.conversation(title)
  await anna.say(id, text)
  return id
}

const rows = (page: Page) => page.locator('.sidebar .entry > a')
const titles = (page: Page) => expect.poll(() => rows(page).allTextContents(), { timeout: patience })

async function choose(page: Page, title: string, item: string) {
  await page
    .locator('.sidebar')
    .getByRole('button', { name: `More for “${title}”` })
    .click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

it('speaks the language and shows the colours of the browser, or those that were chosen', async () => {
  const page = await openPage(browser, easel, { as: anna, locale: 'de-AT' })
  const colours = () =>
    page.evaluate('document.documentElement.lang + " " + document.documentElement.dataset.theme')
  await page.getByRole('heading', { name: 'Reden, und dabei malen' }).waitFor()
  expect(await colours()).toBe('de undefined')

  await page.getByRole('button', { name: 'Einstellungen' }).click()
  await page.getByLabel('Dunkel').check()
  await page.getByLabel('Sprache').selectOption('English')
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  expect(await page.getByRole('button', { name: 'New conversation' }).count()).toBe(0)
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Talk, and paint as you go' }).waitFor()
  await page.getByRole('link', { name: 'New conversation' }).waitFor()

  // The server has the theme in the page before any script runs.
  const html = await (await page.request.get('/')).text()
  expect(html).toContain('<html data-theme="dark"')
  await page.reload()
  await page.getByRole('heading', { name: 'Talk, and paint as you go' }).waitFor()
  expect(await colours()).toBe('en dark')
})

it('pins, renames in place, archives and deletes, each with a way back', async () => {
  await conversation('Ferns', 'Tell me about ferns.')
  await conversation('Boats', 'Tell me about boats.')
  const page = await openPage(browser, easel, { as: anna, before: lastingToasts })
  await titles(page).toEqual(['Boats', 'Ferns'])

  await choose(page, 'Ferns', 'Pin')
  await titles(page).toEqual(['Ferns', 'Boats'])
  await page.getByRole('heading', { name: 'Pinned' }).waitFor()

  await choose(page, 'Boats', 'Rename')
  const field = page.getByRole('textbox', { name: 'Title' })
  await expectFocus(field)
  await field.fill('<b>Ships</b>')
  await page.keyboard.press('Enter')
  await titles(page).toEqual(['Ferns', '<b>Ships</b>'])
  await choose(page, 'Ferns', 'Rename')
  await field.fill('Nothing')
  await page.keyboard.press('Escape')
  await titles(page).toEqual(['Ferns', '<b>Ships</b>'])

  const archive = page.getByRole('button', { name: 'Archived', exact: true })
  const place = await archive.boundingBox()
  await choose(page, '<b>Ships</b>', 'Archive')
  await titles(page).toEqual(['Ferns'])
  // What leads to them stays where it is while the list grows and shrinks.
  expect(await archive.boundingBox()).toEqual(place)
  await archive.click()
  await titles(page).toEqual(['<b>Ships</b>'])
  await choose(page, '<b>Ships</b>', 'Move back to the list')
  await page.getByText('Nothing is archived.').waitFor()
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await titles(page).toEqual(['Ferns', '<b>Ships</b>'])

  await choose(page, 'Ferns', 'Delete')
  await titles(page).toEqual(['<b>Ships</b>'])
  await page.getByText('“Ferns” is deleted.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await titles(page).toEqual(['Ferns', '<b>Ships</b>'])

  await choose(page, 'Ferns', 'Delete')
  const gone = page.waitForResponse((answer) => answer.request().method() === 'DELETE')
  await page.locator('.toast', { hasText: 'Ferns' }).getByRole('button', { name: 'Dismiss' }).click()
  expect((await gone).status()).toBe(204)
  await page.reload()
  await titles(page).toEqual(['<b>Ships</b>'])
})

it('finds words in messages and pictures, and everything from the keyboard', async () => {
  const boats = await conversation('At sea', 'What is a sloop?')
  await conversation('Plates', '/image a lighthouse at dawn')
  const page = await openPage(browser, easel, { as: anna })
  await titles(page).toEqual(['Plates', 'At sea'])

  await page.getByRole('searchbox').fill('sloop')
  await page.locator('.sidebar mark', { hasText: 'sloop' }).first().waitFor()
  await titles(page).toHaveLength(1)
  await page.getByRole('searchbox').fill('lighthouse')
  await page.locator('.sidebar .contact-sheet img').waitFor()
  await page.getByRole('searchbox').fill('zzyzx')
  await page.getByText('Nothing found for “zzyzx”.').waitFor()

  await page.keyboard.press('Control+k')
  const find = page.getByRole('combobox', { name: 'Find conversations, pictures and actions' })
  await expectFocus(find)
  await page.keyboard.type('sloop')
  await page.getByRole('option', { name: /At sea/ }).waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(() => new URL(page.url()).pathname, { timeout: patience }).toBe(`/c/${boats}`)

  // It arrives at the message that was found.
  await expect
    .poll(() => page.evaluate('document.activeElement.dataset.message !== undefined'), { timeout: patience })
    .toBe(true)
  await page.keyboard.press('Shift+Escape')
  await expectFocus(page.locator('#composer'))
  await page.keyboard.press('Control+.')
  const pad = page.getByRole('textbox', { name: 'Memory pad' })
  await pad.fill('<img src=x onerror=alert(1)> the hull is green')
  await page.getByText('Saved', { exact: true }).waitFor()
  const kept = await anna.get(`/api/conversations/${boats}`)
  expect(kept.body).toMatchObject({ memory_pad: '<img src=x onerror=alert(1)> the hull is green' })

  await page.locator('.masthead').click()
  await page.getByRole('button', { name: 'Close the panel' }).focus()
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await keys.getByRole('switch').uncheck()
  await page.keyboard.press('Escape')
  await keys.waitFor({ state: 'detached' })
  await page.keyboard.press('?')
  await page.keyboard.press('Control+k')
  expect(await page.getByRole('dialog').count()).toBe(0)
})

it('follows a turn live that another tab began', async () => {
  const id = await conversation('Two tabs', 'Hello.')
  const one = await openPage(browser, easel, { as: anna, at: `/c/${id}` })
  const other = await one.context().newPage()
  await other.goto(`/c/${id}`)
  await other.locator('#chatView article').last().waitFor()
  await one.locator('#chatView article').last().waitFor()

  const answer = steeredStream()
  easel.fake?.next(when(asksForAnswer, answer.behaviour))
  await one.locator('#composer').fill('And the second?')
  await one.keyboard.press('Enter')
  await answer.send('It comes ')
  await other.getByText('It comes').waitFor()
  expect(await other.locator('#chatView article').last().getAttribute('data-state')).toBe('streaming')
  await answer.send('to both.')
  await answer.finish()
  await other.getByText('It comes to both.').waitFor()
  await one.getByText('It comes to both.').waitFor()
})

describe.each([
  { name: 'wide, light', colorScheme: 'light', width: 1280, touch: false },
  { name: 'phone, dark', colorScheme: 'dark', width: 390, touch: true },
] as const)('$name', ({ colorScheme, width, touch }) => {
  it('can be read and reached in German', async () => {
    const id = await conversation('Am Meer', '/image a lighthouse at dawn')
    const page = await openPage(browser, easel, {
      as: anna,
      at: `/c/${id}`,
      locale: 'de',
      width,
      colorScheme,
      touch,
    })
    const found: Record<string, unknown> = {}
    const look = async (name: string) => {
      const faults = [
        ...(await seriousFindings(page)),
        ...(await standingOut(page)).map((what) => `out of the window: ${what}`),
        ...(touch ? await smallTargets(page) : []),
      ]
      if (faults.length > 0) found[name] = faults
    }
    await page.getByRole('button', { name: 'Zu diesem Gespräch' }).click()
    await page.locator('#panel .contact-sheet img').waitFor()
    await look('panel')
    await page.getByRole('button', { name: 'Leiste schließen' }).click()

    await page.keyboard.press('Control+k')
    await page.getByRole('option', { name: 'Neues Gespräch' }).waitFor()
    await look('command menu')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+/')
    await page.getByRole('dialog', { name: 'Tastenkürzel' }).waitFor()
    await look('shortcuts')
    await page.keyboard.press('Escape')

    const opener = page.getByRole('button', { name: 'Gespräche', exact: true })
    if (await opener.isVisible()) await opener.click()
    await page.getByRole('searchbox').fill('lighthouse')
    await page.locator('.sidebar .contact-sheet img').waitFor()
    await look('search')
    await page.locator('#open-settings').click()
    await page.getByRole('button', { name: 'Daten' }).click()
    await look('settings')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })

    await page.locator('.sidebar').getByRole('button', { name: 'Mehr zu „Am Meer“' }).click()
    await page.getByRole('menuitem', { name: 'Löschen' }).click()
    await page.getByText('„Am Meer“ ist gelöscht.').waitFor()
    await look('toast')
    expect(found).toEqual({})
  })
})
