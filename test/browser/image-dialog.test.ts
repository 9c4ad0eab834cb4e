import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import {
  asksForPicture,
  asksForRefinement,
  errorStatus,
  noPicture,
  stall,
  text,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import { expectFocus } from '../support/keyboard.ts'
import { drawnWidth, launchBrowser, openPage, patience } from '../support/page.ts'
import { samplePng } from '../support/sample-pictures.ts'

let easel: Easel
/** One that waits for its provider no longer than two seconds, and for which the time stands still. */
let hasty: Easel
let browser: Browser
beforeAll(async () => {
  const began = Date.now()
  ;[easel, hasty, browser] = await Promise.all([
    startEasel(),
    startEasel({ env: { PROVIDER_TIMEOUT_SECONDS: '2' }, now: () => began }),
    launchBrowser(),
  ])
})
afterAll(async () => {
  await browser.close()
  await Promise.all([easel.close(), hasty.close()])
})

/** Opens the dialog the way that people's scripts know. */
async function openDialog(page: Page) {
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.locator('#settings-generate-image-button').click()
  const dialog = page.locator('#image-gen-modal')
  await dialog.waitFor()
  return dialog
}

/** The settings are in the drawer there. */
async function openDialogOnPhone(page: Page) {
  await page.getByRole('button', { name: 'Conversations', exact: true }).click()
  return openDialog(page)
}

async function ask(page: Page, prompt: string) {
  await page.getByLabel('What should it show?').fill(prompt)
  await page.getByRole('button', { name: /^Generate/ }).click()
}

it('has the focus where its prompt is written, and gives it back', async () => {
  const page = await openPage(browser, easel, { as: await easel.user() })
  const opener = page.getByRole('button', { name: 'Make a picture…' })
  await opener.focus()
  await page.keyboard.press('Enter')
  await expectFocus(page.getByLabel('What should it show?'))
  await page.keyboard.press('Escape')
  await expectFocus(opener)
})

it('paints on the side: refined prompt, picture, Download, Clear, and nothing kept', async () => {
  const anna = await easel.user()
  // A blob's tab has the page's policy, which takes no inline style: the browser shows the picture without its frame.
  const page = await openPage(browser, easel, { as: anna })
  const dialog = await openDialog(page)

  for (const name of ['Summary', 'Recent messages', 'Memory pad', 'Deep context', 'How many messages']) {
    expect(await dialog.getByLabel(name, { exact: true }).isDisabled(), name).toBe(true)
  }
  await dialog.getByText('Open a conversation first').waitFor()
  expect(await dialog.getByRole('switch', { name: /Better context/ }).isChecked()).toBe(true)
  expect(await dialog.getByRole('button', { name: 'Clear' }).count()).toBe(0)

  easel.fake?.next(when(asksForRefinement, text({ chunks: ['A red door', ' in a white wall, at noon.'] })))
  await ask(page, 'a red door')
  const picture = dialog.locator('img[src^="blob:"]')
  expect(await drawnWidth(picture)).toBe(1024)
  const refined = dialog.getByRole('note', { name: 'Refined prompt' })
  expect(await refined.textContent()).toContain('A red door in a white wall, at noon.')

  const opened = page.context().waitForEvent('page')
  await picture.click()
  const tab = await opened
  await tab.waitForLoadState()
  expect(tab.url()).toMatch(/\/api\/images\/[\w-]+\/file$/)
  expect(await tab.evaluate('document.images[0].naturalWidth')).toBe(1024)
  await tab.close()

  const saving = page.waitForEvent('download')
  await dialog.getByRole('link', { name: 'Download' }).click()
  expect((await saving).suggestedFilename()).toMatch(/^easel-\d{4}(-\d\d){5}-a-red-door\.png$/)

  await dialog.getByRole('button', { name: 'Clear' }).click()
  await picture.waitFor({ state: 'detached' })
  expect(await dialog.getByRole('link', { name: 'Download' }).count()).toBe(0)
  expect((await anna.get('/api/conversations')).body.items).toEqual([])
})

it('is grounded in the open conversation as far as it is told to', async () => {
  const anna = await easel.user()
  const id = await anna.conversation()
  await anna.say(id, 'Our boat is called Marie and has a yellow hull.')
  await anna.say(id, '/memory everything in gouache')
  const before = (await anna.get(`/api/conversations/${id}/messages`)).body.items
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}` })
  await page.getByText('yellow hull').first().waitFor()
  const dialog = await openDialog(page)

  expect(await dialog.getByLabel('How many messages').inputValue()).toBe('10')
  expect(await dialog.getByRole('switch', { name: /Better context/ }).isChecked()).toBe(true)
  for (const name of ['Summary', 'Recent messages', 'Deep context']) {
    expect(await dialog.getByLabel(name, { exact: true }).isChecked(), name).toBe(false)
  }
  await dialog.getByLabel('Recent messages').check()
  await dialog.getByLabel('Memory pad').check()
  await dialog.getByLabel('Model', { exact: true }).selectOption('google/gemini-2.5-flash-image')
  await dialog.getByLabel('Shape').selectOption('16:9')
  // A number that is none is said where it stands, and the keys go there.
  const history = dialog.getByLabel('How many messages')
  await history.fill('')
  await ask(page, 'our boat at sea')
  await dialog.locator('#image-gen-context').getByText('a whole number from 0 to 100').waitFor()
  await expectFocus(history)
  await history.fill('10')
  const sent = page.waitForRequest('**/api/generate-image')
  await ask(page, 'our boat at sea')
  expect((await sent).postDataJSON()).toEqual({
    prompt: 'our boat at sea',
    model: 'google/gemini-2.5-flash-image',
    aspect_ratio: '16:9',
    conversation_id: id,
    include_summary: false,
    include_messages: true,
    include_memory_pad: true,
    history_count: 10,
    deep_context: false,
    better_context: true,
  })
  expect(await drawnWidth(dialog.locator('img[src^="blob:"]'))).toBe(1344)
  const refining = JSON.stringify(easel.asked().findLast(asksForRefinement)?.messages)
  expect(refining).toContain('yellow hull')
  expect(refining).toContain('everything in gouache')

  expect((await anna.get(`/api/conversations/${id}/messages`)).body.items).toEqual(before)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await page.locator('#chatView img').count()).toBe(0)
})

describe('says in words', () => {
  let anna: Client
  beforeAll(async () => {
    anna = await easel.user()
  })

  it('that the prompt is missing, and asks nobody', async () => {
    const page = await openPage(browser, easel, { as: anna })
    const dialog = await openDialog(page)
    const before = easel.asked().length
    await dialog.getByRole('button', { name: /^Generate/ }).click()
    await dialog.getByRole('alert').filter({ hasText: 'Say what the picture should show.' }).waitFor()
    await expectFocus(page.getByLabel('What should it show?'))
    expect(easel.asked().length).toBe(before)
  })

  it('that a picture to start from did not arrive, that the limit is reached, that nobody answers', async () => {
    const page = await openPage(browser, easel, {
      as: anna,
      width: 390,
      allow: [/uploads 500$/, /generate-image (402|net::ERR_CONNECTION_RESET)$/],
    })
    const dialog = await openDialogOnPhone(page)
    const refuse = (status: number, json: object) => ({ status, json: { status: 'error', ...json } })
    await page.route('**/api/uploads', (route) =>
      route.fulfill(refuse(500, { code: 'internal_error', message: 'The disk sleeps.' })),
    )
    const image = { name: 'pier.png', mimeType: 'image/png', buffer: await samplePng() }
    await dialog.locator('input[type=file]').setInputFiles(image)
    await dialog.locator('.inputs__item[data-failed]').waitFor()
    await ask(page, 'a pier')
    await dialog.locator('#image-gen-fault-inputs').getByText('pier.png: The disk sleeps.').waitFor()
    await dialog.getByRole('button', { name: 'Remove pier.png' }).click()
    await expectFocus(dialog.getByRole('button', { name: 'Bring a picture' }))

    const spent = { code: 'quota_exceeded', message: 'The pictures of today are used up.', retryable: false }
    await page.route('**/api/generate-image', (route) => route.fulfill(refuse(402, spent)))
    await ask(page, 'a pier')
    const alert = dialog.locator('.picture-dialog__result').getByRole('alert')
    await alert.getByText('The pictures of today are used up.').waitFor()
    // It is in sight on the smallest screen, and nothing is offered that cannot help.
    const toFoot = async () => {
      const [said, foot] = await Promise.all([
        alert.boundingBox(),
        dialog.locator('.sheet__foot').boundingBox(),
      ])
      return said && foot ? foot.y - said.y - said.height : undefined
    }
    await expect.poll(toFoot, { timeout: patience }).toBeGreaterThanOrEqual(0)
    expect(await alert.getByRole('button').count()).toBe(0)

    await page.unroute('**/api/generate-image')
    await page.route('**/api/generate-image', (route) => route.abort('connectionreset'))
    await ask(page, 'a pier')
    await alert.getByText('The server cannot be reached.').waitFor()
    await page.unroute('**/api/generate-image')
    await alert.getByRole('button', { name: 'Try again' }).click()
    const picture = dialog.locator('img[src^="blob:"]')
    await drawnWidth(picture)
    await dialog.getByRole('button', { name: 'Clear' }).click()
    await picture.waitFor({ state: 'detached' })
    await expectFocus(page.getByLabel('What should it show?'))
  })

  it('that no picture came', async () => {
    const page = await openPage(browser, easel, { as: anna })
    const dialog = await openDialog(page)
    easel.fake?.next(when(asksForPicture, noPicture({ nativeReason: 'STOP' })))
    await ask(page, 'something')
    await dialog.getByText('Model did not return any images. Try a different prompt or model.').waitFor()
    expect(await dialog.getByRole('link', { name: 'Download' }).count()).toBe(0)
  })

  it('what the service answered, and tries again at a click', async () => {
    const page = await openPage(browser, easel, { as: anna, allow: [/generate-image 502$/] })
    const dialog = await openDialog(page)
    easel.fake?.next(when(asksForPicture, errorStatus(503)))
    await ask(page, 'a grey heron')
    const alert = dialog.getByRole('alert')
    await alert.filter({ hasText: /unavailable/i }).waitFor()
    expect(await page.getByLabel('What should it show?').inputValue()).toBe('a grey heron')
    await alert.getByRole('button', { name: 'Try again' }).click()
    await drawnWidth(dialog.locator('img[src^="blob:"]'))
    expect(await alert.count()).toBe(0)
  })

  it('that it took too long', async () => {
    const page = await openPage(browser, hasty, { as: await hasty.user(), allow: [/generate-image 504$/] })
    const dialog = await openDialog(page)
    hasty.fake?.next(when(asksForPicture, stall()))
    await ask(page, 'a very slow snail')
    await dialog
      .getByRole('alert')
      .filter({ hasText: /timeout/i })
      .waitFor()
  })

  it('when more is possible', async () => {
    const busy = await hasty.user()
    for (let times = 0; times < 10; times += 1) {
      await busy.post('/api/generate-image', { prompt: `number ${times}`, better_context: false })
    }
    const page = await openPage(browser, hasty, { as: busy, allow: [/generate-image 429$/] })
    const dialog = await openDialog(page)
    await ask(page, 'one more')
    await dialog
      .getByRole('alert')
      .filter({ hasText: /\d+ seconds?/ })
      .waitFor()
  })
})
