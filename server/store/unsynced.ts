import type { Db } from './database.ts'

/**
 * A write that does not wait for the disk: it outlives the process, and a power cut may take it until the next
 * synced one. For what can be made again or is only of use to who follows a crash; never for what somebody was
 * told is done, or for money. A sync is a third of a small write's processor time and all of its waiting, in
 * which nothing else happens here.
 */
export function unsynced<Args extends unknown[], Result>(
  db: Db,
  write: (...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => {
    // Within a larger transaction that one's promise counts.
    if (db.inTransaction) return write(...args)
    db.exec('pragma synchronous = NORMAL')
    try {
      return write(...args)
    } finally {
      db.exec('pragma synchronous = FULL')
    }
  }
}
