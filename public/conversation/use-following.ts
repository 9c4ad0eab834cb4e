import type { RefObject } from 'preact'
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { OpenConversation } from '../app/open-conversation.ts'

/** How near the end counts as being there, in CSS pixels. */
const near = 48
/** How long after a wheel, touch or key a scroll is still the reader's, in milliseconds. */
const handTime = 600

/**
 * Keeps the end of the transcript in view while the reader is there. Only the reader's own scrolling
 * switches it off or on; sizes that settle late (pictures, `content-visibility`) are followed.
 */
export function useFollowing(transcript: RefObject<HTMLElement | null>, open: OpenConversation) {
  const [following, setFollowing] = useState(true)
  const flag = useRef(true)

  const toEnd = useCallback(() => window.scrollTo(0, document.documentElement.scrollHeight), [])
  const follow = useCallback(() => {
    flag.current = true
    setFollowing(true)
    requestAnimationFrame(toEnd)
  }, [toEnd])

  const stop = useCallback(() => {
    flag.current = false
    setFollowing(false)
  }, [])

  useEffect(follow, [follow, open])

  useEffect(() => {
    let handAt = Number.NEGATIVE_INFINITY
    const hand = () => {
      handAt = performance.now()
    }
    const look = () => {
      if (performance.now() - handAt > handTime) return
      const left = document.documentElement.scrollHeight - window.innerHeight - window.scrollY
      flag.current = left <= near
      setFollowing(flag.current)
    }
    const keys = (event: KeyboardEvent) => {
      if (['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', ' '].includes(event.key)) hand()
    }
    const listening = new AbortController()
    const passive = { passive: true, signal: listening.signal }
    window.addEventListener('wheel', hand, passive)
    window.addEventListener('touchmove', hand, passive)
    window.addEventListener('pointerdown', hand, passive)
    window.addEventListener('keydown', keys, passive)
    window.addEventListener('scroll', look, passive)
    return () => listening.abort()
  }, [])

  const reading = open.reading.value
  useEffect(() => {
    const element = transcript.current
    if (!element) return undefined
    const watching = new ResizeObserver(() => {
      if (flag.current) toEnd()
    })
    watching.observe(element)
    // What comes in around it (a banner, a taller composer) moves the end as well.
    if (element.parentElement) watching.observe(element.parentElement)
    return () => watching.disconnect()
  }, [transcript, toEnd, open, reading])

  return { following, follow, stop }
}
