import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import type { PictureGallery } from './picture-gallery.ts'
import { walk } from './walk.ts'

/** Arrow keys walk over the pictures, or over their boxes to tick; Escape lets go of what is selected. */
export function useWalking(place: RefObject<HTMLElement | null>, gallery: PictureGallery) {
  useLayoutEffect(() => {
    const element = place.current
    if (!element) return undefined
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'Escape' && gallery.selected.peek().length > 0) {
        gallery.selectNone()
        focusTabStop(element)
        return
      }
      const target = event.target instanceof HTMLElement ? event.target : undefined
      const own = target?.closest<HTMLElement>('.wall li')
      if (!target || !own) return
      const plates = [...element.querySelectorAll<HTMLElement>('.wall li')]
      const forward = getComputedStyle(element).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
      const boxes = plates.map((plate) => plate.getBoundingClientRect())
      const next = walk(boxes, plates.indexOf(own), event.key, forward)
      if (next === undefined) return
      event.preventDefault()
      plates[next]?.querySelector<HTMLElement>(target.matches('input') ? 'input' : 'a')?.focus()
    }
    element.addEventListener('keydown', press)
    return () => element.removeEventListener('keydown', press)
  }, [place, gallery])
}

/** Goes on at the picture that was visited last, once what changed is drawn. */
export function focusTabStop(place: ParentNode) {
  requestAnimationFrame(() => place.querySelector<HTMLElement>('.wall a[tabindex="0"]')?.focus())
}
