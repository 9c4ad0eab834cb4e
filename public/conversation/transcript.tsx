import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { OpenConversation } from '../app/open-conversation.ts'
import type { Entry } from '../app/shown-messages.ts'
import { fetchFormulas, waitsForFormulas } from '../markdown/formulas.ts'
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
  const first = entries[0]?.key
  useStandingStill(place, first)
  const waits = useFormulasFirst(open, entries)

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
      {!waits && <Messages entries={entries} open={open} place={place} />}
    </div>
  )
}

/** True while the messages a conversation opens with wait for what draws their formulas: they would move afterwards. */
function useFormulasFirst(open: OpenConversation, entries: readonly Entry[]): boolean {
  const shown = useRef<OpenConversation | undefined>(undefined)
  const waits = shown.current !== open && entries.some((entry) => waitsForFormulas(entry.message.peek().text))
  if (!waits && entries.length > 0) shown.current = open
  useEffect(() => {
    if (waits) void fetchFormulas()
  }, [waits])
  return waits
}

/**
 * Keeps what is being read where it is when older messages come in above. Most browsers do so by themselves,
 * but not at the very top, and not all of them; whatever is left to do is measured on the message itself.
 */
function useStandingStill(place: RefObject<HTMLElement | null>, first: string | undefined) {
  const lastFirst = useRef(first)
  const standing = useRef<{ message: Element; top: number } | undefined>(undefined)
  if (lastFirst.current !== first) {
    const message = place.current?.querySelector('article')
    standing.current = message ? { message, top: message.getBoundingClientRect().top } : undefined
  }
  useLayoutEffect(() => {
    lastFirst.current = first
    const before = standing.current
    standing.current = undefined
    if (!before?.message.isConnected) return
    const moved = before.message.getBoundingClientRect().top - before.top
    if (Math.abs(moved) >= 1) window.scrollBy(0, moved)
  }, [first])
}
