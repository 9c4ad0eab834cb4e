import type { Page } from 'playwright-core'

/**
 * A script for `openPage`'s `before`: lets a test stop the page's frames and timers, as a slow machine does for a while.
 * What the page puts off until it has been drawn does not come about then, but keys and clicks do.
 */
export const holdableFrames = `{
  const frame = window.requestAnimationFrame.bind(window)
  const later = window.setTimeout.bind(window)
  const waiting = []
  let held = false
  const orWait = (work) => (...given) => {
    if (held) waiting.push(() => work(...given))
    else work(...given)
  }
  window.requestAnimationFrame = (work) => frame(orWait(work))
  window.setTimeout = (work, ms, ...given) => later(orWait(work), ms, ...given)
  window.holdFrames = () => (held = true)
  window.releaseFrames = () => {
    held = false
    for (const work of waiting.splice(0)) work()
  }
}`

/** Does something while no frame comes, in a page that was opened with `holdableFrames`. */
export async function withoutFrames(page: Page, act: () => Promise<void>): Promise<void> {
  await page.evaluate('window.holdFrames()')
  await act()
  await page.evaluate('window.releaseFrames()')
}
