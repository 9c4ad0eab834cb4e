import type { Entry, OpenConversation } from '../app/open-conversation.ts'
import { MessageView } from './message-view.tsx'
import { OlderMessages } from './older-messages.tsx'

/** The messages one below the other, and the way to older ones. */
export function Messages({ entries, open }: { entries: readonly Entry[]; open: OpenConversation }) {
  return (
    <>
      <OlderMessages open={open} />
      {entries.map((entry, index) => (
        <MessageView key={entry.key} entry={entry} open={open} last={index === entries.length - 1} />
      ))}
    </>
  )
}
