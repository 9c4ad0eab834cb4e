/**
 * Where a popover begins, in pixels from the left of the window: with its end at its button's, within the window.
 * @param width the popover's, in pixels
 */
export function leftAtEnd(button: HTMLElement, width: number): number {
  const from = button.getBoundingClientRect()
  const left = getComputedStyle(button).direction === 'rtl' ? from.left : from.right - width
  return Math.max(8, Math.min(left, window.innerWidth - width - 8))
}
