import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Easel } from '../support/easel.ts'
import { startEasel } from '../support/easel.ts'
import {
  asksForAnswer,
  asksForPicture,
  hold,
  steeredStream,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import { expectFocus, tabTo } from '../support/keyboard.ts'
import { drawnWidth, launchBrowser, openPage, patience } from '../support/page.ts'

let easel: Easel
let offline: Easel
let browser: Browser
beforeAll(async () => {
  ;[easel, offline, browser] = await Promise.all([
    startEasel(),
    startEasel({ offline: true }),
    launchBrowser(),
  ])
})
afterAll(async () => {
  await browser.close()
  await easel.close()
  await offline.close()
})

const phone = { width: 390, height: 844 }
const named = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** From the first view of a server without users to the empty conversation, with the composer ready. */
async function makeAccount(page: Page): Promise<Locator> {
  const keys = page.keyboard
  await page.getByRole('heading', { name: 'Make the first account' }).waitFor()
  await expectFocus(page.getByLabel('Name', { exact: true }))
  await keys.type('anna')
  await keys.press('Tab')
  await keys.type('correct horse battery staple')
  await keys.press('Enter')
  const composer = page.getByRole('textbox', { name: 'Message' })
  await expectFocus(composer)
  await page.locator('.empty:not([data-waiting])').waitFor()
  return composer
}

/** No element takes the keys unseen: what has the focus is in the window, and nothing lies over it. */
async function expectFocusInSight(page: Page): Promise<void> {
  const hidden = await page.evaluate<string | undefined>(`(() => {
    const focused = document.activeElement
    if (focused === document.body) return undefined
    const { left, right, top, bottom } = focused.getBoundingClientRect()
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
    const seen = over !== null && (focused.contains(over) || over.contains(focused))
    return seen ? undefined : focused.outerHTML.slice(0, 120) + ' lies behind ' + (over?.className ?? 'the edge')
  })()`)
  expect(hidden).toBeUndefined()
}

/** Presses a key some times; whatever has the focus after each can be seen. */
async function walk(page: Page, key: string, times: number): Promise<void> {
  for (let press = 0; press < times; press += 1) {
    await page.keyboard.press(key)
    await expectFocusInSight(page)
  }
}

it('takes a new user from the first account to a talk about a picture and out again, by keyboard alone on a narrow screen', async () => {
  const page = await openPage(browser, easel, phone)
  const keys = page.keyboard
  const composer = await makeAccount(page)
  const last = page.locator('#chatView article').last()
  const announced = page.locator('.desk [role=status]').last()

  // An example is put where it can be changed, and goes out with Enter.
  const example = page.getByRole('button', { name: /^Paint, then ask about it/ })
  await tabTo(page, example, { backwards: true })
  const painting = hold()
  easel.fake?.next(when(asksForPicture, painting.behaviour))
  await keys.press('Enter')
  await expectFocus(composer)
  expect(await composer.inputValue()).toBe('/image a watercolour lighthouse at dawn over a calm sea')
  await keys.press('Enter')
  await painting.reached
  const progress = last.getByRole('progressbar', { name: 'Painting the picture' })
  await last.getByText('Painting', { exact: true }).waitFor()
  expect(await progress.getAttribute('aria-valuenow')).toBe('60')
  await last.getByText(/^60 % · \d+ s/).waitFor()
  expect(await announced.textContent()).toBe('The picture is being painted.')

  // Cancelled, and painted after all: the keys stay where the next step is.
  await tabTo(page, last.getByRole('button', { name: 'Cancel' }), { backwards: true })
  await keys.press('Enter')
  const after = named(page, 'Paint it after all')
  await expectFocus(after)
  painting.release()
  await keys.press('Enter')
  const card = page.locator('#chatView .generated-image-wrapper')
  const picture = card.locator('img[src*="/api/conversation-image/"]')
  await picture.waitFor()
  await drawnWidth(picture)
  await expectFocus(composer)
  await expect.poll(() => announced.textContent(), { timeout: patience }).toBe('The picture is ready.')
  expect(await picture.getAttribute('alt')).not.toBe('')

  // Looked at closely, with its details, and back.
  const link = card.getByRole('link', { name: /lighthouse/ }).first()
  await tabTo(page, link, { backwards: true })
  await keys.press('Space')
  const lightbox = page.getByRole('dialog', { name: /^Picture 1/ })
  await expectFocus(lightbox.getByRole('button', { name: 'Close' }))
  await keys.press('i')
  await lightbox.locator('.details:not([aria-busy=true])').waitFor()
  await walk(page, 'Tab', 14)
  await keys.press('Escape')
  await expectFocus(link)
  const original = page.context().waitForEvent('page')
  await keys.press('Enter')
  const tab = await original
  await tab.waitForLoadState()
  expect(tab.url()).toContain(await link.getAttribute('href'))
  expect(await tab.evaluate('document.images[0].naturalWidth')).toBe(1024)
  await tab.close()
  const download = card.locator('a.generated-image-download-btn')
  await keys.press('Tab')
  await expectFocus(download)
  const saving = page.waitForEvent('download')
  await keys.press('Enter')
  expect((await saving).suggestedFilename()).toMatch(/^easel-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[\w-]+\.png$/)

  // Loaded again, everything is there; the composer is ready for a question.
  await page.reload()
  await drawnWidth(picture)
  expect(await card.count()).toBe(1)
  await expectFocus(composer)
  const answer = steeredStream()
  easel.fake?.next(when(asksForAnswer, answer.behaviour))
  await keys.type('What do you see in it?')
  await keys.press('Enter')
  await answer.send('A **lighthouse**')
  await last.getByText('lighthouse', { exact: true }).waitFor()
  expect(await last.getAttribute('data-state')).toBe('streaming')
  await answer.send(', and the sea.')
  await answer.finish()
  await last.getByText('A lighthouse, and the sea.').waitFor()
  await page.locator('#chatView article[data-state=complete]').nth(1).waitFor()
  await expectFocus(composer)
  const shown = easel.asked().findLast(asksForAnswer)
  expect(JSON.stringify(shown?.messages)).toContain('data:image/')

  // Another answer, and the way back to the first: the steps keep the focus.
  await tabTo(page, last.getByRole('button', { name: 'Answer again' }), { backwards: true })
  await keys.press('Enter')
  await last.getByText('2/2').waitFor()
  await expectFocus(composer)
  await tabTo(page, last.getByRole('button', { name: 'Earlier version' }), { backwards: true })
  await keys.press('Enter')
  await last.getByText('1/2').waitFor()
  await expectFocus(last.getByRole('button', { name: 'Earlier version' }))
  const edit = page.getByRole('button', { name: 'Edit and send again' }).last()
  await tabTo(page, edit, { backwards: true })
  await keys.press('Enter')
  await expectFocus(page.getByLabel('Your words, edited'))
  await keys.press('Escape')
  await expectFocus(edit)
  await tabTo(page, composer)
  await keys.type('/im')
  const option = page.getByRole('listbox', { name: 'Commands' }).getByRole('option', { selected: true })
  await option.waitFor()
  expect(await option.textContent()).toContain('/image')
  await keys.press('Tab')
  expect(await composer.inputValue()).toBe('/image ')
  await keys.press('Control+A')
  await keys.press('Delete')

  // The list of conversations lies over the page: the keys stay in it until it is closed.
  const opener = named(page, 'Conversations')
  await tabTo(page, opener)
  await keys.press('Enter')
  await expectFocus(named(page, 'Close the list'))
  await walk(page, 'Tab', 14)
  await keys.press('Escape')
  await expectFocus(opener)
  await keys.press('Enter')
  const more = page.locator('.conversations').getByRole('button', { name: /^More for/ })
  await tabTo(page, more)
  await keys.press('Enter')
  await expectFocus(page.getByRole('menuitem', { name: 'Rename' }))
  await keys.press('Enter')
  await expectFocus(page.getByRole('textbox', { name: 'Title' }))
  await keys.type('The lighthouse')
  await keys.press('Enter')
  await expectFocus(page.locator('.conversations').getByRole('button', { name: 'More for “The lighthouse”' }))

  // Pictures on the side, from the list and back to it.
  await tabTo(page, named(page, 'Make a picture…'))
  await keys.press('Enter')
  await expectFocus(page.getByLabel('What should it show?'))
  await keys.type('a fern')
  await tabTo(page, named(page, 'Generate'))
  await keys.press('Enter')
  const made = page.locator('#image-gen-modal .image-gen-picture')
  await made.waitFor()
  await expectFocus(named(page, 'Generate again'))
  await page.locator('#image-gen-modal [role=status]').getByText('The picture is ready.').waitFor()
  await tabTo(page, named(page, 'Put in conversation'), { backwards: true })
  await walk(page, 'Shift+Tab', 3)
  await keys.press('Escape')
  await expectFocus(named(page, 'Make a picture…'))
  await keys.press('Escape')
  await expectFocus(opener)

  // What is beside the conversation, as a drawer.
  const about = named(page, 'About this conversation')
  await tabTo(page, about)
  await keys.press('Enter')
  await expectFocus(named(page, 'Close the panel'))
  await page.locator('#panel .contact-sheet img').waitFor()
  await walk(page, 'Tab', 8)
  await keys.press('Escape')
  await expectFocus(about)
  await keys.press('Enter')
  await expectFocus(named(page, 'Close the panel'))
  await keys.press('Shift+Escape')
  await expectFocus(composer)
  await page.locator('#panel').waitFor({ state: 'detached' })

  // All pictures, the settings, and out.
  for (const time of ['with code that is fetched first', 'and again']) {
    await tabTo(page, opener)
    await keys.press('Enter')
    await tabTo(page, page.getByRole('link', { name: 'All pictures' }))
    await keys.press('Enter')
    await expectFocus(page.getByRole('heading', { name: 'All pictures' }))
    if (time === 'and again') break
    await page.goBack()
    await expectFocus(composer)
  }
  await tabTo(page, opener, { backwards: true })
  await keys.press('Enter')
  const settings = page.locator('#open-settings')
  await tabTo(page, settings)
  await keys.press('Enter')
  await expectFocus(page.getByRole('dialog', { name: 'Settings' }).getByRole('button', { name: 'Close' }))
  await walk(page, 'Tab', 12)
  await keys.press('Escape')
  await expectFocus(settings)
  await keys.press('Enter')
  await tabTo(page, named(page, 'Sign out'))
  await keys.press('Enter')
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
  await expectFocus(page.getByLabel('Name', { exact: true }))
})

it('explains to a new user without a key how to add one, and paints for them all the same', async () => {
  const page = await openPage(browser, offline, phone)
  const keys = page.keyboard
  const composer = await makeAccount(page)
  const notice = page.locator('.empty .banner')
  await tabTo(page, notice.getByRole('button', { name: 'Add a key' }), { backwards: true })
  await keys.press('Enter')
  await expectFocus(notice.getByText(/OPENROUTER_API_KEY/))
  await keys.press('Tab')
  await expectFocus(notice.getByRole('button', { name: 'Dismiss' }))
  await keys.press('Enter')
  await notice.waitFor({ state: 'detached' })
  await expectFocus(composer)
  await tabTo(page, page.getByRole('button', { name: /^Paint, then ask about it/ }), { backwards: true })
  await keys.press('Enter')
  await expectFocus(composer)
  await keys.press('Enter')
  const picture = page.locator('#chatView .generated-image-wrapper img')
  await picture.waitFor()
  expect(await drawnWidth(picture)).toBeGreaterThan(0)
  await expectFocus(composer)
})
