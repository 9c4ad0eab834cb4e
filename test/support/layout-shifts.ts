import type { Page } from 'playwright-core'

/**
 * Notes from the next page on what moves in it without being scrolled, a line each, as the browser sees it.
 * @param byHand also what moves within half a second of a key or a click, which no figure counts
 */
export async function watchShifts(page: Page, { byHand = false } = {}): Promise<void> {
  await page.addInitScript(`{
    const shifts = []
    const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ')
    const describe = ({ node, previousRect, currentRect }) =>
      [node?.className || node?.textContent, place(previousRect), '→', place(currentRect)].join(' ')
    const note = (entries) => {
      for (const entry of entries)
        if (${String(byHand)} || !entry.hadRecentInput) shifts.push(String(entry.value), ...entry.sources.map(describe))
    }
    const watching = new PerformanceObserver((list) => note(list.getEntries()))
    watching.observe({ type: 'layout-shift', buffered: true })
    window.takeShifts = () => {
      note(watching.takeRecords())
      return shifts.splice(0)
    }
  }`)
}

/** What has moved since it was asked before. */
export async function shiftsSoFar(page: Page): Promise<string[]> {
  // What was drawn before has been looked at after two frames.
  await twoFrames(page)
  return page.evaluate('window.takeShifts()')
}

/** Waits until what was asked for before is drawn. */
export async function twoFrames(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}
