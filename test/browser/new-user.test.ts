import type { Browser } from 'playwright-core'
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
import { drawnWidth, launchBrowser, openPage } from '../support/page.ts'

let easel: Easel
let browser: Browser
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel(), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

it('takes a new user from the first account to a talk about a picture, by keyboard alone', async () => {
  const page = await openPage(browser, easel)
  const keys = page.keyboard
  await page.getByRole('heading', { name: 'Make the first account' }).waitFor()

  await tabTo(page, page.getByLabel('Name', { exact: true }))
  await keys.type('anna')
  await keys.press('Tab')
  await keys.type('correct horse battery staple')
  await keys.press('Enter')

  // The composer has the focus as soon as the page is there.
  const composer = page.getByRole('textbox', { name: 'Message' })
  await expectFocus(composer)
  const answer = steeredStream()
  easel.fake?.next(when(asksForAnswer, answer.behaviour))
  await keys.type('Tell me about the lighthouse at Skagen.')
  await keys.press('Enter')
  const last = page.locator('#chatView article').last()
  await answer.send('It is **grey**')
  await last.getByText('grey', { exact: true }).waitFor()
  expect(await last.getAttribute('data-state')).toBe('streaming')
  await answer.send(', and 46 metres high.')
  await last.getByText('It is grey, and 46 metres high.').waitFor()
  await answer.finish()
  await page.locator('#chatView article[data-state=complete]').waitFor()
  await expectFocus(composer)

  await keys.type('/im')
  const option = page.getByRole('listbox', { name: 'Commands' }).getByRole('option', { selected: true })
  await option.waitFor()
  expect(await option.textContent()).toContain('/image')
  await keys.press('Tab')
  expect(await composer.inputValue()).toBe('/image ')

  const painting = hold()
  easel.fake?.next(when(asksForPicture, painting.behaviour))
  await keys.type('a watercolour painting of a mountain at sunrise')
  await keys.press('Enter')
  await painting.reached
  const progress = last.getByRole('progressbar', { name: 'Painting the picture' })
  await last.getByText('Painting', { exact: true }).waitFor()
  expect(await progress.getAttribute('aria-valuenow')).toBe('60')
  await last.getByText(/^60 % · \d+ s/).waitFor()
  painting.release()

  const card = page.locator('#chatView .generated-image-wrapper')
  const picture = card.locator('img[src*="/api/conversation-image/"]')
  await picture.waitFor()
  await drawnWidth(picture)
  expect(await page.locator('.desk [role=status]').last().textContent()).toBe('The picture is ready.')
  expect(await picture.getAttribute('alt')).not.toBe('')

  await page.reload()
  await picture.waitFor()
  await drawnWidth(picture)
  await page.getByText('It is grey, and 46 metres high.').waitFor()
  expect(await card.count()).toBe(1)

  await expectFocus(composer)
  await keys.type('what do you see in it?')
  await keys.press('Enter')
  await last.getByText(/I see 1 picture/).waitFor()
  const shown = easel.asked().findLast(asksForAnswer)
  expect(JSON.stringify(shown?.messages)).toContain('data:image/')

  const link = card.getByRole('link', { name: /mountain/ })
  await tabTo(page, link, { backwards: true })
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
})
