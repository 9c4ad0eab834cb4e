/** Puts a popover above its button, with its end at the button's, within the window. */
export function placeAbove(popover: HTMLElement, button: HTMLElement) {
  const from = button.getBoundingClientRect()
  const { width } = popover.getBoundingClientRect()
  const left = Math.min(Math.max(8, from.right - width), window.innerWidth - width - 8)
  popover.style.left = `${left}px`
  popover.style.bottom = `${window.innerHeight - from.top + 4}px`
}
