import type { BrowserContext } from 'playwright-core'
import type { Client } from './client.ts'

export interface WindowOptions {
  width?: number
  height?: number
  /** A phone: touch, coarse pointer, no hover. */
  touch?: boolean
  colorScheme?: 'light' | 'dark'
  /** Pixels of the screen for one of the page; 2 with half the width is a page enlarged to 200 %. */
  scale?: number
  /** The browser's language; British English unless told. */
  locale?: string
}

/** What `newContext` takes: nothing moves by itself, and no time or language of the machine shows. */
export function windowOptions({
  width = 1280,
  height = 800,
  touch = false,
  colorScheme = 'light',
  scale = 1,
  locale = 'en-GB',
}: WindowOptions) {
  return {
    viewport: { width, height },
    colorScheme,
    deviceScaleFactor: scale,
    hasTouch: touch,
    isMobile: touch,
    reducedMotion: 'reduce' as const,
    locale,
    timezoneId: 'UTC',
  }
}

/** Gives the browser the session that a client has. */
export async function signIn(context: BrowserContext, url: string, client: Client): Promise<void> {
  const [name = '', value = ''] = client.cookie?.split('=', 2) ?? []
  if (name === '') throw new Error('The client is not signed in.')
  await context.addCookies([{ name, value, url, httpOnly: true, sameSite: 'Lax' }])
}
