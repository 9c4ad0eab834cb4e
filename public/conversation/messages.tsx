import type { RefObject } from 'preact'
import type { Entry, OpenConversation } from '../app/open-conversation.ts'
import { texts } from '../texts/texts.ts'
import { MessageView } from './message-view.tsx'
import { MoreMessages } from './more-messages.tsx'
import { useKeptFocus } from './use-kept-focus.ts'

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
  return (
    <>
      <MoreMessages edge={open.older} read={() => open.readOlder()} label={texts.conversation.older} />
      {entries.map((entry, index) => (
        <MessageView key={entry.key} entry={entry} open={open} last={index === entries.length - 1} />
      ))}
      <MoreMessages edge={open.newer} read={() => open.readNewer()} label={texts.conversation.newer} />
    </>
  )
}
