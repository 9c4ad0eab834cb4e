import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForAnswer, steeredStream, when } from '../support/fake-openrouter/behaviours.ts'
import { shiftsSoFar, twoFrames, watchShifts } from '../support/layout-shifts.ts'
import { launchBrowser, openPage } from '../support/page.ts'

let easel: Easel
let browser: Browser
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel(), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

it('moves nothing while an answer is written, nor when it is opened again', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('Nights')
  await anna.say(id, 'Good evening')
  await anna.conversation('Later')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}` })
  await watchShifts(page)
  await page.reload()
  await page.locator('#chatView article').last().waitFor()
  const answer = steeredStream()
  easel.fake?.next(when(asksForAnswer, answer.behaviour))
  await page.getByRole('textbox', { name: 'Message' }).fill('What does the keeper write?')
  await page.keyboard.press('Enter')
  await answer.opened
  const words = 'Between two flashes the water is dark, and whoever rows **counts** along. '
  const written = `${words.repeat(3)}The reach is $d = \\sqrt{2 r h}$ at sea level; see [the almanac](https://example.org/of/the/lamps/in/this/sea).

- two sails
  - one of them torn

| night | what was seen | wind |
| --- | --- | --- |
| Monday | a single sail, far out in the west, until it was too dark to see | west |
| Tuesday | nothing | south-west |
| Wednesday the eighteenth of November | nothing | north |

\`\`\`ts
const lamp = 'lit'
\`\`\`

${words.repeat(6)}`
  // What a hand did half a second ago counts as its doing.
  await page.evaluate('new Promise((done) => setTimeout(done, 600))')
  for (const piece of written.match(/[^]{1,24}/g) ?? []) {
    await answer.send(piece)
    await twoFrames(page)
  }
  await answer.finish()
  await page.locator('math').waitFor()
  await page.locator('.token--kwd').waitFor()
  await page.locator('#chatView article[data-state=complete]').nth(1).waitFor()
  expect(await shiftsSoFar(page)).toEqual([])
  await page.reload()
  await page.locator('math').waitFor()
  await page.locator('.token--kwd').waitFor()
  expect(await shiftsSoFar(page)).toEqual([])

  const notice = page.getByText('This device is offline.')
  // What is still being read would fail.
  await page.waitForLoadState('networkidle')
  await page.context().setOffline(true)
  await notice.waitFor()
  await twoFrames(page)
  const caughtUp = Promise.all(
    [/api\/usage$/, new RegExp(`api/conversations/${id}$`), /api\/conversations\?/].map((address) =>
      page.waitForResponse(address),
    ),
  )
  await page.context().setOffline(false)
  await notice.waitFor({ state: 'detached' })
  await caughtUp
  await twoFrames(page)
  expect(await shiftsSoFar(page)).toEqual([])

  await page.context().clearCookies()
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Make an account' }).waitFor()
  expect(await shiftsSoFar(page)).toEqual([])
})
