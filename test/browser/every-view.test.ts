import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playStory, type Story } from '../screenshots/story.ts'
import { allPictures, picturesInSight, type View, views } from '../screenshots/views.ts'
import { standingOut, smallTargets, takeInHand } from '../support/accessibility.ts'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForPicture, hold, when } from '../support/fake-openrouter/behaviours.ts'
import { launchBrowser, openPage } from '../support/page.ts'
import type { WindowOptions } from '../support/window.ts'

let easel: Easel
/** One without a key, for what is said of the offline painter and writer. */
let offline: Easel
let browser: Browser
let story: Story
let owner: Client
let hoursBack = 0
beforeAll(async () => {
  ;[easel, offline, browser] = await Promise.all([
    startEasel({ now: () => Date.now() - hoursBack * 3_600_000 }),
    startEasel({ offline: true }),
    launchBrowser(),
  ])
  story = await playStory(await easel.user('Anna'), (hoursAgo) => (hoursBack = hoursAgo))
  owner = await offline.user()
})
afterAll(async () => {
  await browser.close()
  await Promise.all([easel.close(), offline.close()])
})

/** What the screenshots do not show. */
const others: readonly View[] = [
  {
    name: 'lightbox',
    at: ({ lighthouse }) => `/c/${lighthouse}`,
    async show(page) {
      await allPictures(page)
      await page.locator('a.picture__frame').last().focus()
      await page.keyboard.press(' ')
      await page.locator('.lightbox__stage img').first().waitFor()
    },
  },
  {
    name: 'command menu',
    at: ({ lighthouse }) => `/c/${lighthouse}`,
    async show(page) {
      await allPictures(page)
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Find conversations' }).fill('sea')
      await page.locator('.palette--find [role=option]').first().waitFor()
    },
  },
]

/** The views that tell that no key is set. */
const withoutKey = new Set(['02-empty', '09-settings'])

const windows: [name: string, options: WindowOptions & { rightToLeft?: boolean }][] = [
  ['on a phone', { width: 390, height: 844, touch: true }],
  ['enlarged to 200 %', { width: 640, height: 400, scale: 2 }],
  ['from right to left, wide', { width: 1280, height: 800, rightToLeft: true }],
  ['from right to left, on a phone', { width: 390, height: 844, touch: true, rightToLeft: true }],
]

describe.each(windows)('every view, %s', (_name, { rightToLeft = false, ...window }) => {
  it('stays within its window, with targets as large as a fingertip on touch', async () => {
    const before = rightToLeft ? { before: fromRight } : {}
    const [someone, nobody, keyless] = await Promise.all([
      openPage(browser, easel, { as: story.anna, ...window, ...before }),
      openPage(browser, easel, { ...window, ...before }),
      openPage(browser, offline, { as: owner, ...window, ...before }),
    ])
    const found: Record<string, unknown> = {}
    for (const view of [...views, ...others]) {
      const page = view.nobody ? nobody : withoutKey.has(view.name) ? keyless : someone
      await goTo(page, view.at(story))
      const paintings = view.name === '05-painting' ? holdPictures() : []
      await view.show(page).catch(async (thrown: unknown) => {
        // What is out of the window can often not be pressed either.
        throw new Error(`${view.name}: ${(await standingOut(page)).join('; ')}`, { cause: thrown })
      })
      await Promise.all(paintings.map((painting) => painting.reached))
      await picturesInSight(page)
      expect(await page.locator('html').getAttribute('dir'), view.name).toBe(rightToLeft ? 'rtl' : 'ltr')
      const faults = [
        ...(await standingOut(page)).map((what) => `out of the window: ${what}`),
        ...(window.touch ? await smallTargets(page) : []),
      ]
      if (faults.length > 0) found[view.name] = faults
      for (const painting of paintings) painting.release()
    }
    expect(found).toEqual({})
  })
})

/** The four pictures of the view that shows a painting stand still while it is looked at. */
function holdPictures() {
  const paintings = Array.from({ length: 4 }, () => hold())
  easel.fake?.next(...paintings.map(({ behaviour }) => when(asksForPicture, behaviour)))
  return paintings
}

/**
 * Goes to an address within the page, which is much faster than to load it, or stays where it is. It is loaded where
 * something lies over the page, and from one conversation to another, so that nothing of the first is taken for the
 * second.
 */
