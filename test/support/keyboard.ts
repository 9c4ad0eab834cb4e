import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { patience } from './page.ts'

/** Presses Tab until the element has the focus. */
export async function tabTo(page: Page, target: Locator, { backwards = false } = {}): Promise<void> {
  await target.waitFor()
  for (let presses = 0; presses < 60; presses += 1) {
    if (await hasFocus(target)) return
    await page.keyboard.press(backwards ? 'Shift+Tab' : 'Tab')
  }
  throw new Error(`Tab does not reach ${String(target)}`)
}

/** Waits until the element has the focus. */
export async function expectFocus(target: Locator): Promise<void> {
  await expect
    .poll(() => hasFocus(target), { message: `focus on ${String(target)}`, timeout: patience })
    .toBe(true)
}

function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === element.ownerDocument.activeElement)
}
