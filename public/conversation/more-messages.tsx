import { useEffect, useRef } from 'preact/hooks'
import type { ReadingEdge } from '../app/reading-edge.ts'
import { Banner } from '../parts/banner.tsx'
import { texts } from '../texts/texts.ts'

interface MoreMessagesProps {
  edge: ReadingEdge
  /** Reads the next messages at this edge. */
  read: () => Promise<void>
  /** What is said while they are on their way. */
  label: string
}

/** Reads on as the reader comes near an edge of what is shown. Nothing where the conversation begins or ends. */
export function MoreMessages({ edge, read, label }: MoreMessagesProps) {
  const cursor = edge.cursor.value
  const state = edge.state.value
  const failed = typeof state === 'object'
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    // What failed is not asked for over and over; a hand, or the net coming back, tries again.
    if (!element || cursor === null || failed) return undefined
    const watching = new IntersectionObserver(
      ([seen]) => {
        if (seen?.isIntersecting) void read()
      },
      { rootMargin: '600px 0px' },
    )
    watching.observe(element)
    return () => watching.disconnect()
  }, [edge, cursor, failed])
  if (cursor === null) return null
  return (
    <div class="transcript__older quiet" ref={place}>
      {typeof state === 'object' ? (
        <Banner kind="danger" action={{ label: texts.retry, run: () => void read() }}>
          {texts.conversation.moreUnreadable} {state.message}
        </Banner>
      ) : (
        label
      )}
    </div>
  )
}
