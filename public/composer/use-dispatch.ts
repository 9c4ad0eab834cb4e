import type { RefObject } from 'preact'
import { useRef } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { keptFrom, shownAttachments, type Attachments } from '../app/attachments.ts'
import type { Outgoing } from '../app/message-queue.ts'
import type { OpenConversation } from '../app/open-conversation.ts'
import { EaselError } from '../sdk/easel-error.ts'

interface DispatchParts {
  open: OpenConversation
  box: RefObject<HTMLTextAreaElement | null>
  attachments: Attachments
  /** Puts words into the box. */
  write: (text: string) => void
  onSend: () => void
  /** Told why a message was refused, in words. */
  onRefusal: (words: string) => void
}

/** Sends what is ready to go. What is refused is never lost: it comes back, or waits where something new stands in the box. */
export function useDispatch({ open, box, attachments, write, onSend, onRefusal }: DispatchParts) {
  const app = useApp()
  /** The last message was refused: the others would be as well, so they wait for a hand. */
  const refused = useRef(false)

  const bringBack = (outgoing: Outgoing) => {
    const { message, taken } = outgoing
    if (!box.current) {
      // A session that ended has taken the box away already; its draft is what the next one begins with.
      const id = open.id.peek()
      const kept = app.drafts.read(id)
      const text = [message.messageText, kept.text].filter(Boolean).join('\n\n')
      app.drafts.write(id, { ...kept, text, pictures: [...taken.flatMap(keptFrom), ...kept.pictures] })
    } else if (box.current.value === '') {
      attachments.restore(taken)
      write(message.messageText)
    } else open.queue.putBack(outgoing)
  }

  const dispatch = async (outgoing: Outgoing) => {
    const { message, expected, taken, idempotencyKey } = outgoing
    refused.current = false
    onSend()
    try {
      await open.send(message, expected, shownAttachments(taken), { idempotencyKey })
      for (const item of taken) URL.revokeObjectURL(item.preview)
    } catch (thrown) {
      if (!(thrown instanceof EaselError)) throw thrown
      bringBack(outgoing)
      // A picture that it names is gone: which ones are seen is chosen anew.
      if (thrown.code === 'not_found' && message.image_context) open.seen.restore({ pinned: [], dropped: [] })
      refused.current = true
      onRefusal(refusalOf(thrown))
    }
  }
  return { dispatch, refused }
}

function refusalOf(error: EaselError): string {
  const details = error.details.map((detail) => detail.message).filter((message) => message !== error.message)
  return [error.message, ...details].join(' ')
}
