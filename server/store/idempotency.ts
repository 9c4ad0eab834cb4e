import type { Db } from './database.ts'

export interface IdempotencyRow {
  bodyHash: string
  turnId: string | null
  /** Of an answer that belongs to no turn: its HTTP status and body, once known. */
  status: number | null
  answer: string | null
  owner: string
  createdAt: number
}

export type IdempotencyStore = ReturnType<typeof idempotencyStore>

/** Which request a user's `Idempotency-Key` stood for. Kept for a day. */
export function idempotencyStore(db: Db, owner: string) {
  const find = db.prepare<[string, string], IdempotencyRow>(
    `select body_hash as bodyHash, turn_id as turnId, status, answer, owner, created_at as createdAt
     from idempotency where user_id = ? and key = ?`,
  )
  const insert = db.prepare<[string, string, string, string | null, string, number]>(
    `insert into idempotency (user_id, key, body_hash, turn_id, owner, created_at) values (?, ?, ?, ?, ?, ?)`,
  )
  const answer = db.prepare<[number, string, string, string]>(
    `update idempotency set status = ?, answer = ? where user_id = ? and key = ?`,
  )
  const release = db.prepare<[string, string]>(`delete from idempotency where user_id = ? and key = ?`)
  const forget = db.prepare<[number]>(`delete from idempotency where created_at < ?`)

  return {
    find: (userId: string, key: string): IdempotencyRow | undefined => find.get(userId, key),

    /** Part of the claim of a turn. A key that is taken fails the whole transaction. */
    claimTurn(userId: string, claim: { key: string; bodyHash: string }, turnId: string, now: number): void {
      insert.run(userId, claim.key, claim.bodyHash, turnId, owner, now)
    },

    /** Part of the claim of a request without a turn. */
    claim(userId: string, claim: { key: string; bodyHash: string }, now: number): void {
      insert.run(userId, claim.key, claim.bodyHash, null, owner, now)
    },

    /** Keeps the answer for whoever asks again with the same key. */
    keepAnswer(userId: string, key: string, status: number, body: string): void {
      answer.run(status, body, userId, key)
    },

    /** Frees a key whose request was refused before anything was spent. */
    release(userId: string, key: string): void {
      release.run(userId, key)
    },

    forgetBefore: (time: number) => forget.run(time).changes,
  }
}
