import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { expect, inject, onTestFinished } from 'vitest'
import type { Client } from './client.ts'
import type { Easel } from './easel.ts'
import { watchForFaults } from './page-faults.ts'
import { signIn, type WindowOptions, windowOptions } from './window.ts'

export interface PageOptions extends WindowOptions {
  /** Whose browser it is; nobody's unless told. */
  as?: Client
  /** Where it begins; `/` unless told. */
  at?: string
  /** Faults that belong to the test, such as an answer with status 502. */
  allow?: readonly RegExp[]
  /** A script that runs in each document before the page's own. */
  before?: string
}

/** Milliseconds that what a person would wait for may take on a busy machine. */
export const patience = 60_000

/** Starts the test browser; close it in `afterAll`. */
export async function launchBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ headless: true, ...inject('browser') })
  return browser
}

/** A window of its own (cookies, storage), the same in every run. It is closed with the test, which fails on any fault. */
export async function openPage(browser: Browser, easel: Easel, options: PageOptions = {}): Promise<Page> {
  const context = await browser.newContext({ ...windowOptions(options), baseURL: easel.url })
  context.setDefaultTimeout(patience)
  const faults = await watchForFaults(context, easel.url, options.allow ?? [])
  onTestFinished(async () => {
    await context.close()
    expect(faults, 'faults seen by the browser').toEqual([])
  })
  if (options.before !== undefined) await context.addInitScript(options.before)
  if (options.as) await signIn(context, easel.url, options.as)
  const page = await context.newPage()
  await page.goto(options.at ?? '/')
  return page
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
