import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { useKeyboardLift } from './use-keyboard-lift.ts'

/** Kept between what the focus is moved to and the dock, in pixels. */
const air = 16

interface DockProps {
  /** What comes and goes, standing on what stays. */
  above: ComponentChildren
  /** Told when there is more or less room over it all. */
  onResize: () => void
  children: ComponentChildren
}

/**
 * What hangs over the lower end of the desk, whose own end stays as far up as the dock is high: nothing is hidden. Both
 * its parts grow upwards by a transform and not by their place in the layout, so that what they hold stays where it is.
 */
export function Dock({ above, onResize, children }: DockProps) {
  const edge = useRef<HTMLDivElement>(null)
  const upper = useRef<HTMLDivElement>(null)
  const lower = useRef<HTMLDivElement>(null)
  const tell = useRef(onResize)
  tell.current = onResize
  useKeyboardLift(edge)
  useLayoutEffect(() => {
    const parts = [upper.current, lower.current].filter((part) => part !== null)
    const desk = edge.current?.parentElement
    const page = document.documentElement
    if (!desk) return undefined
    let height = 0
    const keepRoom = () => {
      const now = parts.reduce((sum, part) => sum + part.offsetHeight, 0)
      if (now === height) return
      height = now
      desk.style.paddingBlockEnd = `${height}px`
      page.style.scrollPaddingBlockEnd = `${height + air}px`
      tell.current()
    }
    keepRoom()
    desk.style.setProperty('--dock-at-rest', `${height}px`)
    const watching = new ResizeObserver(keepRoom)
    for (const part of parts) watching.observe(part)
    return () => {
      watching.disconnect()
      desk.style.paddingBlockEnd = ''
      desk.style.removeProperty('--dock-at-rest')
      page.style.scrollPaddingBlockEnd = ''
    }
  }, [])
  return (
    <div class="dock-edge" ref={edge}>
      <div class="dock" ref={lower}>
        <div class="dock__above" ref={upper}>
          {above}
        </div>
        {children}
      </div>
    </div>
  )
}
