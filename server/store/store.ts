import type { Db } from './database.ts'
import { conversationStore } from './conversations.ts'
import { copyStore } from './copies.ts'
import { generationStore } from './generations.ts'
import { idempotencyStore } from './idempotency.ts'
import { imageRows } from './images.ts'
import { messageImages } from './message-images.ts'
import { messageTurns } from './message-turns.ts'
import { messageStore } from './messages.ts'
import { searchStore } from './search.ts'
import { openSharedSync } from './shared-sync.ts'
import { turnStore } from './turns.ts'
import { usageStore } from './usage.ts'
import { unsynced } from './unsynced.ts'
import { whole } from './whole.ts'

export type Store = ReturnType<typeof openStore>

/** The verbs of every subject on one database. Each is one unit of work. */
export function openStore(db: Db, owner: string) {
  const conversations = conversationStore(db)
  const messages = messageStore(db)
  const generations = generationStore(db, owner)
  const images = imageRows(db)
  const idempotency = idempotencyStore(db, owner)
  const pictures = messageImages(db)
  const taken = messageTurns(db)
  // Every commit is in it before it is anywhere else, and it stays the same file while the database is open.
  const log = openSharedSync(`${db.name}-wal`)
  const togetherUnsynced = unsynced(
    db,
    whole(db, (work: () => unknown) => work()),
    // One transaction for all kinds of work; it answers what the work does.
  ) as <Result>(work: () => Result) => Result
  return {
    conversations,
    messages,
    generations,
    images,
    messageImages: pictures,
    messageTurns: taken,
    idempotency,
    turns: turnStore(db, { conversations, messages, generations, images, idempotency, owner }),
    search: searchStore(db),
    usage: usageStore(db),
    copies: copyStore(db, { images, messageImages: pictures, messageTurns: taken, owner }),
    /** One transaction around several verbs. */
    together: <Result>(work: () => Result): Result => whole(db, work)(),
    /** The same without waiting for the disk: who must not go on before asks `onDisk`. */
    togetherUnsynced,
    /**
     * Resolves when everything that was committed until now is on the disk. A commit that waits by itself
     * holds up all other work of the process, and each pays for a sync of its own.
     * @throws the system's error
     */
    async onDisk(): Promise<void> {
      try {
        await log.synced()
      } catch (cause) {
        // The system does not write again what a failed sync has dropped: it goes to the database itself.
        const [done] = db.pragma('wal_checkpoint(FULL)') as [{ busy: 0 | 1 }]
        if (done.busy) throw cause
      }
    },
    /** Before the database is closed. */
    close: () => log.close(),
  }
}
