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

/**
 * What stands out of the window on either side, a line each with how many pixels: the page or a dialog where it can be
 * scrolled sideways, and what is fixed to the window or in a dialog, which nothing can be scrolled to. What scrolls in a box of
 * its own is within that.
 */
export function standingOut(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const isCut = (element) => {
      for (let at = element; at && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at)
        if (style.clipPath !== 'none' || (at !== element && style.overflowX !== 'visible')) return true
        if (style.position === 'fixed') return false
      }
      return false
    }
    const out = (element) => {
      const { left, right, width, height } = element.getBoundingClientRect()
      return width * height === 0 ? 0 : Math.ceil(Math.max(right - window.innerWidth, -left) - 0.5)
    }
    const top = document.querySelector('dialog[open]') ?? document.body
    return [
      ...[document.documentElement, ...document.querySelectorAll('dialog[open]')]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(({ tagName, scrollWidth, clientWidth }) => tagName.toLowerCase() + ' scrolls by ' + (scrollWidth - clientWidth)),
      ...[top, ...top.querySelectorAll('*')]
        .filter((element) => out(element) > 0 && element.checkVisibility({ visibilityProperty: true }) && !isCut(element))
        .map((element) => element.tagName.toLowerCase() + ' ' + element.getAttribute('class') + ' by ' + out(element)),
    ]
  })()`)
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

/**
 * What axe finds of the contrast of words while all of them are pointed at, and of those that cannot be pressed just
 * now, which it leaves out otherwise; a line each. The page is afterwards as it was.
 */
export async function contrastInHand(page: Page): Promise<string[]> {
  await takeInHand(page)
  try {
    return await seriousFindings(page, ['color-contrast'])
  } finally {
    await page.evaluate('window.letGo()')
  }
}

/** Makes everything look as it does when it is pointed at, and what cannot be pressed be taken for what can. */
export async function takeInHand(page: Page): Promise<void> {
  await page.evaluate(inHand)
}

/** Says every rule of the styles for `:hover` and for disabled controls again for a class, and gives out these classes. */
const inHand = `(() => {
  const seen = (window.stylesInHand ??= new WeakSet())
  const inClasses = (selector) => selector
    .replaceAll(':hover', '.in-hand')
    .replaceAll(/:disabled|\\[aria-disabled="true"\\]/g, '.was-disabled')
  const sayAgain = (group) => {
    // From the end, so that what is inserted is not met again.
    for (let at = group.cssRules.length - 1; at >= 0; at -= 1) {
      const rule = group.cssRules[at]
      if (rule instanceof CSSGroupingRule) sayAgain(rule)
      if (!(rule instanceof CSSStyleRule)) continue
      const selector = inClasses(rule.selectorText)
      if (selector !== rule.selectorText)
        group.insertRule(selector + rule.cssText.slice(rule.selectorText.length), at + 1)
    }
  }
  for (const sheet of document.styleSheets) {
    if (!seen.has(sheet)) sayAgain(sheet)
    seen.add(sheet)
  }
  const all = [...document.body.querySelectorAll('*')]
  const disabled = all
    .filter((element) => element.matches(':disabled, [aria-disabled=true]'))
    .map((element) => ({ element, attributes: ['disabled', 'aria-disabled']
      .filter((name) => element.hasAttribute(name))
      .map((name) => [name, element.getAttribute(name)]) }))
  for (const element of all) element.classList.add('in-hand')
  for (const { element, attributes } of disabled) {
    element.classList.add('was-disabled')
    for (const [name] of attributes) element.removeAttribute(name)
  }
  window.letGo = () => {
    for (const element of all) element.classList.remove('in-hand', 'was-disabled')
    for (const { element, attributes } of disabled)
      for (const [name, value] of attributes) element.setAttribute(name, value)
  }
})()`
