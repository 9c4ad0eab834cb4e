import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEasel, type Easel } from '../support/easel.ts'
import {
  asksForAnswer,
  asksForPicture,
  errorStatus,
  hold,
  midStreamError,
  steeredStream,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import { chatBody } from '../support/fake-openrouter/index.ts'
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

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const lastMessage = (page: Page) => page.locator('#chatView article').last()

async function send(page: Page, words: string) {
  await composer(page).fill(words)
  await composer(page).press('Enter')
}

/** An answer whose every step the test makes; the next chat turn gets it. */
function nextAnswer() {
  const answer = steeredStream()
  easel.fake?.next(when(asksForAnswer, answer.behaviour))
  return answer
}

/** What a browser notices while its server is away. */
const serverAway = [/net::ERR_/, / 503$/]

it('shows a failure in words where the answer would be, and answers at Try again', async () => {
  const page = await openPage(browser, easel, { as: await easel.user() })
  easel.fake?.next(when(asksForAnswer, midStreamError({ chunks: ['The keeper of the light'] })))
  await send(page, 'Who lives in the lighthouse?')
  const alert = lastMessage(page).getByRole('alert')
  await alert.waitFor()
  expect(await alert.textContent()).toMatch(/unavailable|failed|broke/i)
  await lastMessage(page).getByText('The keeper of the light').waitFor()
  await page.getByText('Who lives in the lighthouse?').first().waitFor()

  await alert.getByRole('button', { name: 'Try again' }).click()
  await lastMessage(page).getByText('You said “Who lives in the lighthouse?”').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
})

it('says why a picture was not painted, and paints it at Try again', async () => {
  const page = await openPage(browser, easel, { as: await easel.user() })
  easel.fake?.next(when(asksForPicture, errorStatus(503)))
  await send(page, '/image a heron in the reeds')
  const frame = page.locator('#chatView .picture[data-state=failed]')
  await frame.getByText('Not painted').waitFor()
  await frame
    .getByRole('alert')
    .filter({ hasText: /unavailable/i })
    .waitFor()
  await frame.getByRole('button', { name: 'Try again' }).click()
  await drawnWidth(page.locator('#chatView .generated-image-wrapper img'))
  expect(await frame.count()).toBe(0)
})

it('stops at Stop: what came is kept, and the service is hung up on', async () => {
  const page = await openPage(browser, easel, { as: await easel.user() })
  const answer = nextAnswer()
  await send(page, 'Tell me a long story.')
  await answer.send('Once upon a time')
  await lastMessage(page).getByText('Once upon a time').waitFor()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await lastMessage(page).getByText('You stopped this answer. What had come is kept.').waitFor()
  // Not the call for a title, which may be made meanwhile.
  const call = easel.fake?.requests.findLast(
    (request) => request.path.endsWith('/chat/completions') && asksForAnswer(chatBody(request)),
  )
  await call?.finished
  expect(call?.aborted).toBe(true)
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor()

  await page.reload()
  await lastMessage(page).getByText('Once upon a time').waitFor()
})

it('gives words back that were not taken, with the reason', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('Busy')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}`, allow: [/send_message.* 409$/] })
  await page.getByRole('heading', { name: 'Busy' }).waitFor()
  const answer = nextAnswer()
  const elsewhere = anna.say(id, 'sent from another device')
  await answer.opened
  await send(page, 'me too')
  await page
    .getByRole('alert')
    .filter({ hasText: /answer/ })
    .waitFor()
  expect(await composer(page).inputValue()).toBe('me too')
  await answer.finish()
  await elsewhere
})

it('finds a turn again after the tab was closed: going on, or finished', async () => {
  const anna = await easel.user()
  const first = await openPage(browser, easel, { as: anna })
  const answer = nextAnswer()
  await send(first, 'How tall is it?')
  await answer.send('It is ')
  await lastMessage(first).getByText('It is').waitFor()
  const address = first.url()
  expect(address).toMatch(/\/c\/[\w-]+$/)
  const context = first.context()
  await first.close()

  const second = await context.newPage()
  await second.goto(address)
  await lastMessage(second).getByText('It is').waitFor()
  await second.getByRole('button', { name: 'Stop', exact: true }).waitFor()
  // The same turn in two tabs.
  const third = await context.newPage()
  await third.goto(address)
  await lastMessage(third).getByText('It is').waitFor()
  await answer.send('46 metres tall.')
  for (const tab of [second, third]) await lastMessage(tab).getByText('It is 46 metres tall.').waitFor()
  await answer.finish()
  for (const tab of [second, third]) await tab.getByRole('button', { name: 'Send', exact: true }).waitFor()

  const painting = hold()
  easel.fake?.next(when(asksForPicture, painting.behaviour))
  await send(second, '/image the lighthouse')
  await painting.reached
  await second.close()
  await third.close()
  painting.release()
  const fourth = await context.newPage()
  await fourth.goto(address)
  await drawnWidth(fourth.locator('#chatView .generated-image-wrapper img'))
})

it('reconnects by itself when the server was started anew', async () => {
  const anna = await easel.user()
  const [finished, cut] = [nextAnswer(), nextAnswer()]
  const one = await openPage(browser, easel, { as: anna, allow: serverAway })
  await send(one, 'What is a Fresnel lens?')
  await finished.send('A lens ')
  await lastMessage(one).getByText('A lens').waitFor()
  const two = await openPage(browser, easel, { as: anna, allow: serverAway })
  await send(two, 'And a siren?')
  await cut.send('A horn ')
  await lastMessage(two).getByText('A horn').waitFor()

  const gone = one.getByText('The connection is gone.')
  const restart = easel.restart(() => gone.waitFor())
  // The server waits for turns that end in time; the other one it gives up.
  await finished.send('of rings.')
  await finished.finish()
  await restart

  await lastMessage(one).getByText('A lens of rings.').waitFor()
  await lastMessage(two)
    .getByText(/The server was stopped while it answered/)
    .waitFor()
  await lastMessage(two).getByText('A horn').waitFor()
  for (const page of [one, two]) {
    await page.getByText('The connection is gone.').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Send', exact: true }).waitFor()
  }
  await lastMessage(two).getByRole('button', { name: 'Try again' }).click()
  await lastMessage(two).getByText('You said “And a siren?”').waitFor()
})

it('sends once what was written without a network, as soon as there is one', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('By the sea')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}`, allow: serverAway })
  await page.getByRole('heading', { name: 'By the sea' }).waitFor()
  await page.context().setOffline(true)
  await send(page, 'Is anybody there?')
  await page.getByText('The connection is gone.').waitFor()
  await page.context().setOffline(false)
  await lastMessage(page).getByText('You said “Is anybody there?”').waitFor()
  await page.getByText('The connection is gone.').waitFor({ state: 'detached' })
  const { items } = (await anna.get(`/api/conversations/${id}/messages`)).body
  expect(items).toHaveLength(2)
})

it('comes back to the same place with the same words after the session has ended', async () => {
  const anna = await easel.user('clara')
  const id = await anna.conversation('Long ago')
  await anna.say(id, 'The first message')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}`, allow: [/ 401$/] })
  await page.getByText('The first message').first().waitFor()
  await anna.post('/api/auth/logout', {})
  await send(page, 'words that took an hour')
  await page.getByText('Your session ended. The message you were writing is kept.').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('clara')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('The first message').first().waitFor()
  expect(page.url()).toBe(`${easel.url}/c/${id}`)
  expect(await composer(page).inputValue()).toBe('words that took an hour')
})