async function goTo(page: Page, path: string): Promise<void> {
  const isCovered = await page.evaluate(
    `history.state?.layer === true || document.querySelector('dialog[open], #sidebar[data-open]') !== null`,
  )
  const { pathname } = new URL(page.url())
  const isAmongConversations = path.startsWith('/c/') && pathname.startsWith('/c/')
  if (path === pathname && !isCovered) return
  if (isCovered || isAmongConversations) await page.goto(path)
  else {
    await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})
      dispatchEvent(new PopStateEvent('popstate', { state: null }))
      new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`)
  }
}

/** Whatever direction the page gives itself is the other one, as in a translation that states it. */
const fromRight = `{
  const plain = Object.getOwnPropertyDescriptor(HTMLElement.prototype, 'dir')
  Object.defineProperty(HTMLElement.prototype, 'dir', {
    ...plain,
    set(value) { plain.set.call(this, this === document.documentElement && value === 'ltr' ? 'rtl' : value) },
  })
}`

const inks = ['ink', 'ink-2', 'ink-3', 'accent', 'danger', 'notice']
const grounds = ['paper', 'wall', 'well', 'hover', 'raised', 'accent-tint', 'danger-tint', 'notice-tint']
const pairs = [
  ...inks.flatMap((ink) => grounds.map((ground) => [ink, ground])),
  ...['added', 'dropped', 'found'].map((mark) => ['ink', mark]),
  ['on-accent', 'accent-fill'],
  ['on-accent', 'accent-deep'],
]
const buttons = [
  'button',
  'button button--primary',
  'button button--plain',
  'button button--danger',
  'button button--plain button--danger',
  'link',
  'row',
  'row row--danger',
  'example',
  'inputs__add',
]
const states = ['', 'aria-pressed', 'aria-expanded', 'disabled', 'aria-disabled']

it.each(['light', 'dark'] as const)('every ink can be read on every ground, %s', async (colorScheme) => {
  const page = await openPage(browser, easel, { colorScheme })
  await write(
    page,
    pairs.map(([ink, ground]) => ({
      name: 'p',
      style: `color: var(--${ink}); background: var(--${ground})`,
      text: `${ink} on ${ground}`,
    })),
  )
  const found = await contrasts(page, 'p')
  expect(found).toHaveLength(pairs.length)
  expect(found.filter(({ contrast }) => !(contrast >= 4.5))).toEqual([])
})

it.each(['light', 'dark'] as const)(
  'every button can be read on every ground, also in hand and when it cannot be pressed, %s',
  async (colorScheme) => {
    const page = await openPage(browser, easel, { colorScheme })
    const written = ['', 'on-dark'].flatMap((className) =>
      grounds.map((ground) => ({
        name: 'div',
        className,
        style: `background: var(--${ground}); color: var(--ink)`,
        children: buttons.flatMap((kind) =>
          states.map((state) => ({
            name: 'button',
            className: kind,
            state,
            text: [kind, state, 'on', ground, className].join(' '),
          })),
        ),
      })),
    )
    await write(page, written)
    const atRest = await contrasts(page, 'button')
    expect(atRest).toHaveLength(2 * grounds.length * buttons.length * states.length)
    await takeInHand(page)
    const inHand = await contrasts(page, 'button')
    expect(inHand).not.toEqual(atRest)
    expect([...atRest, ...inHand].filter(({ contrast }) => !(contrast >= 4.5))).toEqual([])
  },
)

interface Written {
  name: string
  className?: string
  style?: string
  /** The name of an attribute that is on. */
  state?: string
  text?: string
  children?: Written[]
}

/** Writes elements in place of the page. */
async function write(page: Page, elements: Written[]): Promise<void> {
  await page.evaluate(`(() => {
    const make = ({ name, className = '', style = '', state = '', text = '', children = [] }) => {
      const element = document.createElement(name)
      element.className = className
      element.style.cssText = style
      if (state) element.setAttribute(state, 'true')
      element.append(text, ...children.map(make))
      return element
    }
    document.body.replaceChildren(...${JSON.stringify(elements)}.map(make))
  })()`)
}

/** How the words of elements stand out from what is behind them, by their own colours and how far they can be seen through. */
function contrasts(page: Page, selector: string): Promise<{ words: string; contrast: number }[]> {
  return page.evaluate(`(() => {
    const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
    const luminance = (layers) => {
      paint.globalAlpha = 1
      for (const [colour, alpha] of layers) {
        paint.globalAlpha = alpha
        paint.fillStyle = colour
        paint.fillRect(0, 0, 1, 1)
      }
      const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map((part) => {
        const share = part / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    return [...document.querySelectorAll('${selector}')].map((element) => {
      const { color, opacity } = getComputedStyle(element)
      const behind = []
      for (let at = element; at; at = at.parentElement) {
        const own = getComputedStyle(at)
        behind.unshift([own.backgroundColor, at === element ? Number(opacity) : 1])
      }
      const ground = luminance(behind)
      const [dark, light] = [ground, luminance([...behind, [color, Number(opacity)]])].sort((one, other) => one - other)
      return { words: element.textContent, contrast: (light + 0.05) / (dark + 0.05) }
    })
  })()`)
}
