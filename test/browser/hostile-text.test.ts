import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEasel, type Easel } from '../support/easel.ts'
import {
  asksForAnswer,
  asksForPicture,
  asksForRefinement,
  noPicture,
  text,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import { drawnWidth, launchBrowser, openPage, patience } from '../support/page.ts'

let easel: Easel
let browser: Browser
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel(), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

const hostile = '<img src=x onerror="window.harmed=true"><script>window.harmed=true</script>'
const markdown = [
  hostile,
  '[a link](javascript:window.harmed=true)',
  '[a page](data:text/html,<script>window.harmed=true</script>)',
  '[a file](file:///etc/passwd) <a href="javascript:window.harmed=true">press</a>',
  '<javascript:window.harmed=true> [ref]',
  '![far away](https://tracker.example/pixel.png) ![near](/api/auth/me) ![inline](data:image/svg+xml,<svg/onload=alert(1)>)',
  '<svg onload="window.harmed=true"></svg><iframe src="https://tracker.example/"></iframe><style>*{display:none}</style>',
  '[good](https://example.org/) and [mail](mailto:a@example.org)',
  '[ref]: javascript:window.harmed=true',
  '```js onmouseover=window.harmed=true\n<b>code</b>\n```',
].join('\n\n')

/** Nothing ran, and nothing stands on the page that could run, or lead or load from elsewhere. */
async function expectHarmless(page: Page) {
  const found = await page.evaluate(`({
    harmed: window.harmed,
    pictures: [...document.images].map((image) => image.currentSrc || image.src)
      .filter((address) => !address.startsWith(location.origin) && !address.startsWith('blob:')),
    unknown: [...document.querySelectorAll('#chatView img')].map((image) => image.getAttribute('src'))
      .filter((address) => !address.startsWith('/api/conversation-image/')),
    links: [...document.links].map((link) => link.protocol)
      .filter((protocol) => !['http:', 'https:', 'mailto:', 'blob:'].includes(protocol)),
    elements: document.querySelectorAll('#page script, #page iframe, #page style, [onerror], [onload], [onmouseover]').length,
  })`)
  expect(found).toEqual({ pictures: [], unknown: [], links: [], elements: 0 })
}

it('shows hostile words of users and models as words', async () => {
  const anna = await easel.user()
  const page = await openPage(browser, easel, { as: anna })
  easel.fake?.next(
    when(asksForAnswer, text({ chunks: markdown.match(/[\s\S]{1,7}/g) ?? [] })),
    when((request) => request.temperature === 0.2, text({ chunks: [`Title ${hostile}`] })),
  )
  await page.getByRole('textbox', { name: 'Message' }).fill(markdown)
  await page.keyboard.press('Enter')
  const answer = page.locator('#chatView article').last()
  await answer.getByRole('link', { name: 'good' }).waitFor()
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor()
  await answer.getByText('<img src=x onerror="window.harmed=true">').first().waitFor()
  await page.getByRole('heading', { name: /^Title <img src=x/ }).waitFor()
  await page.locator('.conversations').getByText('Title <img src=x').waitFor()
  const good = answer.getByRole('link', { name: 'good' })
  expect(await good.getAttribute('rel')).toBe('noopener noreferrer')
  await expectHarmless(page)

  await page.reload()
  await answer.getByRole('link', { name: 'good' }).waitFor()
  await expectHarmless(page)
  await page.getByRole('searchbox').fill('onerror')
  await page.locator('.conversations mark').first().waitFor()
  await expectHarmless(page)
})

it('shows hostile prompts, captions, warnings and names as words', async () => {
  const anna = await easel.user()
  const page = await openPage(browser, easel, { as: anna, allow: [/ 40[04]$/] })
  const isDescription = (words: string) => words.includes('You describe a picture')
  easel.fake?.next(
    when(asksForRefinement, text({ chunks: [`A door. ${hostile}`] })),
    when(
      (request) => isDescription(JSON.stringify(request.messages[0])),
      text({ chunks: [`${hostile}\n${hostile}`] }),
    ),
  )
  await page.getByRole('textbox', { name: 'Message' }).fill(`/image a door ${hostile}`)
  await page.keyboard.press('Enter')
  await drawnWidth(page.locator('#chatView .generated-image-wrapper img'))
  await expectHarmless(page)
  await expect
    .poll(
      async () => {
        await page.reload()
        await page.locator('#chatView .generated-image-wrapper img').waitFor()
        return page.locator('.picture__caption').textContent()
      },
      { timeout: patience },
    )
    .toContain('<img src=x')
  await expectHarmless(page)

  easel.fake?.next(when(asksForPicture, noPicture({ content: markdown, nativeReason: 'STOP' })))
  await page.getByRole('textbox', { name: 'Message' }).fill('/image a window')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'good' }).waitFor()
  await expectHarmless(page)

  easel.fake?.next(when(asksForRefinement, text({ chunks: [`A gate. ${hostile}`] })))
  await page.getByRole('button', { name: 'Make a picture…' }).click()
  await page.getByLabel('What should it show?').fill(hostile)
  await page.getByRole('button', { name: /^Generate/ }).click()
  await page.getByRole('note', { name: 'Refined prompt' }).getByText('A gate. <img').waitFor()
  await expectHarmless(page)
  await page.keyboard.press('Escape')

  await page.getByRole('textbox', { name: 'Message' }).fill(`/model ${hostile}`)
  await page.keyboard.press('Enter')
  await page.locator('.dock').getByRole('alert').waitFor()
  await expectHarmless(page)
})

it.each([
  ['2,000 quotes in each other', '>'.repeat(2000) + ' deep'],
  [
    'a list of 2,000 levels',
    Array.from({ length: 200 }, (_, level) => `${' '.repeat(level)}- x`).join('\n') +
      '\n' +
      '- '.repeat(2000) +
      'deep',
  ],
  ['20,000 brackets', '['.repeat(20_000) + ' deep'],
  ['a table of 3,000 columns', `${'|a'.repeat(3000)}|\n${'|-'.repeat(3000)}|\ndeep`],
])('survives %s', async (_name, words) => {
  const anna = await easel.user()
  const id = await anna.conversation('Depths')
  easel.fake?.next(when(asksForAnswer, text({ chunks: [words] })))
  expect((await anna.say(id, words)).status).toBe(200)
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}` })
  const messages = page.locator('#chatView article')
  await messages.getByText('deep').last().waitFor()
  expect(await messages.count()).toBe(2)
  await page.getByRole('textbox', { name: 'Message' }).fill('still here')
  expect(await page.getByText('Something went wrong').count()).toBe(0)
})

it('sets text from right to left where it is written so', async () => {
  const anna = await easel.user()
  const id = await anna.conversation('מגדלור על הצוק')
  easel.fake?.next(when(asksForAnswer, text({ chunks: ['זה מגדלור.\n\nIt is a lighthouse.'] })))
  await anna.say(id, 'מה רואים בתמונה?')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}` })
  const directionOf = (words: string) =>
    page
      .locator('#chatView :is(article, p)')
      .filter({ hasText: words })
      .last()
      .evaluate((element) => element.ownerDocument.defaultView.getComputedStyle(element).direction)
  expect(await directionOf('מה רואים בתמונה?')).toBe('rtl')
  expect(await directionOf('זה מגדלור.')).toBe('rtl')
  expect(await directionOf('It is a lighthouse.')).toBe('ltr')
})
