import { type Browser, chromium, type Page } from 'playwright-core'
import { findBrowser } from '../support/global-setup.ts'
import { windowOptions } from '../support/window.ts'
import type { Child } from './child.ts'
import { onEveryCore, type Cores } from './machine.ts'
import { metersScript, type Frames, type Meters } from './page-meters.ts'
import type { SeedUser } from './seed.ts'

/** A page in a window of its own, with nothing cached, and its meters. */
export interface MeteredPage {
  page: Page
  meters(): Promise<Meters>
  /** Counts the frames that are drawn while something happens. */
  during(work: () => Promise<void>): Promise<Frames>
  close(): Promise<void>
}

/** Starts the test browser; it may use every core, as on a machine of its own. */
export async function startBrowser(cores: Cores | undefined): Promise<Browser> {
  const found = await findBrowser()
  return onEveryCore(cores, () => chromium.launch({ headless: true, ...found }))
}

/** Opens an address as that user, or as nobody, with the processor so many times slower than it is. */
export async function openMetered(
  browser: Browser,
  easel: Pick<Child, 'url'>,
  { path, user, slower = 1 }: { path: string; user?: SeedUser; slower?: number },
): Promise<MeteredPage> {
  const context = await browser.newContext({ ...windowOptions({}), baseURL: easel.url })
  if (user) {
    const [name = '', value = ''] = user.cookie.split('=', 2)
    await context.addCookies([{ name, value, url: easel.url, httpOnly: true, sameSite: 'Lax' }])
  }
  await context.addInitScript(metersScript)
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower })
  await page.goto(path)
  return {
    page,
    meters: () => page.evaluate<Meters>('window.bench.meters()'),
    async during(work) {
      await page.evaluate('window.bench.watchFrames()')
      await work()
      return page.evaluate<Frames>('window.bench.frames()')
    },
    close: () => context.close(),
  }
}

/** Milliseconds that a fixed piece of work takes on the page: how slow its processor really is. */
export function speedOf(page: Page): Promise<number> {
  return page.evaluate<number>(`(() => {
    const began = performance.now()
    let sum = 0
    for (let index = 0; index < 3e7; index += 1) sum = (sum * 31 + index) | 0
    return performance.now() - began + (sum === 1 ? 1 : 0)
  })()`)
}
