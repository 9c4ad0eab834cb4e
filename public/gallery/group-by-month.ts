import type { GeneratedImage } from '../../server/contract/images.ts'

export interface MonthGroup {
  /** As `2026-11`, in local time. */
  key: string
  name: string
  items: GeneratedImage[]
}

/**
 * Pictures under the month they were made in, in the order they came.
 * @param now milliseconds of the epoch; months of another year bear it
 */
export function groupByMonth(items: readonly GeneratedImage[], now: number, locale = 'en'): MonthGroup[] {
  const groups: MonthGroup[] = []
  for (const item of items) {
    const date = new Date(item.created_at)
    const key = `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`
    const last = groups.at(-1)
    if (last?.key === key) last.items.push(item)
    else {
      const sameYear = date.getFullYear() === new Date(now).getFullYear()
      const name = date.toLocaleDateString(
        locale,
        sameYear ? { month: 'long' } : { month: 'long', year: 'numeric' },
      )
      groups.push({ key, name, items: [item] })
    }
  }
  return groups
}
