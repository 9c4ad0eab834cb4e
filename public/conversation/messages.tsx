import type { Entry, OpenConversation } from '../app/open-conversation.ts'
import { MessageView } from './message-view.tsx'

/** The messages one below the other. */
export function Messages({ entries, open }: { entries: readonly Entry[]; open: OpenConversation }) {
  return (
    <>
      {entries.map((entry, index) => (
        <MessageView key={entry.key} entry={entry} open={open} last={index === entries.length - 1} />
      ))}
    </>
  )
}
