import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForAnswer, asksForPicture } from '../support/fake-openrouter/behaviours.ts'
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

it('attaches chosen and pasted pictures, and the model sees them', async () => {
  const page = await openPage(browser, easel, { as: await easel.user() })
  const attached = page.getByRole('list', { name: 'Attached pictures' }).getByRole('listitem')
  await page.locator('input[type=file]').setInputFiles([
    { name: 'harbour.png', mimeType: 'image/png', buffer: await samplePng({ width: 320, height: 200 }) },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') },
  ])
  await page.getByRole('alert').filter({ hasText: 'notes.txt is not a PNG, JPEG or WebP picture.' }).waitFor()
  await composer(page).focus()
  await page.evaluate(pasteOf('image/png', 'pasted.png'))
  await attached.nth(1).waitFor()
  await page.locator('.inputs__item[aria-busy=false]').nth(1).waitFor()

  await composer(page).fill('What are these?')
  await composer(page).press('Enter')
  await page
    .locator('#chatView')
    .getByText(/I see 2 pictures/)
    .waitFor()
  expect(await attached.count()).toBe(0)
  const shown = page.locator('.message__attachments img')
  expect(await shown.count()).toBe(2)
  await drawnWidth(shown.first())
  const sent = easel.asked().findLast(asksForAnswer)
  expect(JSON.stringify(sent?.messages).match(/data:image\//g)).toHaveLength(2)

  await page.reload()
  await drawnWidth(shown.last())
})

it('refuses a file that only calls itself a picture, and sends without it', async () => {
  const page = await openPage(browser, easel, { as: await easel.user(), allow: [/uploads 415$/] })
  await page.locator('input[type=file]').setInputFiles({
    name: 'fake.png',
    mimeType: 'image/png',
    buffer: Buffer.from('<svg onload="alert(1)">'),
  })
  await page.getByRole('alert').filter({ hasText: 'fake.png' }).waitFor()
  await composer(page).fill('Hello')
  await composer(page).press('Enter')
  expect(await page.locator('#chatView article').count()).toBe(0)
  await page.getByRole('button', { name: 'Remove fake.png' }).click()
  await composer(page).press('Enter')
  await page.locator('#chatView').getByText('You said “Hello”').waitFor()
})

/** What turns have asked for; in the background titles and descriptions may be asked for at any time. */
const turnCalls = () =>
  easel.asked().filter((request) => asksForAnswer(request) || asksForPicture(request)).length

it.each([
  ['/imge a fox', 'image'],
  ['/image', 'Say what to paint'],
  ['/image a fox --aspect 7:5', '16:9'],
  ['/image a fox --n 9', '4'],
])('says what is wrong with %s, keeps it, and asks nobody', async (typed, named) => {
  const page = await openPage(browser, easel, { as: await easel.user(), allow: [/send_message.* 400$/] })
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor()
  const before = turnCalls()
  await composer(page).fill(typed)
  await composer(page).press('Escape')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  const alert = page.locator('.dock').getByRole('alert')
  await alert.waitFor()
  expect(await alert.textContent()).toContain(named)
  expect(await composer(page).inputValue()).toBe(typed)
  expect(turnCalls()).toBe(before)
  await page.getByRole('button', { name: 'Dismiss' }).click()
  expect(await alert.count()).toBe(0)
})

it('completes commands, options and values, and leaves Enter and Escape their meaning', async () => {
  const page = await openPage(browser, easel, { as: await easel.user() })
  const options = page.locator('.palette').getByRole('option')
  await composer(page).focus()
  await page.keyboard.type('/')
  await expect.poll(() => options.count(), { timeout: patience }).toBeGreaterThanOrEqual(7)
  await page.keyboard.press('Escape')
  expect(await options.count()).toBe(0)
  await page.keyboard.type('dr')
  await options.filter({ hasText: '/draw' }).waitFor()
  await page.keyboard.press('Enter')
  expect(await composer(page).inputValue()).toBe('/draw ')
  await page.keyboard.type('a fox --as')
  await page.keyboard.press('Tab')
  await page.keyboard.type('16')
  await options.filter({ hasText: '16:9' }).waitFor()
  await page.keyboard.press('Tab')
  expect(await composer(page).inputValue()).toBe('/draw a fox --aspect 16:9 ')
  await page.keyboard.press('Shift+Enter')
  expect(await composer(page).inputValue()).toMatch(/\n$/)
  await page.keyboard.press('Enter')
  expect(await drawnWidth(page.locator('#chatView .generated-image-wrapper img'))).toBeGreaterThan(0)
  expect(await page.locator('#chatView img').getAttribute('width')).toBe('1344')
})

it('keeps what was being written, for each conversation its own', async () => {
  const anna = await easel.user()
  const one = await anna.conversation('One')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${one}` })
  await page.getByRole('heading', { name: 'One' }).waitFor()
  await composer(page).fill('half a thought')
  await page.reload()
  await page.getByRole('heading', { name: 'One' }).waitFor()
  expect(await composer(page).inputValue()).toBe('half a thought')
  await page.getByRole('link', { name: 'New conversation' }).click()
  await page.getByRole('heading', { name: 'Talk, and paint as you go' }).waitFor()
  expect(await composer(page).inputValue()).toBe('')
  await page.getByRole('link', { name: 'One' }).click()
  await page.getByRole('heading', { name: 'One' }).waitFor()
  expect(await composer(page).inputValue()).toBe('half a thought')
  await composer(page).press('Enter')
  await page.locator('#chatView').getByText('You said “half a thought”').waitFor()
  await page.reload()
  await page.locator('#chatView').getByText('You said “half a thought”').waitFor()
  expect(await composer(page).inputValue()).toBe('')
})

it('shows nobody what is not theirs', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('Secret')
  await anna.say(id, 'the treasure lies under the oak')
  const painted = await anna.say(id, '/image a treasure map')
  const url = painted.body.generated_images[0]?.url ?? ''
  const page = await openPage(browser, easel, {
    as: await easel.user(),
    at: `/c/${id}`,
    allow: [
      new RegExp(`/api/conversations/${id}(/messages\\?limit=\\d+)? 404$`),
      /conversation-image.* 404$/,
    ],
  })
  await page.getByText('This conversation does not exist, or it is not yours.').waitFor()
  expect(await page.content()).not.toMatch(/treasure|Secret/)
  expect(await composer(page).count()).toBe(0)
  expect((await page.goto(url))?.status()).toBe(404)
})

/** Pastes a picture that the page itself draws; a script of the test has no other way to the clipboard. */
function pasteOf(type: string, name: string): string {
  return `new Promise((resolve) => {
    const canvas = document.createElement('canvas')
    canvas.getContext('2d').fillRect(0, 0, 40, 40)
    canvas.toBlob((blob) => {
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File([blob], '${name}', { type: '${type}' }))
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
      resolve()
    }, '${type}')
  })`
}
