import { beforeEach, describe, expect, it } from 'vitest'
import { ConversationList } from '../../public/app/conversation-list.ts'
import { createEasel } from '../../public/sdk/easel.ts'
import type { Conversation } from '../../server/contract/conversations.ts'

const item = (id: string, day: number, more: Partial<Conversation> = {}) =>
  ({
    id,
    title: id,
    updated_at: `2026-11-${String(day).padStart(2, '0')}T09:00:00.000Z`,
    pinned: false,
    archived: false,
    ...more,
  }) as Conversation

describe('the list of conversations', () => {
  let answers: Record<string, unknown>
  let asked: string[]
  let ended: number
  let list: ConversationList
  const ids = () => list.items.value.map(({ id }) => id)

  beforeEach(async () => {
    answers = {
      '/api/conversations?pinned=true&limit=200': {
        items: [item('p', 1, { pinned: true })],
        next_cursor: null,
      },
      '/api/conversations': { items: [item('c', 9), item('b', 8)], next_cursor: 'next' },
      '/api/conversations?cursor=next': {
        items: [item('a', 7), item('p', 1, { pinned: true })],
        next_cursor: null,
      },
    }
    asked = []
    ended = 0
    const fetch = (url: string) => {
      asked.push(url)
      const answer = answers[url]
      if (answer instanceof Response) return Promise.resolve(answer.clone())
      return answer ? Promise.resolve(Response.json(answer)) : Promise.reject(new TypeError('no net'))
    }
    list = new ConversationList(createEasel({ fetch }), () => (ended += 1))
    await list.read()
  })

  it('has pinned ones from any page, and every one once', async () => {
    expect(ids()).toEqual(['c', 'b', 'p'])
    await list.readMore()
    expect(ids()).toEqual(['c', 'b', 'a', 'p'])
  })

  it('keeps the older ones that were read when the newest are read again', async () => {
    await list.readMore()
    answers['/api/conversations'] = { items: [item('d', 10), item('c', 9)], next_cursor: 'other' }
    await list.read()
    expect(ids()).toEqual(['d', 'c', 'b', 'a', 'p'])
    expect(list.cursor.value).toBe(null)
  })

  it('hides what is about to be deleted, also when it is read again', async () => {
    list.hide('b', true)
    await list.read()
    expect(ids()).toEqual(['c', 'p'])
    list.hide('b', false)
    expect(ids()).toEqual(['c', 'b', 'p'])
  })

  it('lets go of what was archived, and brings up what was active', () => {
    list.learn(item('c', 9, { archived: true }))
    list.learn(item('b', 11))
    list.learn(item('new', 12))
    expect(ids()).toEqual(['new', 'b', 'p'])
  })

  it('brings up where something is sent, and stays so when the answer has come', () => {
    list.bringUp('b', Date.parse('2026-11-08T12:00:00Z'))
    expect(ids()).toEqual(['b', 'c', 'p'])
    list.learn(item('b', 10))
    expect(ids()).toEqual(['b', 'c', 'p'])
    list.bringUp('nowhere', 0)
    expect(ids()).toEqual(['b', 'c', 'p'])
  })

  it('does not show one of them before all of them', async () => {
    list.clear()
    list.learn(item('b', 8))
    expect(ids()).toEqual([])
    await list.read()
    expect(ids()).toEqual(['c', 'b', 'p'])
  })

  it('says that it could not be read, and which part of a search', async () => {
    answers['/api/conversations?q=sea'] = { items: [{ ...item('s', 2), hits: [] }], next_cursor: null }
    await list.search('sea')
    expect(ids()).toEqual(['s'])
    await expect.poll(() => list.pictures.value).toMatchObject({ code: 'network' })
    delete answers['/api/conversations']
    await list.search('')
    expect(list.state.value).toMatchObject({ code: 'network' })
  })

  it('tells of a session that ended', async () => {
    const problem = { status: 'error', code: 'unauthenticated', message: 'Please sign in.', request_id: 'r' }
    answers['/api/conversations'] = Response.json(problem, { status: 401 })
    await list.read()
    expect(ended).toBe(1)
  })
})
