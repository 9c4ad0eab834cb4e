import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MessagePage } from '../../server/contract/messages.ts'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { fillWithTalk, longTalkId } from '../support/long-talk.ts'

const length = 120
let easel: Easel
let anna: Client
let talk: string
beforeAll(async () => {
  easel = await startEasel({ offline: true })
  anna = await easel.user()
  talk = await anna.conversation()
  fillWithTalk(easel.storageDir, talk, length)
})
afterAll(() => easel.close())

const id = (number: number) => longTalkId(talk, number)

async function read(query: string) {
  const answer = await anna.get(`/api/conversations/${talk}/messages?${query}`)
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  const page = MessagePage.parse(answer.body)
  const numbers = page.items.map((message) => Number(/\d+/.exec(message.text)?.[0]))
  return { numbers, older: page.next_cursor, newer: page.newer_cursor, body: answer.body }
}
const upTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

describe('messages around one', () => {
  it.each([
    ['in the middle', 60, 10, upTo(56, 65), 56, 65],
    ['with an odd limit', 60, 5, upTo(58, 62), 58, 62],
    ['alone', 60, 1, [60], 60, 60],
    ['near the beginning', 2, 10, upTo(1, 7), null, 7],
    ['at the beginning', 1, 10, upTo(1, 6), null, 6],
    ['near the end', 118, 10, upTo(111, 120), 111, null],
    ['at the end', 120, 10, upTo(111, 120), 111, null],
    ['of a whole conversation', 60, 200, upTo(1, 120), null, null],
  ])('%s', async (_where, around, limit, numbers, older, newer) => {
    const cursor = (number: number | null) => (number === null ? null : id(number))
    expect(await read(`around=${id(around)}&limit=${limit}`)).toMatchObject({
      numbers,
      older: cursor(older),
      newer: cursor(newer),
    })
  })

  it('go on in both directions without a gap', async () => {
    let page = await read(`around=${id(60)}&limit=11`)
    const seen = [...page.numbers]
    for (let { older } = page; older;) {
      const above = await read(`before=${older}&limit=11`)
      seen.unshift(...above.numbers)
      older = above.older
    }
    while (page.newer) {
      page = await read(`after=${page.newer}&limit=11`)
      seen.push(...page.numbers)
    }
    expect(seen).toEqual(upTo(1, length))
  })

  it('say nothing of what is newer where nobody asked for the middle', async () => {
    expect((await read('limit=10')).body).not.toHaveProperty('newer_cursor')
    expect((await read(`before=${id(60)}`)).body).not.toHaveProperty('newer_cursor')
  })

  it.each([
    ['around=nothing', 400],
    [`around=${'x'.repeat(20)}`, 404],
    [`after=${'x'.repeat(20)}`, 400],
  ])('%s: %i', async (query, status) => {
    expect((await anna.get(`/api/conversations/${talk}/messages?${query}`)).status).toBe(status)
  })

  it('takes one place at a time', async () => {
    const answer = await anna.get(`/api/conversations/${talk}/messages?around=${id(60)}&before=${id(50)}`)
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining('only one of')])
  })

  it('is nothing for a message of a branch that is not shown', async () => {
    const branched = await anna.conversation()
    const first = await anna.say(branched, 'one')
    const again = await anna.post(
      `/api/turns/${first.body.turn_id}/retry`,
      {},
      { accept: 'application/json' },
    )
    const around = async (message: string) =>
      (await anna.get(`/api/conversations/${branched}/messages?around=${message}`)).body
    expect(await around(first.body.id)).toEqual({ items: [], next_cursor: null, newer_cursor: null })
    expect((await around(again.body.id)).items.map((item: { id: string }) => item.id)).toEqual([
      first.body.parent_id,
      again.body.id,
    ])
    await anna.patch(`/api/conversations/${branched}`, { active_message_id: first.body.id })
    expect((await around(first.body.id)).items).toHaveLength(2)
  })
})
