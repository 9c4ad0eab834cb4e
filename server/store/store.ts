import type { Db } from './database.ts'
import { conversationStore } from './conversations.ts'
import { copyStore } from './copies.ts'
import { generationStore } from './generations.ts'
import { idempotencyStore } from './idempotency.ts'
import { imageRows } from './images.ts'
import { messageImages } from './message-images.ts'
import { messageStore } from './messages.ts'
import { searchStore } from './search.ts'
import { turnStore } from './turns.ts'
import { usageStore } from './usage.ts'
import { whole } from './whole.ts'

export type Store = ReturnType<typeof openStore>

/** The verbs of every subject on one database. Each is one unit of work. */
export function openStore(db: Db, owner: string) {
  const messages = messageStore(db)
  const generations = generationStore(db, owner)
  const images = imageRows(db)
  const idempotency = idempotencyStore(db, owner)
  const pictures = messageImages(db)
  return {
    conversations: conversationStore(db),
    messages,
    generations,
    images,
    messageImages: pictures,
    idempotency,
    turns: turnStore(db, { messages, generations, images, idempotency, owner }),
    search: searchStore(db),
    usage: usageStore(db),
    copies: copyStore(db, { images, messageImages: pictures, owner }),
    /** One transaction around several verbs. */
    together: <Result>(work: () => Result): Result => whole(db, work)(),
  }
}
