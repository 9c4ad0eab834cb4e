import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** Where a drawer covers most of the page; as the styles have it. */
const covering = '(max-width: 56rem)'
/** What takes Escape for itself: a menu, or a field in which something was begun. */
const ownEscape = '.title-field, input[type="search"]:not(:placeholder-shown)'

/**
 * What a part of the page does while it lies over the rest: the focus goes into it, Escape closes it, and the focus
 * goes back to where it came from. Where it covers most of the page, what is behind it is out of reach.
 */
export function useDrawer(place: RefObject<HTMLElement | null>, isOpen: boolean, onClose: () => void) {
  const close = useRef(onClose)
  close.current = onClose
  useLayoutEffect(() => {
    const drawer = place.current
    if (!isOpen || !drawer || !liesOver(drawer)) return undefined
    const opener = document.activeElement
    const closing = new AbortController()
    const { signal } = closing
    const width = window.matchMedia(covering)
    const behind = [...document.querySelectorAll<HTMLElement>('.skip, .desk')]
    const cover = () => {
      for (const part of behind) part.inert = width.matches
    }
    cover()
    width.addEventListener('change', cover, { signal })
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape' || event.shiftKey) return
        if (!liesOver(drawer) || hasOwnEscape(event.target)) return
        // It is no wish to stop an answer.
        event.stopPropagation()
        close.current()
      },
      { capture: true, signal },
    )
    drawer.querySelector('button')?.focus({ preventScroll: true })
    return () => {
      closing.abort()
      for (const part of behind) part.inert = false
      const focused = document.activeElement
      const isLost = focused === document.body || drawer.contains(focused)
      if (!isLost) return
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true })
      // What was behind is gone as well: what stands there now is not to wait until the browser sees that.
      else if (focused instanceof HTMLElement) focused.blur()
    }
  }, [place, isOpen])
}

function liesOver(drawer: HTMLElement): boolean {
  return getComputedStyle(drawer).position === 'fixed'
}

function hasOwnEscape(target: EventTarget | null): boolean {
  // A dialog that was opened from the drawer comes before it, and so does a menu.
  if (document.querySelector('dialog[open], :popover-open:not([role=status])') !== null) return true
  return target instanceof Element && target.matches(ownEscape)
}
