import type { Db } from './database.ts'

export interface IdempotencyRow {
  bodyHash: string
  turnId: string | null
  /** Of a request that belongs to no turn: the body of its answer, once known. */
  answer: string | null
  /** Whether this process works, or has worked, on the request. */
  isOwn: boolean
}

/**
 * A request without a turn bears these in the place of its answer's HTTP status (RFC 9110, 15.2) until there is one:
 * nothing has been sent to a provider yet, or something may have been.
 */
const nothingSent = 100
const somethingSent = 102

export type IdempotencyStore = ReturnType<typeof idempotencyStore>

/** Which request a user's `Idempotency-Key` stood for. Kept for a day. */
export function idempotencyStore(db: Db, owner: string) {
  const find = db.prepare<[string, string], Omit<IdempotencyRow, 'isOwn'> & { owner: string }>(
    `select body_hash as bodyHash, turn_id as turnId, answer, owner from idempotency where user_id = ? and key = ?`,
  )
  const insert = db.prepare<[string, string, string, string, string, number]>(
    `insert into idempotency (user_id, key, body_hash, turn_id, owner, created_at) values (?, ?, ?, ?, ?, ?)`,
  )
  const insertAside = db.prepare<[string, string, string, string, number]>(
    `insert into idempotency (user_id, key, body_hash, status, owner, created_at) values (?, ?, ?, ${nothingSent}, ?, ?)
     on conflict do nothing`,
  )
  const sending = db.prepare<[string, string]>(
    `update idempotency set status = ${somethingSent} where user_id = ? and key = ? and answer is null`,
  )
  const answer = db.prepare<[number, string, string, string]>(
    `update idempotency set status = ?, answer = ? where user_id = ? and key = ?`,
  )
  const release = db.prepare<[string, string]>(`delete from idempotency where user_id = ? and key = ?`)
  const waiting = 'turn_id is null and answer is null'
  const waitingOwners = db.prepare<[], { owner: string }>(
    `select distinct owner from idempotency where ${waiting}`,
  )
  const releaseUnsent = db.prepare<[string]>(
    `delete from idempotency where owner = ? and status = ${nothingSent} and ${waiting}`,
  )
  const giveUp = db.prepare<[number, string, string]>(
    `update idempotency set status = ?, answer = ? where owner = ? and ${waiting}`,
  )
  const forget = db.prepare<[number]>(`delete from idempotency where created_at < ?`)

  return {
    find(userId: string, key: string): IdempotencyRow | undefined {
      const row = find.get(userId, key)
      if (!row) return undefined
      const { owner: owned, ...rest } = row
      return { ...rest, isOwn: owned === owner }
    },

    /** Part of the claim of a turn. A key that is taken fails the whole transaction. */
    claimTurn(userId: string, claim: { key: string; bodyHash: string }, turnId: string, now: number): void {
      insert.run(userId, claim.key, claim.bodyHash, turnId, owner, now)
    },

    /** Claims a key for a request without a turn; false when it is taken. */
    claim(userId: string, claim: { key: string; bodyHash: string }, now: number): boolean {
      return insertAside.run(userId, claim.key, claim.bodyHash, owner, now).changes > 0
    },

    /** Part of a transaction, with the start of a call: from now on the request is not done a second time. */
    noteSending(userId: string, key: string): void {
      sending.run(userId, key)
    },

    /** Keeps the answer for whoever asks again with the same key. */
    keepAnswer(userId: string, key: string, status: number, body: string): void {
      answer.run(status, body, userId, key)
    },

    /** Frees a key whose request was refused before anything was spent. */
    release(userId: string, key: string): void {
      release.run(userId, key)
    },

    /** The processes that work on requests without a turn, or did when they died. */
    waitingOwners: () => waitingOwners.all().map((row) => row.owner),
    /** Frees the keys of a dead process's requests for which nothing was sent: whoever asks again is served. */
    releaseUnsent(ownerId: string): void {
      releaseUnsent.run(ownerId)
    },
    /** Answers what a dead process can answer no more. */
    giveUp(ownerId: string, status: number, body: string): void {
      giveUp.run(status, body, ownerId)
    },

    forgetBefore: (time: number) => forget.run(time).changes,
  }
}
