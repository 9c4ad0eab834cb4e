import type { Db } from './database.ts'

export type MessageTurns = ReturnType<typeof messageTurns>

/** What becomes of turns when the messages go that they wrote. What they cost stays in the ledger. */
export function messageTurns(db: Db) {
  const forgetStream = db.prepare<[string]>(`delete from turn_events where turn_id = ?`)
  const forget = db.prepare<[string]>(`delete from turns where id = ?`)

  return {
    /** Part of a transaction: removes the turns of these messages, with their streams. */
    removeOf(messages: readonly { turnId: string | null }[]): void {
      for (const id of new Set(messages.map(({ turnId }) => turnId))) {
        if (id === null) continue
        forgetStream.run(id)
        forget.run(id)
      }
    },
  }
}
