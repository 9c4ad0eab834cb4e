import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listOf } from '../../server/contract/basics.ts'
import { Usage, UsageItem } from '../../server/contract/usage.ts'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'

const noon = Date.parse('2026-11-20T12:00:00.000Z')
let easel: Easel
let now = noon
beforeAll(async () => {
  easel = await startEasel({ now: () => now })
})
afterAll(() => easel.close())

const usage = async (who: Client) => Usage.strict().parse((await who.get('/api/usage')).body)
const history = async (who: Client, query = '') => {
  const { status, body } = await who.get(`/api/usage/history${query}`)
  expect([status, body]).toEqual([200, body])
  return listOf(UsageItem).parse(body)
}

/** What the conversation's messages say that they cost. */
async function costOf(who: Client, conversation: string): Promise<number> {
  const { body } = await who.get(`/api/conversations/${conversation}/messages?limit=200`)
  return body.items.reduce((sum: number, message: { cost_usd?: number }) => sum + (message.cost_usd ?? 0), 0)
}

describe('what was used', () => {
  it('is nothing at first, without limits', async () => {
    const anna = await easel.user()
    expect(await usage(anna)).toMatchObject({
      limits: { per_day: null, usd_per_month: null },
      used: { per_hour: 0, per_day: 0, per_month: 0, concurrent: 0 },
      spend_usd: 0,
      next_allowed_at: null,
      notice: null,
    })
    expect(await history(anna)).toEqual({ items: [], next_cursor: null })
  })

  it('is what the turns cost, and counts pictures', async () => {
    now = noon
    const anna = await easel.user()
    const talk = await anna.conversation('named')
    await anna.say(talk, 'hello')
    await anna.say(talk, '/image a lighthouse --n 2')
    const answer = await usage(anna)
    expect(answer.used).toMatchObject({ per_hour: 2, per_day: 2, per_month: 2, concurrent: 0 })
    // Refining the prompt is paid for too, and stands on no message.
    expect(answer.spend_usd).toBeGreaterThanOrEqual(await costOf(anna, talk))
    const days = await history(anna)
    expect(days.items).toEqual([
      { from: '2026-11-20', pictures: 2, calls: days.items[0]?.calls, cost_usd: answer.spend_usd },
    ])
    expect(days.items[0]?.calls).toBeGreaterThanOrEqual(3)
  })

  it('begins anew with the month, and is remembered by the history in pages', async () => {
    now = Date.parse('2026-11-30T23:00:00.000Z')
    const anna = await easel.user()
    const talk = await anna.conversation('named')
    await anna.say(talk, '/image a harbour')
    const before = (await usage(anna)).spend_usd
    now = Date.parse('2026-12-01T00:30:00.000Z')
    expect(await usage(anna)).toMatchObject({ spend_usd: 0, used: { per_hour: 0, per_month: 0 } })
    await anna.say(talk, '/image a harbour at night')
    const first = await history(anna, '?by=month&limit=1')
    expect(first.items.map((item) => item.from)).toEqual(['2026-12-01'])
    const second = await history(anna, `?by=month&limit=1&cursor=${first.next_cursor}`)
    expect(second).toEqual({
      items: [{ from: '2026-11-01', pictures: 1, calls: expect.any(Number), cost_usd: before }],
      next_cursor: null,
    })
  })

  it('outlives the conversation', async () => {
    const anna = await easel.user()
    const talk = await anna.conversation('named')
    await anna.say(talk, '/image a pier')
    const before = await usage(anna)
    await anna.delete(`/api/conversations/${talk}`)
    expect(await usage(anna)).toEqual(before)
    expect(before.used.per_month).toBe(1)
  })

  it.each(['?by=year', '?limit=0', '?cursor=yesterday', '?cursor=2026-13-01', '?from=1'])(
    'refuses %s',
    async (query) => {
      expect((await (await easel.user()).get(`/api/usage/history${query}`)).status).toBe(400)
    },
  )

  it('is nobody else’s to see', async () => {
    expect((await easel.nobody().get('/api/usage')).status).toBe(401)
    expect((await easel.nobody().get('/api/usage/history')).status).toBe(401)
  })
})
