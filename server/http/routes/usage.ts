import type { Clock } from '../../clock.ts'
import { listOf } from '../../contract/basics.ts'
import { Usage, UsageHistoryQuery, UsageItem } from '../../contract/usage.ts'
import { dateOf, dayOf } from '../../quotas/periods.ts'
import { usageHistory, usageNow } from '../../quotas/usage.ts'
import type { Store } from '../../store/store.ts'
import { route, type Route } from '../route.ts'

/** What a user has used and spent. */
export function usageRoutes({ store, clock }: { store: Pick<Store, 'usage'>; clock: Clock }): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/usage',
      access: 'user',
      summary: 'What was used and spent, what is allowed, and what is left of it.',
      answers: { 200: Usage },
      handle: ({ user }) => usageNow(store.usage, user, clock.now()),
    }),
    route({
      method: 'get',
      path: '/api/usage/history',
      access: 'user',
      summary: 'What past days, weeks or months came to, newest first; those without a call are left out.',
      query: UsageHistoryQuery,
      answers: { 200: listOf(UsageItem) },
      handle({ user, query }) {
        const { by, limit } = query
        const before = query.cursor === undefined ? dayOf(clock.now()) + 1 : dayOf(Date.parse(query.cursor))
        const { items, next } = usageHistory(store.usage, user.id, { by, limit, before })
        return { items, next_cursor: next === undefined ? null : dateOf(next) }
      },
    }),
  ]
}
