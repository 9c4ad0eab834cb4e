import type { Browser, Page } from 'playwright-core'
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
  await page.getByRole('option', { name: /Keep a note/ }).waitFor()
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

/** What may keep an answer away, and what the page says of it. */
const troubles = {
  broken: { answer: failed, words: 'The disk sleeps.' },
  hurried: {
    answer: {
      status: 429,
      headers: { 'retry-after': '7' },
      json: { status: 'error', code: 'rate_limited', message: 'Too many requests.', retry_after: 7 },
    },
    words: 'Too many requests.',
  },
  cut: { answer: undefined, words: 'The server cannot be reached.' },
}

/** Keeps the answers to some requests away until `mend`; `words` is how the page tells it. */
async function keepAway(page: Page, address: RegExp, trouble: keyof typeof troubles) {
  const { answer, words } = troubles[trouble]
  await page.route(address, (route) => (answer ? route.fulfill(answer) : route.abort('connectionreset')))
  return { words, mend: () => page.unroute(address) }
}

it('is nowhere silently empty because a read failed, and reads again when asked', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('The old pier')
  await anna.say(id, '/image a pier in fog --raw')
  await anna.conversation('Ferns')
  const page = await openPage(browser, easel, {
    as: anna,
    allow: [/\/api\/\S+ (500|429|net::ERR_CONNECTION_RESET)$/],
  })
  // Money is only spoken of where something costs some.
  await page.route(/api\/models$/, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), offline: false } })
  })

  // What was spent.
  const usage = await keepAway(page, /api\/usage/, 'broken')
  await page.goto(`/c/${id}`)
  const spent = page.locator('.allowance')
  await spent.getByText('What was spent could not be read.').waitFor()
  await usage.mend()
  await spent.getByRole('button', { name: 'Try again' }).click()
  await spent.getByRole('button').waitFor({ state: 'detached' })

  // Search: what was found for other words is no answer.
  const list = page.locator('.conversations')
  await list.getByText('Ferns').waitFor()
  const search = await keepAway(page, /api\/(conversations|images)\?.*q=/, 'cut')
  await page.getByRole('searchbox').fill('pier')
  const alerts = list.getByRole('alert')
  await alerts.getByText(`The conversations could not be read. ${search.words}`).waitFor()
  await alerts.getByText(`The pictures could not be searched. ${search.words}`).waitFor()
  expect(await list.getByText('Ferns').count()).toBe(0)
  await search.mend()
  await alerts.first().getByRole('button', { name: 'Try again' }).click()
  await list.locator('mark').first().waitFor()
  await list.locator('.contact-sheet img').waitFor()
  expect(await alerts.count()).toBe(0)
  await page.getByRole('searchbox').fill('')
  await list.getByText('Ferns').waitFor()

  // The command menu.
  await page.keyboard.press('Control+k')
  const menu = page.getByRole('dialog', { name: 'Find conversations' })
  await menu.getByRole('combobox').fill('fern')
  await menu.getByRole('option', { name: /Ferns/ }).waitFor()
  const finding = await keepAway(page, /api\/images\?.*q=/, 'hurried')
  await menu.getByRole('combobox').fill('pier')
  const told = menu.getByRole('alert').getByText(`The search failed. ${finding.words}`)
  await told.waitFor()
  expect(await menu.getByRole('option', { name: /Ferns/ }).count()).toBe(0)
  await finding.mend()
  await menu.getByRole('button', { name: 'Try again' }).click()
  await menu.getByRole('option', { name: /The old pier/ }).waitFor()
  await page.keyboard.press('Escape')

  // Beside the conversation: its pictures, what is written on the pad, what is preferred.
  const sheet = await keepAway(page, /api\/images\?.*conversation_id=/, 'cut')
  await page.getByRole('button', { name: 'About this conversation' }).click()
  const panel = page.locator('#panel')
  await panel.getByText(`The pictures could not be read. ${sheet.words}`).waitFor()
  await sheet.mend()
  await panel.getByRole('button', { name: 'Try again' }).click()
  await panel.locator('.contact-sheet img').waitFor()
  const keeping = await keepAway(page, new RegExp(`api/conversations/${id}$`), 'broken')
  const pad = panel.getByRole('textbox', { name: 'Memory pad' })
  await pad.fill('Fog on every picture.')
  await pad.blur()
  await panel.getByText(`The memory pad could not be saved. ${keeping.words}`).waitFor()
  const shape = panel.getByLabel('Shape of pictures here')
  await shape.selectOption('16:9')
  await page.locator('.toast').getByText(keeping.words).waitFor()
  await expect.poll(() => shape.inputValue()).toBe('')
  await keeping.mend()
  await panel.getByRole('button', { name: 'Try again' }).click()
  await panel.getByText('Saved', { exact: true }).waitFor()
  expect((await anna.get(`/api/conversations/${id}`)).body.memory_pad).toBe('Fog on every picture.')

  // The gallery, at first and under a filter.
  const wall = await keepAway(page, /api\/images\?/, 'hurried')
  await page.goto('/gallery')
  const gallery = page.locator('.gallery')
  await gallery.getByText(`The pictures could not be read. ${wall.words}`).waitFor()
  await wall.mend()
  await gallery.getByRole('button', { name: 'Try again' }).click()
  await gallery.locator('.wall img').waitFor()
  const starred = await keepAway(page, /api\/images\?.*starred/, 'cut')
  await gallery.getByRole('button', { name: 'Starred' }).click()
  await gallery.getByText(`The pictures could not be read. ${starred.words}`).waitFor()
  await starred.mend()
  await gallery.getByRole('button', { name: 'Try again' }).click()
  await gallery.getByText('No picture').waitFor()

  // Lists that everything else chooses from.
  await page.unroute(/api\/models$/)
  const offers = await keepAway(page, /api\/(models|conversations\?)/, 'broken')
  await page.reload()
  await page.getByRole('button', { name: 'Settings' }).click()
  const settings = page.locator('#settings-dialog')
  const lostModels = `The models could not be read. ${offers.words}`
  const lostList = `The conversations could not be read. ${offers.words}`
  await settings.getByText(lostModels).waitFor()
  await settings.getByText(lostList).waitFor()
  expect(await settings.getByText('No conversations').count()).toBe(0)
  await settings.locator('#settings-generate-image-button').click()
  const studio = page.locator('#image-gen-modal')
  await studio.getByText(lostModels).waitFor()
  const chosen = await keepAway(page, /api\/images\?/, 'hurried')
  await studio.getByRole('button', { name: 'Choose from the gallery' }).click()
  await studio.getByText(`The pictures could not be read. ${chosen.words}`).waitFor()
  await chosen.mend()
  await studio.locator('#image-gen-inputs').getByRole('button', { name: 'Try again' }).click()
  await studio.locator('.inputs__choice img').waitFor()
  await offers.mend()
  await studio.getByRole('button', { name: 'Try again' }).click()
  await studio.locator('#image-gen-model').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await menu.getByText(lostList).waitFor()
  await menu.getByRole('button', { name: 'Try again' }).click()
  await menu.getByRole('option', { name: /Ferns/ }).waitFor()
})
