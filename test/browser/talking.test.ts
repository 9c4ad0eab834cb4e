import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForAnswer, steeredStream, when } from '../support/fake-openrouter/behaviours.ts'
import { holdableFrames, withoutFrames } from '../support/held-frames.ts'
import { launchBrowser, openPage, patience } from '../support/page.ts'

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
const own = (page: Page) => page.locator('#chatView .message--user')

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

it('sends an edited message as a new version, keeps the old branch, and steps between them', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('Harbour')
  await anna.say(id, 'Tell me of the lighthouse')
  await anna.say(id, 'Who lives there?')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}`, before: holdableFrames })
  await own(page).first().hover()
  const edit = own(page).first().getByRole('button', { name: 'Edit and send again' })
  await edit.click()
  const editor = page.getByRole('textbox', { name: 'Your words, edited' })
  await editor.press('Escape')
  // The words of a quick hand go where the editor is, before it is drawn.
  await withoutFrames(page, async () => {
    await edit.press('Enter')
    await page.keyboard.type('!')
  })
  expect(await editor.inputValue()).toBe('Tell me of the lighthouse!')
  await editor.fill('Tell me of the harbour')
  await editor.press('Enter')
  await page.locator('#chatView').getByText('You said “Tell me of the harbour”').waitFor()
  expect(await page.locator('#chatView article').count()).toBe(2)
  await own(page).getByRole('img', { name: 'Version 2 of 2' }).waitFor()

  await own(page).getByRole('button', { name: 'Earlier version' }).click()
  await page.locator('#chatView').getByText('You said “Who lives there?”').waitFor()
  expect(await page.locator('#chatView article').count()).toBe(4)
  await page.reload()
  await page.locator('#chatView').getByText('You said “Who lives there?”').waitFor()
  await own(page).first().getByRole('img', { name: 'Version 1 of 2' }).waitFor()

  // Two quick presses are two steps.
  await anna.say(id, 'Tell me of the pier', { parent_id: null })
  await page.reload()
  await own(page).getByRole('img', { name: 'Version 3 of 3' }).waitFor()
  await own(page)
    .getByRole('button', { name: 'Earlier version' })
    .evaluate((button: { click(): void }) => {
      button.click()
      button.click()
    })
  await own(page).first().getByRole('img', { name: 'Version 1 of 3' }).waitFor()
})

it('keeps edited words that were refused, and corrects a text without an answer', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('Typing')
  await anna.say(id, 'Helo')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}` })
  const editor = page.getByRole('textbox', { name: 'Your words, edited' })
  // As soon as the page knows the commands it refuses by itself what is none.
  await composer(page).fill('/')
  await page.getByRole('listbox', { name: 'Commands' }).waitFor()
  await composer(page).fill('')
  await own(page).hover()
  await own(page).getByRole('button', { name: 'Edit and send again' }).click()
  await editor.fill('/imge a fox')
  await editor.press('Enter')
  await own(page).getByRole('alert').filter({ hasText: '/image' }).waitFor()
  expect(await editor.inputValue()).toBe('/imge a fox')
  const answers = () => easel.asked().filter(asksForAnswer).length
  const asked = answers()
  await editor.fill('Hello')
  await page.getByRole('button', { name: 'Only correct the text' }).click()
  await own(page)
    .getByText(/^Hello/)
    .waitFor()
  expect(await page.locator('#chatView article').count()).toBe(2)
  expect(answers()).toBe(asked)
})

it('lets what is written meanwhile wait, be edited and dropped, and sends it when the answer ends', async () => {
  const page = await openPage(browser, easel, { as: await easel.user() })
  const waiting = page.getByRole('list', { name: 'Waiting for the answer to end' }).getByRole('listitem')
  const answer = nextAnswer()
  await send(page, 'A long story, please')
  await answer.send('Once ')
  await page.locator('#chatView').getByText('Once').waitFor()
  await send(page, 'and a short one')
  await send(page, 'and a bad one')
  await send(page, 'and a song')
  await expect.poll(() => waiting.count(), { timeout: patience }).toBe(3)
  await page.getByRole('button', { name: 'Drop “and a bad one”' }).click()
  await page.getByRole('button', { name: 'Edit “and a song”' }).click()
  expect(await composer(page).inputValue()).toBe('and a song')
  await send(page, 'and two songs')
  await answer.send('upon a time')
  await answer.finish()
  await page.locator('#chatView').getByText('You said “and two songs”').waitFor()
  expect(await own(page).allInnerTexts()).toEqual(
    ['A long story, please', 'and a short one', 'and two songs'].map((words) =>
      expect.stringContaining(words),
    ),
  )
  expect(await waiting.count()).toBe(0)
  await composer(page).press('ArrowUp')
  expect(await composer(page).inputValue()).toBe('and two songs')
})

