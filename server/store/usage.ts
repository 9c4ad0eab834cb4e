import type { Db } from './database.ts'

/** What one user's calls of one kind came to on one day. */
export interface UsageDay {
  /** Days since 1970, UTC. */
  day: number
  /** image, chat, refine, title, summary, extract, describe. */
  kind: string
  /** Calls that brought something. */
  calls: number
  /** What the user was charged, micro-dollars. */
  costMicro: number
}

/** The sums of the ledger. What they cost to read does not grow with it. */
export function usageStore(db: Db) {
  const days = db.prepare<[string, number, number], UsageDay>(
    `select day, kind, calls, cost_micro as costMicro from usage_days
     where user_id = ? and day >= ? and day < ? order by day`,
  )
  const dayBefore = db.prepare<[string, number], { day: number | null }>(
    `select max(day) as day from usage_days where user_id = ? and day < ?`,
  )
  const since = db.prepare<[string, number], { calls: number }>(
    `select count(*) as calls from generations
     where user_id = ? and created_at >= ? and kind = 'image' and state not in ('failed', 'cancelled', 'interrupted')`,
  )
  const open = db.prepare<[string], { calls: number }>(
    `select count(*) as calls from generations
     where user_id = ? and kind = 'image' and state in ('reserved', 'running', 'received')`,
  )

  return {
    /** The days from the first to before the second, oldest first; days without a call are left out. */
    days: (userId: string, from: number, before: number) => days.all(userId, from, before),
    /** The last day before this one on which there was a call. */
    lastDayBefore: (userId: string, day: number) => dayBefore.get(userId, day)?.day ?? undefined,
    /** Pictures painted or being painted that were asked for at this time or later, milliseconds since 1970. */
    picturesSince: (userId: string, time: number) => since.get(userId, time)?.calls ?? 0,
    /** Pictures that are being painted. */
    openPictures: (userId: string) => open.get(userId)?.calls ?? 0,
  }
}
