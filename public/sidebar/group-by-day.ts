import type { Conversation } from '../../server/contract/conversations.ts'
import { texts } from '../texts/texts.ts'

export interface DayGroup {
  name: string
  items: Conversation[]
}

const day = 86_400_000

/**
 * Conversations under the day of their last activity: today, yesterday, the last seven days, then months; those that
 * are pinned before them all.
 * @param now milliseconds of the epoch
 * @param locale the tag that months are named by
 */
export function groupByDay(items: readonly Conversation[], now: number, locale: string): DayGroup[] {
  const groups: DayGroup[] = []
  const pinned = items.filter((item) => item.pinned)
  if (pinned.length > 0) groups.push({ name: texts.sidebar.pinned, items: pinned })
  for (const item of items) {
    if (item.pinned) continue
    const name = nameOf(Date.parse(item.updated_at), now, locale)
    const last = groups.at(-1)
    if (last?.name === name) last.items.push(item)
    else groups.push({ name, items: [item] })
  }
  return groups
}

function nameOf(time: number, now: number, locale: string): string {
  const today = new Date(now).setHours(0, 0, 0, 0)
  if (time >= today) return texts.sidebar.today
  if (time >= today - day) return texts.sidebar.yesterday
  if (time >= today - 6 * day) return texts.sidebar.week
  const date = new Date(time)
  const sameYear = date.getFullYear() === new Date(now).getFullYear()
  return date.toLocaleDateString(locale, sameYear ? { month: 'long' } : { month: 'long', year: 'numeric' })
}
