import type { Db } from './database.ts'

/** Whether one more may happen now. `tick` is what `giveBack` takes. */
type Take =
  | { allowed: true; remaining: number; retryAfterSeconds: 0; tick: number }
  | { allowed: false; remaining: 0; retryAfterSeconds: number; tick: undefined }

/** Sliding windows over what happened, counted in the database, so that they hold over restarts and processes. */
export interface RateTicks {
  /**
   * Counts one more in `bucket`, unless `limit` were counted within the last `windowMs` (times in milliseconds).
   * Whoever is refused is not counted. Check and count are one transaction.
   */
  take(bucket: string, limit: number, windowMs: number, now: number): Take
  /** Whole seconds until `take` would allow one more; 0 when it would now. Counts nothing. */
  wait(bucket: string, limit: number, windowMs: number, now: number): number
  /** Takes back what was counted, since it turned out not to count. */
  giveBack(tick: number): void
  /** Forgets everything at or before `before`, a time earlier than any window that is still asked about. */
  sweep(before: number): void
}

/** Keeps the windows in table `rate_ticks`. */
export function createRateTicks(db: Db): RateTicks {
  const count = db.prepare<[string, number], { n: number }>(
    'select count(*) as n from rate_ticks where bucket = ? and at > ?',
  )
  const nth = db.prepare<[string, number, number], { at: number }>(
    'select at from rate_ticks where bucket = ? and at > ? order by at limit 1 offset ?',
  )
  const insert = db.prepare<[string, number]>('insert into rate_ticks (bucket, at) values (?, ?)')
  const forget = db.prepare<[string, number]>('delete from rate_ticks where bucket = ? and at <= ?')
  const remove = db.prepare<[number]>('delete from rate_ticks where id = ?')
  const removeBefore = db.prepare<[number]>('delete from rate_ticks where at <= ?')

  function wait(bucket: string, limit: number, windowMs: number, now: number): number {
    const counted = count.get(bucket, now - windowMs)?.n ?? 0
    if (counted < limit) return 0
    const leaves = nth.get(bucket, now - windowMs, counted - limit)?.at ?? now
    // A clock that was set back leaves ticks in the future; nobody waits for longer than the window all the same.
    return Math.max(1, Math.ceil(Math.min(leaves + windowMs - now, windowMs) / 1000))
  }

  const take = db.transaction((bucket: string, limit: number, windowMs: number, now: number): Take => {
    const retryAfterSeconds = wait(bucket, limit, windowMs, now)
    if (retryAfterSeconds > 0) return { allowed: false, remaining: 0, retryAfterSeconds, tick: undefined }
    forget.run(bucket, now - windowMs)
    const tick = Number(insert.run(bucket, now).lastInsertRowid)
    const remaining = limit - (count.get(bucket, now - windowMs)?.n ?? 0)
    return { allowed: true, remaining, retryAfterSeconds: 0, tick }
  })

  return {
    take: (bucket, limit, windowMs, now) => take.immediate(bucket, limit, windowMs, now),
    wait,
    giveBack(tick) {
      remove.run(tick)
    },
    sweep(before) {
      removeBefore.run(before)
    },
  }
}
