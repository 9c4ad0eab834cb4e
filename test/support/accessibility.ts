import axe from 'axe-core'
import type { Page } from 'playwright-core'

/**
 * What axe finds of serious or critical weight on the page as it stands, a line each.
 * @param rules which of its rules are asked; all that it asks by itself unless told.
 */
export async function seriousFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source)
  const options = { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) }
  const findings: axe.Result[] = await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)}).then((results) => results.violations)`,
  )
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    )
}

/** The rules of axe that a colour scheme can bear on: those that read colours. */
export const rulesOfColour = ['color-contrast', 'link-in-text-block']

/** How many pixels the page, or a dialog before it, stands out of its window on either side. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(`Math.max(...[document.documentElement, ...document.querySelectorAll('dialog[open]')].map(
    (element) => Math.max(
      element.scrollWidth - element.clientWidth,
      Math.ceil(element.getBoundingClientRect().right - window.innerWidth),
      Math.ceil(-element.getBoundingClientRect().left),
    )))`)
}

/** What can be pressed and is smaller than 44 × 44 pixels; links among words are as tall as their words. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    const top = document.querySelector('dialog[open]') ?? document.body
    return [...top.querySelectorAll('a[href], button, select, textarea, summary, input:not([type=file]), [role=option]')]
      .filter((element) => shown(element) && !element.closest('p, .skip, [inert]'))
      .map((element) => ({ element, box: (element.closest('label') ?? element).getBoundingClientRect() }))
      .filter(({ box }) => box.right > 0 && box.width > 0 && (box.width < 43.5 || box.height < 43.5))
      .map(({ element, box }) => [
        element.tagName.toLowerCase(),
        element.className,
        element.getAttribute('aria-label') ?? element.textContent.slice(0, 30),
        Math.round(box.width) + '×' + Math.round(box.height),
      ].join(' '))
  })()`)
}
