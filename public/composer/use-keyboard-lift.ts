import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/** A keyboard is at least so high, in CSS pixels; what hides less is a bar of the browser, which it minds itself. */
const lowestKeyboard = 120

/** What is seen of the page: smaller than the window while a keyboard lies over it, or somebody looks closer. */
export type SeenPart = Pick<VisualViewport, 'height' | 'offsetTop' | 'scale'>

/**
 * How far the window's lower end lies below what is seen, in CSS pixels, while a keyboard covers it. Browsers that
 * make the page smaller instead need no lift; nor does who looks closer with two fingers.
 */
export function keyboardLift(windowHeight: number, { height, offsetTop, scale }: SeenPart): number {
  const isKeyboard = scale < 1.01 && windowHeight - height >= lowestKeyboard
  return isKeyboard ? Math.max(0, Math.round(windowHeight - height - offsetTop)) : 0
}

/** Keeps what is fixed to the window's lower end above a keyboard that lies over the page. */
export function useKeyboardLift(place: RefObject<HTMLElement | null>) {
  useEffect(() => {
    const seen = window.visualViewport
    if (!seen) return undefined
    const lift = () => {
      const height = keyboardLift(window.innerHeight, seen)
      if (place.current) place.current.style.translate = height === 0 ? '' : `0 ${-height}px`
    }
    lift()
    seen.addEventListener('resize', lift)
    seen.addEventListener('scroll', lift)
    return () => {
      seen.removeEventListener('resize', lift)
      seen.removeEventListener('scroll', lift)
    }
  }, [place])
}
