import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  contrastInHand,
  rulesOfColour,
  seriousFindings,
  standingOut,
  smallTargets,
} from '../support/accessibility.ts'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForPicture, errorStatus, hold, when } from '../support/fake-openrouter/behaviours.ts'
import { drawnWidth, launchBrowser, openPage, patience } from '../support/page.ts'

let easel: Easel
let browser: Browser
let anna: Client
let conversation: string
beforeAll(async () => {
  ;[easel, browser] = await Promise.all([startEasel(), launchBrowser()])
  anna = await easel.user()
  conversation = await anna.conversation(
    'A week at the lighthouse, with everything that we saw and painted there',
  )
  await anna.say(conversation, 'We spent a **week** at the lighthouse of Skagen.')
  await anna.say(conversation, '/image the lighthouse at dusk --aspect 16:9')
  await anna.say(conversation, '/image boats below it --n 2')
  easel.fake?.next(when(asksForPicture, errorStatus(503)))
  await anna.say(conversation, '/image a storm')
  await anna.say(conversation, 'https://example.org/' + 'a-very-long-address/'.repeat(12))
})
afterAll(async () => {
  await browser.close()
  await easel.close()
})

/** Every view of the page, one after the other, in a window that somebody has open. */
const views: [name: string, show: (page: Page) => Promise<void>][] = [
  [
    'empty page',
    async (page) => {
      await page.goto('/')
      await page.getByRole('heading', { name: 'Talk, and paint as you go' }).waitFor()
      await page.locator('.empty:not([data-waiting])').waitFor()
    },
  ],
  [
    'command palette',
    async (page) => {
      await page.getByRole('textbox', { name: 'Message' }).fill('/')
      await page.getByRole('listbox', { name: 'Commands' }).waitFor()
    },
  ],
  [
    'conversation with pictures',
    async (page) => {
      await page.getByRole('textbox', { name: 'Message' }).fill('')
      await page.goto(`/c/${conversation}`)
      await drawnWidth(page.locator('#chatView .generated-image-wrapper img').first())
      await page.getByText('Not painted').waitFor()
    },
  ],
  [
    'words being edited',
    async (page) => {
      const message = page.getByRole('article', { name: 'You' }).first()
      await message.hover()
      await message.getByRole('button', { name: 'Edit and send again' }).click()
      await page.getByRole('button', { name: 'Send again', exact: true }).waitFor()
    },
  ],
  [
    'image dialog',
    async (page) => {
      await openFromSidebar(page, 'Make a picture…')
      await page.locator('#image-gen-modal').waitFor()
      await page.getByLabel('What should it show?').waitFor()
    },
  ],
  [
    'settings',
    async (page) => {
      await page.keyboard.press('Escape')
      await page.locator('#image-gen-modal').waitFor({ state: 'detached' })
      await openFromSidebar(page, 'Settings')
      await page.getByText('Change the password').click()
      await page.getByLabel('New password').waitFor()
    },
  ],
]

/** The views of pictures, one after the other. */
const pictureViews: typeof views = [
  [
    'gallery',
    async (page) => {
      await page.goto('/gallery')
      await drawnWidth(page.locator('.wall img').first())
      await page.locator('.wall').getByRole('checkbox').first().check()
      await page.getByRole('toolbar', { name: 'Selected pictures' }).waitFor()
    },
  ],
  [
    'gallery without a hit',
    async (page) => {
      await page.locator('.gallery').getByRole('searchbox').fill('zebra')
      await page.getByText('No picture fits.').waitFor()
    },
  ],
  [
    'lightbox',
    async (page) => {
      await page.goto(`/c/${conversation}`)
      const card = page.locator('.generated-image-wrapper').first()
      await drawnWidth(card.locator('img'))
      await card.getByRole('link').first().focus()
      await page.keyboard.press('Space')
      await drawnWidth(page.getByRole('dialog', { name: /Picture 1/ }).locator('.lightbox__stage img'))
    },
  ],
  [
    'two pictures compared',
    async (page) => {
      await page.keyboard.press('c')
      await page.getByRole('slider', { name: 'Compare Picture 2 with Picture 1' }).waitFor()
    },
  ],
  [
    'details of a picture',
    async (page) => {
      await page.keyboard.press('i')
      await page.getByRole('complementary', { name: 'Details' }).getByText('As sent to the painter').waitFor()
    },
  ],
  [
    'description being written',
    async (page) => {
      await page.getByRole('button', { name: 'Edit the description' }).click()
      await page.getByRole('textbox', { name: /Description/ }).waitFor()
    },
  ],
]

async function openFromSidebar(page: Page, name: string) {
  const opener = page.getByRole('button', { name: 'Conversations', exact: true })
  // On a phone the drawer stays open under a dialog that was opened from it.
  const isOpen = (await page.locator('#sidebar[data-open]').count()) > 0
  if (!isOpen && (await opener.isVisible())) await opener.click()
  await page.getByRole('button', { name, exact: true }).click()
}

