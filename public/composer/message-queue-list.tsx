import { Pencil, X } from 'lucide'
import type { MessageQueue, Outgoing } from '../app/message-queue.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { texts } from '../texts/texts.ts'
import '../styles/queue.css'

interface MessageQueueListProps {
  queue: MessageQueue
  onEdit: (outgoing: Outgoing) => void
  /** Sends one at once; nothing while a turn runs. */
  onSend: ((outgoing: Outgoing) => void) | undefined
}

/** What waits for the turn to end, each to be changed or dropped until then. */
export function MessageQueueList({ queue, onEdit, onSend }: MessageQueueListProps) {
  return (
    <ul class="queue" aria-label={texts.composer.queue}>
      {queue.items.value.map((outgoing) => {
        const { messageText } = outgoing.message
        const words = messageText || texts.composer.pictures(outgoing.taken.length)
        return (
          <li key={outgoing.key}>
            <span dir="auto" title={messageText}>
              {words}
            </span>
            {onSend && (
              <button class="button button--plain" type="button" onClick={() => onSend(outgoing)}>
                {texts.composer.sendNow}
              </button>
            )}
            <IconButton
              icon={Pencil}
              label={texts.composer.editWaiting(words)}
              onClick={() => onEdit(outgoing)}
            />
            <IconButton
              icon={X}
              label={texts.composer.dropWaiting(words)}
              onClick={() => queue.take(outgoing.key)}
            />
          </li>
        )
      })}
    </ul>
  )
}
