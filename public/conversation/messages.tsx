import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { OpenConversation } from '../app/open-conversation.ts'
import type { Entry } from '../app/shown-messages.ts'
import { texts } from '../texts/texts.ts'
import { MessageView } from './message-view.tsx'
import { MoreMessages } from './more-messages.tsx'
import { useKeptFocus } from './use-kept-focus.ts'

/** So many of the newest messages fill the screen: they are drawn first, and those above them right after. */
const firstDrawn = 10

/** The messages one below the other, and the ways to older and newer ones. */
export function Messages({
  entries,
  open,
  place,
}: {
  entries: readonly Entry[]
  open: OpenConversation
  /** The transcript that they stand in. */
  place: RefObject<HTMLElement | null>
}) {
  useKeptFocus(place)
  const isWhole = useRestAfter(open, entries.length)
  const shown = isWhole ? entries : entries.slice(-firstDrawn)
  return (
    <>
      {isWhole && (
        <MoreMessages edge={open.older} read={() => open.readOlder()} label={texts.conversation.older} />
      )}
      {shown.map((entry, index) => (
        <MessageView key={entry.key} entry={entry} open={open} last={index === shown.length - 1} />
      ))}
      <MoreMessages edge={open.newer} read={() => open.readNewer()} label={texts.conversation.newer} />
    </>
  )
}

/** False while the beginning of a long conversation is still to be drawn, until its end is on the screen. */
function useRestAfter(open: OpenConversation, count: number): boolean {
  const [begun, setBegun] = useState<OpenConversation>()
  useEffect(() => {
    // An effect runs once its frame is drawn.
    if (count > 0) setBegun(open)
  }, [open, count > 0])
  return begun === open || count <= firstDrawn
}