const windows = [
  { name: 'wide', width: 1280, height: 800, touch: false },
  { name: 'phone', width: 390, height: 844, touch: true },
]
describe.each(windows)('on a $name screen', ({ width, height, touch }) => {
  it('everything can be read and reached, light and dark', async () => {
    const page = await openPage(browser, easel, { as: anna, width, height, touch })
    const found: Record<string, unknown> = {}
    const look = async (name: string) => {
      const faults = [
        ...(await standingOut(page)).map((what) => `out of the window: ${what}`),
        ...(touch ? await smallTargets(page) : []),
      ]
      const contrast = async (scheme: string) => {
        if (touch) return
        for (const finding of await contrastInHand(page)) faults.push(`${scheme}, in hand: ${finding}`)
      }
      for (const finding of await seriousFindings(page)) faults.push(`light: ${finding}`)
      await contrast('light')
      await page.emulateMedia({ colorScheme: 'dark' })
      for (const finding of await seriousFindings(page, rulesOfColour)) faults.push(`dark: ${finding}`)
      await contrast('dark')
      await page.emulateMedia({ colorScheme: 'light' })
      if (faults.length > 0) found[name] = faults
    }
    for (const [name, show] of [...views, ...pictureViews]) {
      await show(page)
      await look(name)
    }
    await page.context().clearCookies()
    await page.goto('/register')
    await page.getByLabel('Password', { exact: true }).waitFor()
    await look('register')
    expect(found).toEqual({})
  })
})

it('fits a screen of 320 pixels', async () => {
  const page = await openPage(browser, easel, { as: anna, width: 320, height: 640, touch: true })
  for (const [name, show] of [...views, ...pictureViews]) {
    await show(page)
    expect(await standingOut(page), name).toEqual([])
  }
})

it('shows Download at rest on touch, and on hover and focus with a mouse', async () => {
  const opacity = (page: Page) =>
    page
      .locator('.generated-image-download-btn')
      .first()
      .evaluate((button) => {
        let seen = 1
        for (let at = button; at; at = at.parentElement) {
          seen *= Number(at.ownerDocument.defaultView.getComputedStyle(at).opacity)
        }
        return seen
      })
  const phone = await openPage(browser, easel, {
    as: anna,
    at: `/c/${conversation}`,
    width: 390,
    touch: true,
  })
  await drawnWidth(phone.locator('.generated-image-wrapper img').first())
  expect(await opacity(phone)).toBe(1)

  const page = await openPage(browser, easel, { as: anna, at: `/c/${conversation}` })
  const wrapper = page.locator('.generated-image-wrapper').first()
  await drawnWidth(wrapper.locator('img'))
  expect(await opacity(page)).toBe(0)
  await wrapper.hover()
  await expect.poll(() => opacity(page)).toBe(1)
  await page.mouse.move(1, 1)
  await expect.poll(() => opacity(page)).toBe(0)
  await page.locator('.generated-image-download-btn').first().focus()
  await expect.poll(() => opacity(page)).toBe(1)
})

it.each([
  { name: 'one picture', wish: '/image a calm sea --aspect 16:9', count: 1, width: 1280, touch: false },
  {
    name: 'a set on a phone',
    wish: '/image calm seas --aspect 16:9 --n 4',
    count: 4,
    width: 390,
    touch: true,
  },
  { name: 'a set on a phone, square', wish: '/image calm seas --n 3', count: 3, width: 390, touch: true },
])('moves nothing while pictures are painted and appear: $name', async ({ wish, count, width, touch }) => {
  const id = await anna.conversation('Seas')
  const page = await openPage(browser, easel, { as: anna, at: `/c/${id}`, width, height: 844, touch })
  await page.getByRole('heading', { name: 'Seas' }).waitFor()
  const paintings = Array.from({ length: count }, () => hold())
  easel.fake?.next(...paintings.map((painting) => when(asksForPicture, painting.behaviour)))
  await page.getByRole('textbox', { name: 'Message' }).fill(wish)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByRole('progressbar').first().waitFor()
  await page.evaluate(`window.shifts = []
    const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ')
    const describe = ({ node, previousRect, currentRect }) =>
      [node?.className || node?.textContent, place(previousRect), '→', place(currentRect)].join(' ')
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shifts.push(entry.value, ...entry.sources.map(describe))
    }).observe({ type: 'layout-shift' })`)
  await Promise.all(paintings.map((painting) => painting.reached))
  const painting = page.getByText('Painting', { exact: true })
  await expect.poll(() => painting.count(), { timeout: patience }).toBe(count)
  // How far it is and how long it has taken are said of each, on any screen.
  for (const figures of await page.locator('.picture__status .figures').all()) {
    expect(await figures.isVisible()).toBe(true)
    expect(await figures.innerText()).toMatch(/^60 % · \d+ s/)
    expect(await isCut(figures)).toBe(false)
  }
  const frame = page.locator('.picture .picture__frame').last()
  const before = await frame.evaluate(placeOf)
  for (const painting of paintings) painting.release()
  const pictures = page.locator('#chatView .generated-image-wrapper img')
  await expect.poll(() => pictures.count(), { timeout: patience }).toBe(count)
  for (const picture of await pictures.all()) await drawnWidth(picture)
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor()
  // Two frames: what the picture has moved is known by then.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  expect(await page.evaluate('window.shifts')).toEqual([])
  expect(await frame.evaluate(placeOf)).toEqual(before)
})

/** Whether something does not show all of its words. */
function isCut(words: Locator): Promise<boolean> {
  return words.evaluate(
    (element: { scrollWidth: number; clientWidth: number }) => element.scrollWidth > element.clientWidth,
  )
}

/** Where an element stands in the document, wherever the window is scrolled to. */
function placeOf(element: {
  getBoundingClientRect(): { x: number; y: number; width: number; height: number }
  ownerDocument: { defaultView: { scrollY: number } }
}) {
  const { x, y, width, height } = element.getBoundingClientRect()
  return { x, y: y + element.ownerDocument.defaultView.scrollY, width, height }
}
