import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { fit, pan, type Point, type View, wheelFactor, zoomAt } from './zoom.ts'

/** How far a finger goes sideways, in CSS pixels, until it means the next picture. */
const swipe = 60
/** What a double click and the buttons magnify by. */
const step = 2
/** How near to the line between two magnified pictures, in CSS pixels, a drag moves it rather than the pictures. */
const grip = 28

interface ZoomParts {
  stage: RefObject<HTMLElement | null>
  /** Begins anew with each picture. */
  id: string
  /** Called when a finger swipes over a picture that fits: -1 for the one before, 1 for the next. */
  onSwipe: (direction: -1 | 1) => void
  /** Called when the line between two pictures is dragged: to which share of their width, from its start. */
  onSlide: (share: number) => void
}

/** Zoom by wheel, pinch and double click, pan by dragging, and the line between two pictures. */
export function useZoom({ stage, id, onSwipe, onSlide }: ZoomParts) {
  const [view, setView] = useState(fit)
  const latest = useRef(view)
  const acts = useRef({ onSwipe, onSlide })
  acts.current = { onSwipe, onSlide }

  const show = (next: View) => {
    const element = stage.current
    const frame = element?.querySelector<HTMLElement>('.compare')
    const picture = frame ?? element?.querySelector('img')
    if (!element || !picture) return
    const room = frame ?? element
    latest.current = pan(
      next,
      { x: 0, y: 0 },
      { x: picture.offsetWidth, y: picture.offsetHeight },
      { x: room.clientWidth, y: room.clientHeight },
    )
    setView(latest.current)
  }
  const magnify = (factor: number, point: Point = { x: 0, y: 0 }) =>
    show(factor === 0 ? fit : zoomAt(latest.current, factor, point))

  // Before anything can be pressed: afterwards it would undo what a quick hand did to the new picture.
  useLayoutEffect(() => {
    latest.current = fit
    setView(fit)
  }, [id])

  useLayoutEffect(() => {
    const element = stage.current
    if (!element) return undefined
    const fingers = new Map<number, Point>()
    let start: Point | undefined
    let sliding = false
    const listening = new AbortController()
    const { signal } = listening
    const placeOf = (event: MouseEvent): Point => {
      const box = element.getBoundingClientRect()
      return { x: event.clientX - box.x - box.width / 2, y: event.clientY - box.y - box.height / 2 }
    }
    const isButton = (event: Event) =>
      event.target instanceof Element && event.target.closest('button') !== null
    const isRightToLeft = () => getComputedStyle(element).direction === 'rtl'
    const slide = (event: PointerEvent) => {
      const box = element.querySelector('.compare')?.getBoundingClientRect()
      if (!box) return
      const from = isRightToLeft() ? box.right - event.clientX : event.clientX - box.left
      acts.current.onSlide(Math.min(1, Math.max(0, from / box.width)))
    }
    const takesLine = (event: PointerEvent): boolean => {
      const line = element.querySelector('.compare__line')?.getBoundingClientRect()
      if (!line) return false
      return latest.current.scale === 1 || Math.abs(event.clientX - line.x - line.width / 2) <= grip
    }

    const wheel = (event: WheelEvent) => {
      event.preventDefault()
      magnify(wheelFactor(event.deltaY, event.deltaMode), placeOf(event))
    }
    const down = (event: PointerEvent) => {
      if (event.button !== 0 || isButton(event)) return
      element.setPointerCapture(event.pointerId)
      fingers.set(event.pointerId, placeOf(event))
      sliding = fingers.size === 1 && takesLine(event)
      start = fingers.size === 1 && !sliding ? placeOf(event) : undefined
      if (sliding) slide(event)
    }
    const move = (event: PointerEvent) => {
      const before = fingers.get(event.pointerId)
      if (!before) return
      const now = placeOf(event)
      const [other] = [...fingers].filter(([finger]) => finger !== event.pointerId)
      fingers.set(event.pointerId, now)
      if (other) {
        const middle = { x: (now.x + other[1].x) / 2, y: (now.y + other[1].y) / 2 }
        const factor = distance(now, other[1]) / Math.max(1, distance(before, other[1]))
        magnify(factor, middle)
        // Of what one finger moves, the middle of the two moves half.
        drag((now.x - before.x) / 2, (now.y - before.y) / 2)
      } else if (sliding) slide(event)
      else drag(now.x - before.x, now.y - before.y)
    }
    const drag = (byX: number, byY: number) => {
      const { scale, x, y } = latest.current
      if (scale > 1) show({ scale, x: x + byX, y: y + byY })
    }
    const up = (event: PointerEvent) => {
      if (!fingers.delete(event.pointerId) || !start || event.pointerType !== 'touch') return
      const by = placeOf(event).x - start.x
      if (latest.current.scale > 1 || Math.abs(by) <= swipe) return
      acts.current.onSwipe(by < 0 === isRightToLeft() ? -1 : 1)
    }
    const twice = (event: MouseEvent) => {
      if (!isButton(event)) magnify(latest.current.scale > 1 ? 0 : step * 1.25, placeOf(event))
    }
    element.addEventListener('wheel', wheel, { passive: false, signal })
    element.addEventListener('pointerdown', down, { signal })
    element.addEventListener('pointermove', move, { signal })
    element.addEventListener('pointerup', up, { signal })
    element.addEventListener('pointercancel', (event) => fingers.delete(event.pointerId), { signal })
    element.addEventListener('dblclick', twice, { signal })
    return () => listening.abort()
  }, [stage])

  return { view, larger: () => magnify(step), smaller: () => magnify(1 / step), reset: () => magnify(0) }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
