import type { OpenConversation } from '../app/open-conversation.ts'
import type { Entry } from '../app/shown-messages.ts'
import { texts } from '../texts/texts.ts'
import { ModelMessage } from './model-message.tsx'
import { UserMessage } from './user-message.tsx'

/** One message; it alone is drawn again when it changes. */
export function MessageView({ entry, open, last }: { entry: Entry; open: OpenConversation; last: boolean }) {
  const message = entry.message.value
  return (
    <>
      {message.sender === 'user' ? (
        <UserMessage message={message} open={open} />
      ) : (
        <ModelMessage entry={entry} open={open} last={last} />
      )}
      {message.summarized && <p class="divider">{texts.conversation.summarized}</p>}
    </>
  )
}