it('holds what waits after a failure, until a hand sends it', async () => {
  const page = await openPage(browser, easel, { as: await easel.user(), allow: [/send_message.* 409$/] })
  const answer = nextAnswer()
  await send(page, 'Begin')
  await answer.send('So ')
  await page.locator('#chatView').getByText('So').waitFor()
  await send(page, 'first')
  await send(page, 'second')
  let refusals = 0
  await page.route('**/send_message/**', async (route) => {
    refusals += 1
    await route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      body: JSON.stringify({ code: 'turn_in_progress', message: 'Not now.', retryable: true }),
    })
  })
  await answer.finish()
  await page.getByRole('alert').filter({ hasText: 'Not now.' }).waitFor()
  expect(await composer(page).inputValue()).toBe('first')
  await page.unroute('**/send_message/**')
  expect(refusals).toBe(1)
  await page.getByRole('button', { name: 'Send now' }).click()
  await page.locator('#chatView').getByText('You said “second”').waitFor()
  expect(await composer(page).inputValue()).toBe('first')
})

it('keeps waiting words through a reload', async () => {
  const page = await openPage(browser, easel, { as: await easel.user() })
  const answer = nextAnswer()
  await send(page, 'Begin')
  await answer.send('So ')
  await page.locator('#chatView').getByText('So').waitFor()
  await send(page, 'and then?')
  await page.getByRole('button', { name: 'Drop “and then?”' }).waitFor()
  await page.reload()
  await page.locator('#chatView').getByText('So').waitFor()
  await page.getByRole('list', { name: 'Waiting for the answer to end' }).getByText('and then?').waitFor()
  expect(await composer(page).inputValue()).toBe('')
  await answer.finish()
  await page.locator('#chatView').getByText('You said “and then?”').waitFor()
})

it('shows the model what is ticked or pinned, and says so before', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('Pictures')
  await anna.say(id, '/image a lighthouse')
  await anna.say(id, '/image a harbour')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}` })
  const ticks = page.getByRole('group', { name: 'Model sees' }).getByRole('checkbox')
  await ticks.nth(1).waitFor()
  await ticks.nth(0).uncheck()
  await send(page, 'What do you see?')
  await page
    .locator('#chatView .prose')
    .getByText(/I see 1 picture /)
    .waitFor()
  expect(await ticks.nth(0).isChecked()).toBe(false)
  await ticks.nth(0).check()
  await send(page, 'And now?')
  await page
    .locator('#chatView .prose')
    .getByText(/I see 2 pictures /)
    .waitFor()
})

it('colours code, draws formulas, and leaves prices alone', async () => {
  const page = await openPage(browser, easel, { as: await easel.user() })
  const answer = nextAnswer()
  await send(page, 'Show me')
  await answer.send('```ts\nconst lamp = "lit"\n```\n\nThe area is $\\pi r^2$; it costs $5 or $10.\n')
  await answer.finish()
  await page.locator('.token--kwd', { hasText: 'const' }).waitFor()
  expect(await page.locator('pre').innerText()).toBe('const lamp = "lit"')
  await page.locator('math msup').waitFor()
  expect(await page.locator('math').count()).toBe(1)
  await page.locator('#chatView').getByText('it costs $5 or $10.').waitFor()
})

it('leaves the end at the first turn of the wheel, counts what comes, and goes back at a click', async () => {
  const page = await openPage(browser, easel, { as: await easel.user() })
  const toEnd = () =>
    page.evaluate<number>('document.documentElement.scrollHeight - innerHeight - Math.round(scrollY)')
  const first = nextAnswer()
  await send(page, 'Tell me all')
  await first.send('A line.\n\n'.repeat(60))
  // Before it is drawn the page is as high as the window, and at its end as well.
  await expect.poll(() => page.evaluate<number>('scrollY')).toBeGreaterThan(0)
  await expect.poll(toEnd).toBeLessThan(2)
  await page.mouse.move(700, 300)
  await page.mouse.wheel(0, -120)
  const jump = page.getByRole('button', { name: /Jump to latest/ })
  await jump.waitFor()
  // The wheel may turn on for some frames.
  await expect.poll(toEnd).toBeGreaterThan(117)
  const before = await page.evaluate<number>('scrollY')
  await first.send('And more.\n\n'.repeat(20))
  await page.locator('#chatView').getByText('And more.').last().waitFor()
  await first.finish()
  await page.getByRole('button', { name: 'Answer again' }).waitFor()
  expect(await page.evaluate<number>('scrollY')).toBe(before)
  await jump.click()
  await expect.poll(toEnd).toBeLessThan(2)
  await jump.waitFor({ state: 'detached' })
})
