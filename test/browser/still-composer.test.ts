import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForAnswer, steeredStream, when } from '../support/fake-openrouter/behaviours.ts'
import { shiftsSoFar, watchShifts } from '../support/layout-shifts.ts'
import { launchBrowser, openPage } from '../support/page.ts'
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

it.each([
  { name: 'wide', width: 1280, touch: false },
  { name: 'phone', width: 390, touch: true },
])('nothing moves while the composer grows, and nothing is behind it: $name', async ({ width, touch }) => {
  const anna = await easel.user()
  const id = await anna.conversation('Still')
  await anna.say(id, 'Tell me a long story.\n'.repeat(40))
  const page = await openPage(browser, easel, { as: anna, width, height: 844, touch })
  await watchShifts(page, { byHand: true })
  await page.addInitScript(keyboardOverPage)
  await page.goto('/')
  const box = page.getByRole('textbox', { name: 'Message' })
  await page.getByRole('heading', { name: 'Talk, and paint as you go' }).waitFor()
  await page.locator('.composer__model').waitFor()
  const before = await places(page)
  const stays = async (what: string) => {
    expect(await shiftsSoFar(page), what).toEqual([])
    expect(await places(page), what).toEqual(before)
  }
  await stays('an empty page')
  await box.fill('one\ntwo\nthree')
  await stays('words on an empty page')
  await box.fill('')

  await page.goto(`/c/${id}`)
  const last = page.getByRole('article').last()
  await last.waitFor()
  await page.locator('.composer__model').waitFor()
  await box.focus()
  const isInSight = async (what: string) => {
    await stays(what)
    expect(await roomBelow(page), what).toBeGreaterThanOrEqual(0)
  }
  await isInSight('a long conversation')
  await box.fill('one\ntwo\nthree\nfour\nfive')
  await isInSight('five lines')
  await box.fill('line\n'.repeat(60))
  await isInSight('more lines than there is room for')
  await box.fill('one\ntwo\nthree\nfour\nfive')
  await page.locator('input[type=file]').setInputFiles({
    name: 'harbour.png',
    mimeType: 'image/png',
    buffer: await samplePng(),
  })
  await page.locator('.inputs__item[aria-busy=false]').waitFor()
  await isInSight('a picture')
  await box.fill('one\ntwo\nthree\nfour\nfive\n/')
  await box.fill('/im')
  await page.getByRole('option').first().waitFor()
  await isInSight('commands')
  await box.fill('one\ntwo\nthree\nfour\nfive')

  const answer = steeredStream()
  easel.fake?.next(when(asksForAnswer, answer.behaviour))
  await box.press('Enter')
  await answer.send('Once ')
  await page.locator('#chatView').getByText('Once').waitFor()
  await page.locator('.message__attachments img').waitFor()
  await isInSight('an answer that is written')
  await page.locator('.sees, .sees-list').first().waitFor({ state: 'attached' })
  await box.fill('And then?\nAnd after that?\nAnd in the end?\nWho was it?')
  await box.press('Enter')
  await page.getByRole('list', { name: 'Waiting for the answer to end' }).waitFor()
  await isInSight('a message that waits')
  await page.route('**/api/usage', (route) => route.fulfill({ json: nearlyUsedUp }))
  const next = steeredStream()
  easel.fake?.next(when(asksForAnswer, next.behaviour))
  await answer.finish()
  await page.getByText('0 of 10 pictures left').waitFor()
  await next.send('Upon a time ')
  await page.locator('#chatView').getByText('Upon a time').waitFor()
  await isInSight('what waited, and a long line on what is left')
  await next.finish()

  // Some browsers lay the keyboard over the page instead of making it smaller.
  await page.evaluate('window.openKeyboard(320)')
  expect((await page.locator('.button--send').boundingBox())?.y).toBeLessThan(844 - 320 - 44)
  await page.evaluate('window.openKeyboard(0)')
  await isInSight('a keyboard that has gone')
})

const nearlyUsedUp = {
  tier: 'free',
  limits: {
    per_hour: 10,
    per_day: null,
    per_month: null,
    cooldown_seconds: null,
    concurrent: null,
    usd_per_month: 5,
  },
  used: { per_hour: 10, per_day: 20, per_month: 20, concurrent: 0, usd_per_month: 1.2 },
  remaining: { per_hour: 0, per_day: null, per_month: null, concurrent: null, usd_per_month: 3.8 },
  next_allowed_at: '2099-11-20T14:05:00.000Z',
  spend_usd: 1.2,
  notice: null,
}

/** `window.openKeyboard(height)`: what is seen of the page is as much smaller. */
const keyboardOverPage = `{
  const seen = Object.assign(new EventTarget(), { height: innerHeight, offsetTop: 0, scale: 1 })
  Object.defineProperty(window, 'visualViewport', { value: seen })
  window.openKeyboard = (height) => {
    seen.height = innerHeight - height
    seen.dispatchEvent(new Event('resize'))
  }
}`

/** Where the ends of the composer's bar are, in whole pixels. */
function places(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('.composer__bar > :is(:first-child, .button--send)')].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect()
    return [x, y, width, height].map(Math.round).join(' ')
  })`)
}

/** Pixels between the end of the newest message and what hangs over the page. */
function roomBelow(page: Page): Promise<number> {
  return page.evaluate(`document.querySelector('.dock__above').getBoundingClientRect().top -
    [...document.querySelectorAll('article')].at(-1).getBoundingClientRect().bottom`)
}
