import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { expect, inject, onTestFinished } from 'vitest'
import type { Client } from './client.ts'
import type { Easel } from './easel.ts'
import { watchForFaults } from './page-faults.ts'

export interface PageOptions {
  /** Whose browser it is; nobody's unless told. */
  as?: Client
  /** Where it begins; `/` unless told. */
  at?: string
  width?: number
  height?: number
  /** A phone: touch, coarse pointer, no hover. */
  touch?: boolean
  colorScheme?: 'light' | 'dark'
  /** Faults that belong to the test, such as an answer with status 502. */
  allow?: readonly RegExp[]
}

/** Milliseconds that what a person would wait for may take on a busy machine. */
export const patience = 10_000

/** Starts the test browser; close it in `afterAll`. */
export async function launchBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ headless: true, ...inject('browser') })
  return browser
}

/** A window of its own (cookies, storage), the same in every run. It is closed with the test, which fails on any fault. */
export async function openPage(browser: Browser, easel: Easel, options: PageOptions = {}): Promise<Page> {
  const context = await browser.newContext({ ...contextOptions(options), baseURL: easel.url })
  context.setDefaultTimeout(patience)
  const faults = await watchForFaults(context, easel.url, options.allow ?? [])
  onTestFinished(async () => {
    await context.close()
    expect(faults, 'faults seen by the browser').toEqual([])
  })
  if (options.as) await signIn(context, easel.url, options.as)
  const page = await context.newPage()
  await page.goto(options.at ?? '/')
  return page
}

/** What all windows have in common: nothing moves by itself, and no time or language of the machine shows. */
export function contextOptions({
  width = 1280,
  height = 800,
  touch = false,
  colorScheme = 'light',
}: PageOptions = {}) {
  return {
    viewport: { width, height },
    colorScheme,
    hasTouch: touch,
    isMobile: touch,
    reducedMotion: 'reduce' as const,
    locale: 'en-GB',
    timezoneId: 'UTC',
    acceptDownloads: true,
  }
}

/** Gives the browser the session that a client has. */
async function signIn(context: BrowserContext, url: string, client: Client): Promise<void> {
  const [name = '', value = ''] = client.cookie?.split('=', 2) ?? []
  if (name === '') throw new Error('The client is not signed in.')
  await context.addCookies([{ name, value, url, httpOnly: true, sameSite: 'Lax' }])
}

/** Waits until a picture is not only there but drawn; answers its width in pixels of the file that came. */
export async function drawnWidth(picture: Locator): Promise<number> {
  await expect
    .poll(() => picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth), {
      timeout: patience,
    })
    .toBeGreaterThan(0)
  return picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)
}
