import { Pencil } from 'lucide'
import type { ComponentChild } from 'preact'
import type { Message } from '../../server/contract/messages.ts'
import type { OpenConversation } from '../app/open-conversation.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { lazy } from '../parts/lazy.tsx'
import { texts } from '../texts/texts.ts'
import { Figures } from './figures.tsx'
import { Versions } from './versions.tsx'

const MessageEditor = lazy(async () => (await import('./message-editor.tsx')).MessageEditor)

/** What the user wrote, as it was written; the command and its options stand out. */
export function UserMessage({ message, open }: { message: Message; open: OpenConversation }) {
  const editing = message.id !== '' && open.editing.value?.id === message.id
  return (
    <article
      class="message message--user"
      aria-label={texts.message.you}
      dir="auto"
      data-message={message.id}
      data-editing={editing ? '' : undefined}
      data-versions={message.siblings ? '' : undefined}
    >
      {message.attachments.length > 0 && <Attachments message={message} />}
      {editing ? <MessageEditor message={message} open={open} /> : withCommand(message.text)}
      {/* Also before the server has taken the message: on touch the row has a height of its own. */}
      {!editing && (
        <div class="message__tools" dir="auto">
          <Versions message={message} open={open} />
          <CopyButton text={message.text} label={texts.message.copyOwn} />
          <IconButton
            icon={Pencil}
            label={texts.message.edit}
            disabled={message.id === '' || open.isRunning.value}
            onClick={() => (open.editing.value = { id: message.id, text: message.text })}
          />
          <Figures message={message} />
        </div>
      )}
    </article>
  )
}

function Attachments({ message }: { message: Message }) {
  return (
    <ul class="message__attachments">
      {message.attachments.map((attachment) => (
        <li key={attachment.id}>
          <a href={attachment.url} target="_blank" rel="noopener noreferrer">
            <img
              src={`${attachment.url}?w=256`}
              width={attachment.width}
              height={attachment.height}
              style={{ '--w': String(attachment.width), '--h': String(attachment.height) }}
              alt={attachment.alt || texts.message.attachment}
            />
          </a>
        </li>
      ))}
    </ul>
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
