import { openDatabase } from '../../server/store/database.ts'
import { messageStore } from '../../server/store/messages.ts'
import { conversationStore } from '../../server/store/conversations.ts'

/** The id of the message with this number in a long talk, from 1. */
export const longTalkId = (conversationId: string, number: number) =>
  `m${conversationId.slice(-12)}-${String(number).padStart(10, '0')}`

/**
 * Puts a conversation's worth of words into an empty conversation at once: message 1 by the user, message 2 by the
 * model and so on, each saying its number and a word that is only there.
 */
export function fillWithTalk(storageDir: string, conversationId: string, length: number): void {
  const db = openDatabase(storageDir, () => 0)
  try {
    const messages = messageStore(db)
    db.transaction(() => {
      for (let number = 1; number <= length; number += 1) {
        messages.insert({
          id: longTalkId(conversationId, number),
          conversationId,
          parentId: number === 1 ? null : longTalkId(conversationId, number - 1),
          turnId: null,
          sender: number % 2 === 1 ? 'user' : 'model',
          kind: 'chat',
          text: `Message ${number}: word${number}x.`,
          model: null,
          state: 'complete',
          now: number,
        })
      }
      conversationStore(db).showEnd(conversationId, longTalkId(conversationId, length), length, length)
    })()
  } finally {
    db.close()
  }
}
