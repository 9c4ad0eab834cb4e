import type { Usage } from '../../server/contract/usage.ts'
import { fewestLeft } from '../app/allowance.ts'
import { useApp } from '../app/app.ts'
import { texts, timeOfDay } from '../texts/texts.ts'

/** Beside the composer: what is left where something is limited, and what this month has cost where it cost something. */
export function AllowanceLine() {
  const app = useApp()
  const usage = app.allowance.usage.value
  const said = usage ? sayUsage(usage, app.now()) : ''
  if (app.allowance.unread.value && app.offers.models.value?.offline === false) {
    return (
      <span class="allowance figures" role="status">
        {texts.allowance.unreadable}{' '}
        <button class="link" type="button" onClick={() => void app.allowance.read()}>
          {texts.retry}
        </button>
      </span>
    )
  }
  return (
    // What is said anew is a line of its own: words at the end of a line move when there are more of them.
    <span key={said} class="allowance figures" data-spent={usage && isSpent(usage) ? '' : undefined}>
      {said}
    </span>
  )
}

function sayUsage(usage: Usage, now: number): string {
  const words = texts.allowance
  const fewest = fewestLeft(usage)
  const limit = usage.limits.usd_per_month
  const next = usage.next_allowed_at
  return [
    fewest ? words.left(fewest) : (usage.notice ?? ''),
    next !== null && Date.parse(next) > now ? words.next(timeOfDay(next)) : '',
    limit !== null
      ? words.ofBudget(words.money(usage.spend_usd), words.money(limit))
      : usage.spend_usd > 0
        ? words.spent(words.money(usage.spend_usd))
        : '',
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

/** Whether nothing is left of something. */
function isSpent({ remaining }: Usage): boolean {
  return Object.values(remaining).some((left) => left !== null && left <= 0)
}
