import Database from 'better-sqlite3'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { usagePeriods } from '../../server/contract/usage.ts'
import { dateOf, dayOf, periodsBefore, periodStart } from '../../server/quotas/periods.ts'
import { usageHistory, usageNow } from '../../server/quotas/usage.ts'
import { openDatabase } from '../../server/store/database.ts'
import { generationStore } from '../../server/store/generations.ts'
import { migrations } from '../../server/store/migrations.ts'
import { usageStore } from '../../server/store/usage.ts'
import { plansOf } from '../support/query-plans.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hour = 3_600_000
const now = Date.parse('2026-11-20T12:00:00.000Z')
const anna = { id: '01990000-0000-7000-8000-00000000000a', tier: 'free' }
const bert = { id: '01990000-0000-7000-8000-00000000000b', tier: 'free' }
const people = `
  insert into users (id, username, username_key, display_name, password_hash, role, tier, created_at) values
    ('${anna.id}', 'anna', 'anna', 'anna', '', 'user', 'free', 0),
    ('${bert.id}', 'bert', 'bert', 'bert', '', 'user', 'free', 0)`

function ledger() {
  const folder = temporaryFolder()
  const db = openDatabase(folder, () => 0)
  onTestFinished(() => {
    db.close()
  })
  db.exec(people)
  const generations = generationStore(db, 'me')
  let calls = 0
  const reserve = (at: number, kind = 'image', user = anna) => {
    const id = `generation-${(calls += 1)}`
    generations.reserve({
      id,
      userId: user.id,
      conversationId: null,
      turnId: null,
      kind,
      provider: 'p',
      model: 'm',
      state: 'running',
      position: 0,
      reservedMicro: 50_000,
      now: at,
    })
    return id
  }
  const settle = (
    id: string,
    costMicro: number,
    state: 'stored' | 'complete' | 'failed' | 'cancelled' = 'stored',
  ) =>
    generations.settle(id, {
      state,
      costMicro,
      operatorMicro: 0,
      promptTokens: 0,
      completionTokens: 0,
      errorCode: null,
      now: now + hour,
    })
  const spend = (at: string, costMicro: number, kind = 'image', user = anna) =>
    settle(reserve(Date.parse(at), kind, user), costMicro, kind === 'image' ? 'stored' : 'complete')
  return { db, rows: usageStore(db), generations, reserve, settle, spend }
}

describe('what is used', () => {
  it('counts pictures of the hour, the day and the month, and money of any kind', () => {
    const { rows, reserve, settle, spend } = ledger()
    spend('2026-10-31T23:59:59.999Z', 900_000)
    spend('2026-11-01T00:00:00.000Z', 40_000)
    spend('2026-11-19T23:59:59.999Z', 40_000)
    spend('2026-11-20T00:00:00.000Z', 40_000)
    spend('2026-11-20T11:30:00.000Z', 40_000)
    spend('2026-11-20T11:31:00.000Z', 250, 'refine')
    spend('2026-11-20T11:32:00.000Z', 700, 'chat')
    spend('2026-11-20T11:33:00.000Z', 40_000, 'image', bert)
    settle(reserve(now - 60_000), 0, 'failed')
    settle(reserve(now - 50_000), 0, 'cancelled')
    reserve(now - 1000)
    expect(usageNow(rows, anna, now)).toEqual({
      tier: 'free',
      limits: {
        per_hour: null,
        per_day: null,
        per_month: null,
        cooldown_seconds: null,
        concurrent: null,
        usd_per_month: null,
      },
      used: { per_hour: 2, per_day: 3, per_month: 5, concurrent: 1, usd_per_month: 0.16095 },
      remaining: { per_hour: null, per_day: null, per_month: null, concurrent: null, usd_per_month: null },
      next_allowed_at: null,
      spend_usd: 0.16095,
      notice: null,
    })
    expect(usageNow(rows, bert, now)).toMatchObject({ spend_usd: 0.04, used: { per_month: 1 } })
  })

  it('counts a call once, however often its end is told, and one that was released without a charge', () => {
    const { rows, generations, reserve, settle } = ledger()
    const id = reserve(now)
    expect(generations.receive(id, '{}')).toBe(true)
    expect([settle(id, 40_000), settle(id, 40_000)]).toEqual([true, false])
    generations.release(reserve(now), 'interrupted', now)
    expect(usageNow(rows, anna, now)).toMatchObject({
      spend_usd: 0.04,
      used: { per_hour: 1, per_day: 1, concurrent: 0 },
    })
  })
})

