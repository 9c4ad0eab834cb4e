import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForAnswer, steeredStream, when } from '../support/fake-openrouter/behaviours.ts'
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
])('what can be pressed stays where it is while the composer grows: $name', async ({ width, touch }) => {
  const anna = await easel.user()
  const id = await anna.conversation('Still')
  await anna.say(id, 'Tell me a long story.\n'.repeat(40))
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}`, width, height: 844, touch })
  const box = page.getByRole('textbox', { name: 'Message' })
  await page.getByRole('article').last().waitFor()
  await page.locator('.composer__model').waitFor()
  await box.focus()
  const before = await places(page)
  const stays = async (what: string) => expect(await places(page), what).toEqual(before)

  await box.fill('one\ntwo\nthree\nfour\nfive')
  await stays('five lines')
  await page.locator('input[type=file]').setInputFiles({
    name: 'harbour.png',
    mimeType: 'image/png',
    buffer: await samplePng(),
  })
  await page.locator('.inputs__item[aria-busy=false]').waitFor()
  await stays('a picture')

  const answer = steeredStream()
  easel.fake?.next(when(asksForAnswer, answer.behaviour))
  await box.press('Enter')
  await answer.send('Once ')
  await page.getByText('Once').waitFor()
  await stays('an answer that is written')
  await box.fill('And then?')
  await box.press('Enter')
  await page.getByRole('list', { name: 'Waiting for the answer to end' }).waitFor()
  await stays('a message that waits')
  await answer.finish()
})

/** Where the ends of the composer's bar are, in whole pixels. */
function places(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('.composer__bar > :is(:first-child, .button--send)')].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect()
    return [x, y, width, height].map(Math.round).join(' ')
  })`)
}
