import { z } from 'zod'
import { Time } from './basics.ts'

const count = z.number().int().min(0)

/** What a tier allows; null: no limit. */
export const UsageLimits = z.object({
  per_hour: count.nullable(),
  per_day: count.nullable(),
  per_month: count.nullable(),
  cooldown_seconds: count.nullable(),
  concurrent: count.nullable(),
  usd_per_month: z.number().min(0).nullable(),
})
export type UsageLimits = z.infer<typeof UsageLimits>

/**
 * Where a user stands. Pictures count, painted or being painted; money counts whatever it was spent for. An hour is
 * the last 60 minutes, a day and a month are those of UTC.
 */
export const Usage = z.object({
  tier: z.string(),
  limits: UsageLimits,
  used: z.object({
    per_hour: count,
    per_day: count,
    per_month: count,
    concurrent: count,
    usd_per_month: z.number(),
  }),
  /** Null where there is no limit. */
  remaining: z.object({
    per_hour: count.nullable(),
    per_day: count.nullable(),
    per_month: count.nullable(),
    concurrent: count.nullable(),
    usd_per_month: z.number().nullable(),
  }),
  /** Null: at once. */
  next_allowed_at: Time.nullable(),
  /** What was charged this month. */
  spend_usd: z.number(),
  /** What is left, in a sentence; null where there is no limit. */
  notice: z.string().nullable(),
})
export type Usage = z.infer<typeof Usage>

export const usagePeriods = ['day', 'week', 'month'] as const
export type UsagePeriod = (typeof usagePeriods)[number]

export const UsageHistoryQuery = z.strictObject({
  by: z.enum(usagePeriods).default('day'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.iso.date().optional(),
})

/** What one day, week (from Monday) or month came to; `from` is its first day, such as 2026-11-20. */
export const UsageItem = z.object({
  from: z.iso.date(),
  pictures: count,
  /** Calls of any kind that brought something, pictures among them. */
  calls: count,
  cost_usd: z.number(),
})
export type UsageItem = z.infer<typeof UsageItem>
