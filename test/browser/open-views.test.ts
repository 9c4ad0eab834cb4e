import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seriousFindings } from '../support/accessibility.ts'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForAnswer, steeredStream, text, when } from '../support/fake-openrouter/behaviours.ts'
import { launchBrowser, openPage } from '../support/page.ts'

let easel: Easel
let browser: Browser
let anna: Client
let conversation: string
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel(), launchBrowser()])
  anna = await easel.user()
  conversation = await anna.conversation('The lamp')
  const answer =
    '## Twice\n\n```ts\n// Lit at dusk.\nconst lamp: Lamp = { lit: true, at: 12 }\n```\n\nIts reach is $\\sqrt{2rh}$.\n\n' +
    '| night | wind |\n| --- | --- |\n| Monday | west |\n\n- [x] wound\n- [ ] trimmed\n\n> as it was written'
  easel.fake?.next(when(asksForAnswer, text({ chunks: [answer] })))
  await anna.say(conversation, 'How far does it reach?')
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message' })

/** What can be opened over a conversation, one after the other in one window; each leaves it as it was. */
const views: [name: string, show: (page: Page) => Promise<void>, leave?: (page: Page) => Promise<void>][] = [
  [
    'code, a formula, a table, and the details of a message',
    async (page) => {
      await page.locator('math').waitFor()
      await page.locator('.token--kwd').waitFor()
      await page.locator('#chatView .message--model').first().hover()
      await page.locator('#chatView .message--model .figures').first().waitFor()
    },
  ],
  [
    'message editor',
    async (page) => {
      await page.locator('#chatView .message--user').first().hover()
      await page.getByRole('button', { name: 'Edit and send again' }).first().click()
      await page.getByRole('textbox', { name: 'Your words, edited' }).waitFor()
    },
    (page) => page.keyboard.press('Escape'),
  ],
  [
    'list of models',
    async (page) => {
      await page.getByRole('button', { name: /^Model that answers/ }).click()
      await page.getByRole('option').first().waitFor()
    },
    (page) => page.keyboard.press('Escape'),
  ],
  [
    'command menu',
    async (page) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('option', { name: /The lamp/ }).waitFor()
    },
    (page) => page.keyboard.press('Escape'),
  ],
  [
    'shortcuts',
    async (page) => {
      await page.keyboard.press('Control+/')
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    },
    (page) => page.keyboard.press('Escape'),
  ],
  [
    'messages that wait',
    async (page) => {
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      const answer = steeredStream()
      easel.fake?.next(when(asksForAnswer, answer.behaviour))
      await composer(page).fill('And at dawn?')
      await composer(page).press('Enter')
      await answer.send('At dawn ')
      await page.locator('#chatView article[data-state=streaming]').getByText('At dawn').waitFor()
      await composer(page).fill('And then?')
      await composer(page).press('Enter')
      await page.getByRole('list', { name: 'Waiting for the answer to end' }).waitFor()
      finish = () => answer.finish()
    },
    async (page) => {
      await page.getByRole('button', { name: 'Drop “And then?”' }).click()
      await finish()
      await page.getByRole('button', { name: 'Send', exact: true }).waitFor()
    },
  ],
]
let finish = async () => {}

it.each(['light', 'dark'] as const)('whatever is open can be read and reached, %s', async (colorScheme) => {
  const page = await openPage(browser, easel, { as: anna, at: `/c/${conversation}`, colorScheme })
  const found: Record<string, string[]> = {}
  for (const [name, show, leave] of views) {
    await show(page)
    const faults = await seriousFindings(page)
    if (faults.length > 0) found[name] = faults
    await leave?.(page)
  }
  expect(found).toEqual({})
})
