import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForAnswer, text, when } from '../support/fake-openrouter/behaviours.ts'
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

it('copies words, code and pictures, shows where the summary ends, and stands still for who wants no motion', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('lamps')
  const answer = 'A *lamp*:\n\n```ts\nconst lamp = 1\n```\n'
  easel.fake?.next(when(asksForAnswer, text({ chunks: [answer] })))
  await anna.say(id, 'Which lamp?')
  const painted = (await anna.say(id, '/image a lamp --raw')).body
  await anna.say(id, '/summary')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}` })
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const picture = page.locator('.generated-image-wrapper').first()
  await drawnWidth(picture.locator('img'))
  const pasted = () => page.evaluate('navigator.clipboard.readText()')

  const message = page.locator('#chatView article').nth(1)
  await message.hover()
  await message.getByRole('button', { name: 'Copy message' }).click()
  await expect.poll(pasted).toBe(answer.trim())
  await message.locator('pre').hover()
  await message.getByRole('button', { name: 'Copy code' }).click()
  await expect.poll(pasted).toBe('const lamp = 1')

  await picture.hover()
  await picture.getByRole('button', { name: 'Copy image' }).click()
  const types = () =>
    page.evaluate('navigator.clipboard.read().then((items) => items.flatMap((item) => item.types))')
  await expect.poll(types).toEqual(['image/png'])
  expect(painted.generated_images).toHaveLength(1)

  await page.getByText('Above this line the models read a summary.').waitFor()
  await page.locator('#composer').fill('/image a lamp at sea --n 2')
  expect(await page.getByTitle('Estimated price').textContent()).toMatch(/\$0\.\d\d/)
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  const moving = `document.getAnimations().filter((one) => one.playState === 'running' && Number(one.effect.getComputedTiming().duration) > 50).length`
  expect(await page.evaluate(moving)).toBe(0)
})
