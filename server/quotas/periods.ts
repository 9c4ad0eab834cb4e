import type { UsagePeriod } from '../contract/usage.ts'

const dayMs = 86_400_000

/** The day of a time, as days since 1970, UTC. */
export function dayOf(ms: number): number {
  return Math.floor(ms / dayMs)
}

/** The first day of the period that a day lies in. A week begins on Monday; 1970 began on a Thursday. */
export function periodStart(day: number, by: UsagePeriod): number {
  if (by === 'day') return day
  if (by === 'week') return day - ((((day + 3) % 7) + 7) % 7)
  const date = new Date(day * dayMs)
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth()))
}

/** The first day of the period so many periods before the one that begins at `start`. */
export function periodsBefore(start: number, by: UsagePeriod, count: number): number {
  if (by === 'day') return start - count
  if (by === 'week') return start - 7 * count
  const date = new Date(start * dayMs)
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - count))
}

/** `2026-11-20` */
export function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}
