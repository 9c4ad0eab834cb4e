import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playStory, type Story } from '../screenshots/story.ts'
import { allPictures, picturesInSight, type View, views } from '../screenshots/views.ts'
import { sidewaysScroll, smallTargets } from '../support/accessibility.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { launchBrowser, openPage } from '../support/page.ts'
import type { WindowOptions } from '../support/window.ts'

let easel: Easel
let browser: Browser
let story: Story
let hoursBack = 0
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([
    startEasel({ offline: true, now: () => Date.now() - hoursBack * 3_600_000 }),
    launchBrowser(),
  ])
  story = await playStory(await easel.user('Anna'), (hoursAgo) => (hoursBack = hoursAgo))
}, 60_000)
afterAll(async () => {
  await browser.close()
  await easel.close()
})

/** What the screenshots do not show. */
const others: readonly View[] = [
  {
    name: 'gallery',
    async show(page) {
      await page.goto('/gallery')
      await page.locator('.wall img').first().waitFor()
      await page.locator('.wall input').first().check()
      await page.locator('.selection').waitFor()
    },
  },
  {
    name: 'lightbox',
    async show(page, { lighthouse }) {
      await page.goto(`/c/${lighthouse}`)
      await allPictures(page)
      await page.locator('a.picture__frame').last().focus()
      await page.keyboard.press(' ')
      await page.locator('.lightbox__stage img').first().waitFor()
    },
  },
  {
    name: 'side panel',
    async show(page, { lighthouse }) {
      await page.goto(`/c/${lighthouse}`)
      await page.getByRole('button', { name: 'About this conversation' }).click()
      await page.locator('#panel .contact-sheet img').first().waitFor()
    },
  },
  {
    name: 'command menu',
    async show(page, { lighthouse }) {
      await page.goto(`/c/${lighthouse}`)
      await allPictures(page)
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Find conversations' }).fill('sea')
      await page.locator('.palette--find [role=option]').first().waitFor()
    },
  },
]

const windows: [name: string, options: WindowOptions & { rightToLeft?: boolean }][] = [
  ['on a phone', { width: 390, height: 844, touch: true }],
  ['enlarged to 200 %', { width: 640, height: 400, scale: 2 }],
  ['from right to left, wide', { width: 1280, height: 800, rightToLeft: true }],
  ['from right to left, on a phone', { width: 390, height: 844, touch: true, rightToLeft: true }],
]

describe.each(windows)('every view, %s', (_name, { rightToLeft = false, ...window }) => {
  it(
    'stays within its window, with targets as large as a fingertip on touch',
    { timeout: 120_000 },
    async () => {
      const someone = await openPage(browser, easel, { as: story.anna, ...window })
      const nobody = await openPage(browser, easel, window)
      // One picture is painted after the other.
      someone.setDefaultTimeout(40_000)
      if (rightToLeft) await Promise.all([someone, nobody].map(writeFromRight))
      const found: Record<string, unknown> = {}
      for (const view of [...views, ...others]) {
        const page = view.nobody ? nobody : someone
        await view.show(page, story)
        await picturesInSight(page)
        expect(await page.locator('html').getAttribute('dir'), view.name).toBe(rightToLeft ? 'rtl' : 'ltr')
        const faults = [
          ...((await sidewaysScroll(page)) > 0 ? ['scrolls sideways'] : []),
          ...(window.touch ? await smallTargets(page) : []),
        ]
        if (faults.length > 0) found[view.name] = faults
      }
      expect(found).toEqual({})
    },
  )
})

/** English as a translation that states the other direction. */
async function writeFromRight(page: Page): Promise<void> {
  await page.route('**/assets/*.js', async (route) => {
    const response = await route.fetch()
    const body = await response.text()
    await route.fulfill({ response, body: body.replaceAll(/direction:(["'`])ltr\1/g, 'direction:$1rtl$1') })
  })
}

it.each(['light', 'dark'] as const)('every ink can be read on every ground, %s', async (colorScheme) => {
  const page = await openPage(browser, easel, { colorScheme })
  const inks = ['ink', 'ink-2', 'ink-3', 'accent', 'danger', 'notice']
  const grounds = ['paper', 'wall', 'well', 'hover', 'raised', 'accent-tint', 'danger-tint', 'notice-tint']
  const pairs = [
    ...inks.flatMap((ink) => grounds.map((ground) => [ink, ground])),
    ...['added', 'dropped', 'found'].map((mark) => ['ink', mark]),
    ['on-accent', 'accent-fill'],
    ['on-accent', 'accent-deep'],
  ]
  const found: { pair: string[]; contrast: number }[] = await page.evaluate(`(() => {
    const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
    const probe = document.body.appendChild(document.createElement('i'))
    const luminance = (name) => {
      probe.style.color = 'var(--' + name + ')'
      paint.fillStyle = getComputedStyle(probe).color
      paint.fillRect(0, 0, 1, 1)
      const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map((part) => {
        const share = part / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    return ${JSON.stringify(pairs)}.map((pair) => {
      const [dark, light] = pair.map(luminance).sort((one, other) => one - other)
      return { pair, contrast: (light + 0.05) / (dark + 0.05) }
    })
  })()`)
  expect(found).toHaveLength(pairs.length)
  expect(found.filter(({ contrast }) => !(contrast >= 4.5))).toEqual([])
})
