import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { OpenConversation } from '../app/open-conversation.ts'
import { lazy } from '../parts/lazy.tsx'
import { texts } from '../texts/texts.ts'

/** Fetches the code that draws messages. An empty conversation does without it until something is written. */
export const fetchMessages = async () => (await import('./messages.tsx')).Messages

const Messages = lazy(fetchMessages)

/** From so many messages on, those out of sight are not laid out; fewer are, so that nothing ever moves. */
const longFrom = 150

/** The messages of the open conversation; older ones are read as the reader comes near the top. */
export function Transcript({
  open,
  place,
}: {
  open: OpenConversation
  place: RefObject<HTMLDivElement | null>
}) {
  const entries = open.entries.value
  const older = open.older.value
  const top = useRef<HTMLDivElement>(null)
  const height = useRef(0)
  const first = entries[0]?.key
  const lastFirst = useRef(first)

  useEffect(() => {
    const element = top.current
    if (!element || older === null) return undefined
    const watching = new IntersectionObserver(
      ([seen]) => {
        if (!seen?.isIntersecting) return
        height.current = document.documentElement.scrollHeight
        void open.readOlder()
      },
      { rootMargin: '600px 0px 0px 0px' },
    )
    watching.observe(element)
    return () => watching.disconnect()
  }, [open, older])

  useLayoutEffect(() => {
    if (lastFirst.current !== first && height.current > 0) {
      // What came in above must not move what is being read.
      window.scrollBy(0, document.documentElement.scrollHeight - height.current)
    }
    height.current = 0
    lastFirst.current = first
  }, [first])

  return (
    <div
      class="transcript"
      id="chatView"
      ref={place}
      role="log"
      aria-live="off"
      aria-label={texts.conversation.label}
      data-long={entries.length > longFrom ? '' : undefined}
      aria-busy={open.reading.value === 'loading'}
    >
      {older !== null && (
        <div class="transcript__older quiet" ref={top}>
          {texts.conversation.older}
        </div>
      )}
      <Messages entries={entries} open={open} />
    </div>
  )
}
