import type { Usage, UsageItem, UsageLimits, UsagePeriod } from '../contract/usage.ts'
import type { UsageDay, usageStore } from '../store/usage.ts'
import { dateOf, dayOf, periodsBefore, periodStart } from './periods.ts'
import { asUsd } from './prices.ts'

const hourMs = 3_600_000

/** Nobody is limited yet: tiers come with their own limits later. */
const noLimits: UsageLimits = {
  per_hour: null,
  per_day: null,
  per_month: null,
  cooldown_seconds: null,
  concurrent: null,
  usd_per_month: null,
}

type UsageStore = ReturnType<typeof usageStore>

/** Where a user stands at a time, from the sums of the ledger. */
export function usageNow(rows: UsageStore, user: { id: string; tier: string }, now: number): Usage {
  const today = dayOf(now)
  const month = rows.days(user.id, periodStart(today, 'month'), today + 1)
  const open = rows.openPictures(user.id)
  const pictures = (days: readonly UsageDay[]) => totalOf(days.filter((day) => day.kind === 'image')).calls
  const spend = asUsd(totalOf(month).costMicro)
  return {
    tier: user.tier,
    limits: noLimits,
    used: {
      per_hour: rows.picturesSince(user.id, now - hourMs),
      per_day: pictures(month.filter((day) => day.day === today)) + open,
      per_month: pictures(month) + open,
      concurrent: open,
      usd_per_month: spend,
    },
    remaining: { per_hour: null, per_day: null, per_month: null, concurrent: null, usd_per_month: null },
    next_allowed_at: null,
    spend_usd: spend,
    notice: null,
  }
}

interface HistoryWish {
  by: UsagePeriod
  limit: number
  /** The day before which to look, days since 1970. */
  before: number
}

/**
 * What past periods came to, newest first; those without a call are left out. A page looks at `limit` periods, and
 * `next` is the day before which the next page looks, or undefined at the end.
 */
export function usageHistory(
  rows: UsageStore,
  userId: string,
  { by, limit, before }: HistoryWish,
): { items: UsageItem[]; next: number | undefined } {
  const newest = rows.lastDayBefore(userId, before)
  if (newest === undefined) return { items: [], next: undefined }
  const from = periodsBefore(periodStart(newest, by), by, limit - 1)
  const periods = Map.groupBy(rows.days(userId, from, before), ({ day }) => periodStart(day, by))
  const items = [...periods].toReversed().map(([start, days]) => {
    const { calls, costMicro } = totalOf(days)
    const pictures = totalOf(days.filter((day) => day.kind === 'image')).calls
    return { from: dateOf(start), pictures, calls, cost_usd: asUsd(costMicro) }
  })
  return { items, next: rows.lastDayBefore(userId, from) === undefined ? undefined : from }
}

function totalOf(days: readonly UsageDay[]): { calls: number; costMicro: number } {
  return days.reduce(
    (sum, day) => ({ calls: sum.calls + day.calls, costMicro: sum.costMicro + day.costMicro }),
    { calls: 0, costMicro: 0 },
  )
}
