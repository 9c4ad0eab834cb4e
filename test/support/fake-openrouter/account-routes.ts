import { catalogue } from './catalogue.ts'
import { errorBody } from './error-behaviours.ts'
import type { Generation } from './generations.ts'

/** What `GET /key` tells (wire.md 1.10); null limits mean that there is none. */
export interface Account {
  limit: number | null
  limit_remaining: number | null
  /** `GET /credits` answers only then, else 403. */
  is_management_key: boolean
}

export const usualAccount: Account = { limit: 25, limit_remaining: 21.4, is_management_key: false }

export interface Found {
  status: number
  body: unknown
}

/** `GET /models`: those with text output, unless asked for others. */
export function modelList(query: URLSearchParams): Found {
  const wanted = query.get('output_modalities')?.split(',') ?? ['text']
  const data = catalogue.filter(
    ({ architecture }) =>
      wanted.includes('all') || architecture.output_modalities.some((one) => wanted.includes(one)),
  )
  return { status: 200, body: { data, total_count: data.length, links: { next: null } } }
}

export function keyInfo(account: Account): Found {
  const data = {
    label: 'sk-or-test…est',
    limit: account.limit,
    limit_remaining: account.limit_remaining,
    limit_reset: account.limit === null ? null : 'monthly',
    usage: 3.6,
    usage_daily: 0.4,
    usage_weekly: 1.1,
    usage_monthly: 3.6,
    byok_usage: 0,
    include_byok_in_limit: false,
    is_free_tier: false,
    is_management_key: account.is_management_key,
    expires_at: null,
    rate_limit: { requests: -1, interval: '10s', note: 'deprecated' },
    free_model_daily_requests: { used: 0, limit: 1000, remaining: 1000 },
  }
  return { status: 200, body: { data } }
}

export function credits(account: Account): Found {
  if (!account.is_management_key) {
    return { status: 403, body: errorBody(403, { message: 'Only management keys can fetch credits' }) }
  }
  return { status: 200, body: { data: { total_credits: 50, total_usage: 12.3 } } }
}

/** The bills by id; each is found only when it was asked for three times, as they are written late. */
export class Bills {
  readonly all: Generation[] = []
  readonly #asked = new Map<string, number>()

  find(id: string): Found {
    const bill = this.all.find((one) => one.id === id)
    const asked = this.#asked.get(id) ?? 0
    if (bill) this.#asked.set(id, asked + 1)
    if (!bill || asked < 2)
      return { status: 404, body: errorBody(404, { message: `Generation ${id} not found` }) }
    return { status: 200, body: { data: bill } }
  }

  clear(): void {
    this.all.length = 0
    this.#asked.clear()
  }
}
