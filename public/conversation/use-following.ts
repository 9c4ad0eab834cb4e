import type { RefObject } from 'preact'
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { OpenConversation } from '../app/open-conversation.ts'

/** How near the end counts as being there, in CSS pixels. */
const near = 48
/** How long after a wheel, touch or key a scroll is still the reader's, in milliseconds. */
const handTime = 600
const upwards = new Set(['ArrowUp', 'PageUp', 'Home'])
const downwards = new Set(['ArrowDown', 'PageDown', 'End', ' '])
/** What scrolls by itself, or takes the keys for itself. */
const apart = 'textarea, input, select, dialog, [popover], .palette, .sidebar, .side-panel'

/**
 * Keeps the end of the transcript in view while the reader is there. Only the reader's own hand switches it
 * off (the first turn of the wheel upwards, before anything is measured) or on again (back at the end); sizes
 * that settle late (pictures, `content-visibility`) are followed.
 */
export function useFollowing(transcript: RefObject<HTMLElement | null>, open: OpenConversation) {
  const flag = useRef(true)
  /** The last message when the reader left the end; nothing while at it. */
  const [leftAt, setLeftAt] = useState<string>()
  const [away, setAway] = useState(false)

  const toEnd = useCallback(() => window.scrollTo(0, document.documentElement.scrollHeight), [])
  const follow = useCallback(() => {
    flag.current = true
    setLeftAt(undefined)
    setAway(false)
    requestAnimationFrame(toEnd)
  }, [toEnd])
  /** Answers whether the end was followed until now. */
  const stop = useCallback((): boolean => {
    const followed = flag.current
    if (followed) setLeftAt(open.entries.peek().at(-1)?.key)
    flag.current = false
    setAway(isAway())
    return followed
  }, [open])

  /** After a change of size: at the end still, or told how far it is. */
  const settle = useCallback(() => {
    if (!transcript.current) return
    if (flag.current) toEnd()
    else setAway(isAway())
  }, [transcript, toEnd])

  useLayoutEffect(follow, [follow, open])

  useLayoutEffect(() => {
    let handAt = Number.NEGATIVE_INFINITY
    let held = false
    let fingerAt = 0
    const hand = (up: boolean) => {
      handAt = performance.now()
      if (up && window.scrollY > 0) stop()
    }
    const isApart = (event: Event) => event.target instanceof Element && event.target.closest(apart) !== null
    const listening = new AbortController()
    const passive = { passive: true, signal: listening.signal }
    const on = <Name extends keyof WindowEventMap>(name: Name, take: (event: WindowEventMap[Name]) => void) =>
      window.addEventListener(name, take, passive)
    on('wheel', (event) => {
      if (!isApart(event)) hand(event.deltaY < 0)
    })
    on('touchstart', (event) => {
      fingerAt = event.touches[0]?.clientY ?? 0
    })
    on('touchmove', (event) => {
      const now = event.touches[0]?.clientY ?? fingerAt
      if (!isApart(event)) hand(now > fingerAt + 2)
      fingerAt = now
    })
    on('keydown', (event) => {
      if (isApart(event) || (event.key === ' ' && isPressedBySpace(event))) return
      if (upwards.has(event.key)) hand(true)
      else if (downwards.has(event.key)) hand(false)
    })
    // The scroll bar is dragged for as long as one likes, as words are that are marked. What a press on the page
    // changes may scroll it as well, which is nobody's wish.
    on('pointerdown', ({ target, button }) => {
      held = true
      if (target === document.documentElement || button === 1) handAt = performance.now()
    })
    on('pointerup', () => (held = false))
    on('pointercancel', () => (held = false))
    on('scroll', () => {
      if (!flag.current) setAway(isAway())
      if (!held && performance.now() - handAt > handTime) return
      if (isAway()) stop()
      // The end of a part in the middle is no end: it goes on as one reads.
      else if (!flag.current && open.isAtEnd) follow()
    })
    return () => listening.abort()
  }, [follow, stop, open])

  const reading = open.reading.value
  useLayoutEffect(() => {
    const element = transcript.current
    if (!element) return undefined
    const watching = new ResizeObserver(settle)
    watching.observe(element)
    // What comes in above it, as a banner does, moves the end as well.
    if (element.previousElementSibling) watching.observe(element.previousElementSibling)
    return () => watching.disconnect()
  }, [transcript, settle, open, reading])

  return { away, missed: missedSince(open, leftAt), follow, stop, settle }
}

/** Whether the key presses something instead of scrolling. */
function isPressedBySpace({ target }: Event): boolean {
  return target instanceof Element && target.closest('button, summary, a.picture__frame') !== null
}

function isAway(): boolean {
  return document.documentElement.scrollHeight - window.innerHeight - window.scrollY > near
}

/** How many answers came in below while the reader was elsewhere. */
function missedSince(open: OpenConversation, leftAt: string | undefined): number {
  const entries = open.entries.value
  const at = entries.findIndex((entry) => entry.key === leftAt)
  if (at === -1) return 0
  return entries.slice(at + 1).filter((entry) => entry.message.peek().sender === 'model').length
}