describe('the history', () => {
  it('sums days, weeks from Monday, and months, newest first, without empty ones', () => {
    const { rows, spend } = ledger()
    spend('2026-09-30T10:00:00.000Z', 1_000_000)
    spend('2026-11-15T10:00:00.000Z', 10_000)
    spend('2026-11-16T10:00:00.000Z', 20_000)
    spend('2026-11-20T10:00:00.000Z', 40_000)
    spend('2026-11-20T10:00:00.000Z', 500, 'chat')
    const history = (by: (typeof usagePeriods)[number], limit = 50) =>
      usageHistory(rows, anna.id, { by, limit, before: dayOf(now) + 1 })
    expect(history('day').items).toEqual([
      { from: '2026-11-20', pictures: 1, calls: 2, cost_usd: 0.0405 },
      { from: '2026-11-16', pictures: 1, calls: 1, cost_usd: 0.02 },
      { from: '2026-11-15', pictures: 1, calls: 1, cost_usd: 0.01 },
    ])
    expect(history('week').items.map((item) => [item.from, item.cost_usd])).toEqual([
      ['2026-11-16', 0.0605],
      ['2026-11-09', 0.01],
      ['2026-09-28', 1],
    ])
    expect(history('month').items.map((item) => [item.from, item.cost_usd])).toEqual([
      ['2026-11-01', 0.0705],
      ['2026-09-01', 1],
    ])
    // Whatever the size of its pages, each period comes once and whole.
    for (const by of usagePeriods) {
      for (const limit of [1, 2, 3]) {
        const seen = []
        for (let before: number | undefined = dayOf(now) + 1; before !== undefined;) {
          const page = usageHistory(rows, anna.id, { by, limit, before })
          expect(page.items.length).toBeGreaterThan(0)
          seen.push(...page.items)
          before = page.next
        }
        expect(seen).toEqual(history(by).items.concat(by === 'day' ? [september] : []))
      }
    }
  })
  const september = { from: '2026-09-30', pictures: 1, calls: 1, cost_usd: 1 }

  it('is empty where nothing was asked', () => {
    const { rows } = ledger()
    expect(usageHistory(rows, anna.id, { by: 'week', limit: 5, before: dayOf(now) })).toEqual({
      items: [],
      next: undefined,
    })
  })
})

it.each([
  ['2026-11-20', 'week', '2026-11-16'],
  ['2026-11-16', 'week', '2026-11-16'],
  ['2026-11-15', 'week', '2026-11-09'],
  ['1970-01-01', 'week', '1969-12-29'],
  ['2024-02-29', 'month', '2024-02-01'],
  ['2026-11-20', 'day', '2026-11-20'],
] as const)('%s lies in the %s of %s', (day, by, start) => {
  expect(dateOf(periodStart(dayOf(Date.parse(day)), by))).toBe(start)
})

it('goes back over the turn of the year', () => {
  expect(dateOf(periodsBefore(dayOf(Date.parse('2026-02-01')), 'month', 3))).toBe('2025-11-01')
})

it('asks for nothing that grows with the ledger', () => {
  const { db } = ledger()
  const plans = plansOf(db, usageStore).flatMap(({ plan }) => plan)
  expect(plans.length).toBeGreaterThanOrEqual(4)
  expect(plans.filter((plan) => !/^SEARCH .*(PRIMARY KEY|INDEX \w+) \(user_id=\?/.test(plan))).toEqual([])
})

it('knows what was spent before it kept sums', () => {
  const folder = temporaryFolder()
  const old = new Database(path.join(folder, 'easel.sqlite'))
  const sums = migrations.findIndex(({ name }) => name === 'what each day cost')
  const earlier = migrations.slice(0, sums)
  old.exec(
    `create table migrations (id integer primary key, name text not null, applied_at integer not null);
     ${earlier.map(({ id, name, sql }) => `${sql}; insert into migrations values (${id}, '${name}', 0);`).join('\n')}
     ${people};
     insert into generations (id, user_id, kind, provider, model, state, cost_micro, owner, created_at) values
       ('g1', '${anna.id}', 'image', 'p', 'm', 'stored', 40000, 'me', ${now - hour}),
       ('g2', '${anna.id}', 'image', 'p', 'm', 'failed', 0, 'me', ${now - hour}),
       ('g3', '${anna.id}', 'chat', 'p', 'm', 'complete', 700, 'me', ${now - hour}),
       ('g4', '${anna.id}', 'image', 'p', 'm', 'running', 0, 'me', ${now - hour})`,
  )
  old.close()
  const db = openDatabase(folder, () => 0)
  onTestFinished(() => {
    db.close()
  })
  expect(usageNow(usageStore(db), anna, now)).toMatchObject({
    spend_usd: 0.0407,
    used: { per_day: 2, per_month: 2, concurrent: 1 },
  })
})
