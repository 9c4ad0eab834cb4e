import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { standingOut } from '../support/accessibility.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForAnswer, steeredStream, when } from '../support/fake-openrouter/behaviours.ts'
import { expectFocus } from '../support/keyboard.ts'
import { drawnWidth, launchBrowser, openPage, patience } from '../support/page.ts'

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
const hostile = '<img src=x onerror="window.harmed=true"><script>window.harmed=true</script>'

/** Nothing of what was written became an element of its own. */
async function expectWords(page: Page) {
  const found = await page.evaluate(
    `[window.harmed, document.querySelectorAll('#page script, [onerror], img[src=x]').length]`,
  )
  expect(found).toEqual([undefined, 0])
}

it('takes a conversation out and brings it back, with its pictures', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('Lamps')
  await anna.say(id, '/image a lamp')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}`, allow: [/import 400$/] })
  await page.getByRole('button', { name: 'Settings', exact: true }).click()
  const dialog = page.locator('#settings-dialog')
  const saving = page.waitForEvent('download')
  await dialog.getByRole('link', { name: 'Export, to import again' }).click()
  const file = await (await saving).path()
  await anna.delete(`/api/conversations/${id}`)
  await dialog.locator('input[type=file]').setInputFiles(file)
  await dialog.getByText('“Lamps” is here.').waitFor()
  await dialog.getByRole('button', { name: 'Open it' }).click()
  await drawnWidth(page.locator('#chatView .generated-image-wrapper img'))
  expect(page.url()).not.toContain(id)

  await page.getByRole('button', { name: 'Settings', exact: true }).click()
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'letters.zip',
    mimeType: 'application/zip',
    buffer: Buffer.from('no archive'),
  })
  await dialog.getByRole('alert').waitFor()
})

it('marks the title of the page when an answer came unseen', async () => {
  const page = await openPage(browser, easel, { as: await easel.user() })
  const answer = steeredStream()
  easel.fake?.next(when(asksForAnswer, answer.behaviour))
  await composer(page).fill('Good evening')
  await composer(page).press('Enter')
  await answer.send('Good ')
  await page.getByText('Good', { exact: true }).waitFor()
  const look = (state: string) =>
    page.evaluate(`Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${state}' })
      document.dispatchEvent(new Event('visibilitychange'))`)
  await look('hidden')
  await answer.finish()
  await expect.poll(() => page.title(), { timeout: patience }).toMatch(/^● /)
  await look('visible')
  await expect.poll(() => page.title(), { timeout: patience }).not.toContain('●')
})

it('leads to sign-in when another tab signs out, and back to the words that were written', async () => {
  const anna = await easel.user('lena')
  const id = await anna.conversation('At sea')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}`, allow: [/ 401$/] })
  await page.getByRole('heading', { name: 'At sea' }).waitFor()
  await composer(page).fill('half a thought')
  const other = await page.context().newPage()
  await other.goto('/')
  await other.getByRole('button', { name: 'Settings', exact: true }).click()
  await other.getByRole('button', { name: 'Sign out', exact: true }).click()
  await other.getByLabel('Password', { exact: true }).waitFor()

  await page.getByLabel('Name', { exact: true }).fill('lena')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'At sea' }).waitFor()
  expect(page.url()).toBe(`${easel.url}/c/${id}`)
  expect(await composer(page).inputValue()).toBe('half a thought')
})

it('says what is wrong with a name or a title of 5,000 characters', async () => {
  const long = 'W'.repeat(5000)
  const nobody = await openPage(browser, easel, { at: '/register', allow: [/register 400$/] })
  await nobody.getByLabel('Name', { exact: true }).fill('wilma')
  await nobody.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  const shown = nobody.locator('#display_name')
  await shown.fill(long)
  await nobody.locator('button[type=submit]').click()
  await nobody.locator('#display_name-problem').waitFor()
  expect(await standingOut(nobody)).toEqual([])
  await shown.fill(hostile)
  await nobody.locator('button[type=submit]').click()
  await nobody.locator('.sidebar').getByText('<img src=x').waitFor()
  await expectWords(nobody)

  const anna = await easel.user()
  const id = await anna.conversation('W'.repeat(200))
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}` })
  await page.getByRole('heading', { name: 'W'.repeat(200), exact: true }).waitFor()
  expect(await standingOut(page)).toEqual([])
  await page
    .locator('.masthead')
    .getByRole('button', { name: /^More for/ })
    .click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  // The field takes no more than a title may have.
  await page.getByRole('textbox', { name: 'Title' }).fill('X'.repeat(5000))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'X'.repeat(200), exact: true }).waitFor()
  expect((await anna.get(`/api/conversations/${id}`)).body.title).toBe('X'.repeat(200))
  expect(await standingOut(page)).toEqual([])
})

it('takes scripts in any field for words', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('Words')
  await anna.say(id, 'Good evening')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}` })
  await page.locator('#chatView .message--user').hover()
  await page.getByRole('button', { name: 'Edit and send again' }).click()
  await page.getByRole('textbox', { name: 'Your words, edited' }).fill(hostile)
  await page.keyboard.press('Enter')
  await page.locator('#chatView .message--model').getByText('<img src=x').waitFor()
  await page
    .locator('.masthead')
    .getByRole('button', { name: /^More for/ })
    .click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.getByRole('textbox', { name: 'Title' }).fill(hostile)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: hostile }).waitFor()
  await page.getByRole('searchbox').fill(hostile)
  await page.keyboard.press('Control+k')
  await expectFocus(page.getByRole('combobox', { name: 'Find conversations' }))
  await page.keyboard.type(hostile)
  await page.getByRole('dialog').getByText('<img').first().waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+.')
  await page.getByRole('textbox', { name: 'Memory pad' }).fill(hostile)
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: hostile }).waitFor()
  await expectWords(page)
})

it('refuses pictures that are too large or none, in words, and sends what is left', async () => {
  const page = await openPage(browser, easel, { as: await easel.user(), allow: [/uploads 4\d\d$/] })
  const sixtyMegapixels = await sharp({
    create: { width: 10_000, height: 6000, channels: 3, background: '#345' },
  })
    .png({ compressionLevel: 1 })
    .toBuffer()
  const alert = page.locator('.dock').getByRole('alert')
  await page.locator('input[type=file]').setInputFiles({
    name: 'drawing.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="window.harmed=true"/>'),
  })
  await alert.filter({ hasText: 'drawing.svg is not a PNG, JPEG or WebP picture.' }).waitFor()
  await page.locator('input[type=file]').setInputFiles({
    name: 'wall.png',
    mimeType: 'image/png',
    buffer: sixtyMegapixels,
  })
  await alert.filter({ hasText: /wall\.png: .*(pixel|large)/i }).waitFor()
  await page.getByRole('button', { name: 'Remove wall.png' }).click()
  await composer(page).fill('Hello')
  await composer(page).press('Enter')
  await page.locator('#chatView').getByText('You said “Hello”').waitFor()
  await expectWords(page)
})
