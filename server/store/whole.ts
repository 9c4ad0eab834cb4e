import type { Db } from './database.ts'

/**
 * A verb that is written whole or not at all: one transaction that takes the write lock at its start, so
 * that what it reads still holds when it writes. Nothing in it waits.
 */
export function whole<Args extends unknown[], Result>(
  db: Db,
  work: (...args: Args) => Result,
): (...args: Args) => Result {
  const transaction = db.transaction(work)
  return (...args) => transaction.immediate(...args)
}
