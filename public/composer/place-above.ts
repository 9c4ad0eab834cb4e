import { leftAtEnd } from '../parts/at-end.ts'

/**
 * Puts a popover that opens above its button, with its end at the button's, within the window. One that closes forgets
 * its place: until it has one again it is not seen.
 */
export function placeAbove(popover: HTMLElement, button: HTMLElement, newState: ToggleEvent['newState']) {
  if (newState !== 'open') {
    popover.removeAttribute('style')
    return
  }
  popover.style.left = `${leftAtEnd(button, popover.getBoundingClientRect().width)}px`
  popover.style.bottom = `${window.innerHeight - button.getBoundingClientRect().top + 4}px`
}
