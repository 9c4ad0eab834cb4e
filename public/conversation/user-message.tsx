import type { ComponentChild } from 'preact'
import type { Message } from '../../server/contract/messages.ts'
import { texts } from '../texts/texts.ts'

/** What the user wrote, as it was written; the command and its options stand out. */
export function UserMessage({ message }: { message: Message }) {
  return (
    <article
      class="message message--user"
      aria-label={texts.message.you}
      dir="auto"
      data-message={message.id}
    >
      {message.attachments.length > 0 && (
        <ul class="message__attachments">
          {message.attachments.map((attachment) => (
            <li key={attachment.id}>
              <a href={attachment.url} target="_blank" rel="noopener noreferrer">
                <img
                  src={`${attachment.url}?w=256`}
                  width={attachment.width}
                  height={attachment.height}
                  alt={attachment.alt || texts.message.attachment}
                />
              </a>
            </li>
          ))}
        </ul>
      )}
      {withCommand(message.text)}
    </article>
  )
}

/** Marks `/image` at the beginning and the options after it; the words themselves stay the same. */
function withCommand(text: string): ComponentChild[] {
  const command = /^\/[a-z][\w-]*(?=\s|$)/i.exec(text)
  if (!command) return [text]
  const rest = text.slice(command[0].length)
  const parts = rest.split(/((?<=\s)--[a-z][a-z-]*(?:[= ](?!--)[^\s]+)?)/i)
  return [
    <span class="message__command">{command[0]}</span>,
    ...parts.map((part, index) => (index % 2 === 1 ? <span class="message__command">{part}</span> : part)),
  ]
}
