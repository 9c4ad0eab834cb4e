import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Conversation } from '../../server/contract/conversations.ts'
import { startEasel, type Easel } from '../support/easel.ts'

let easel: Easel
beforeAll(async () => {
  easel = await startEasel({ offline: true })
})
afterAll(() => easel.close())

it('lists the pinned conversations alone, the others alone, or all', async () => {
  const anna = await easel.user()
  const [first = '', second = '', archived = ''] = await Promise.all(
    ['first', 'second', 'archived'].map((title) => anna.conversation(title)),
  )
  await anna.patch(`/api/conversations/${first}`, { pinned: true })
  await anna.patch(`/api/conversations/${archived}`, { pinned: true, archived: true })
  const listed = async (query: string) => {
    const { body } = await anna.get(`/api/conversations?${query}`)
    return (body.items as Conversation[]).map((item) => item.id).toSorted()
  }
  expect(await listed('pinned=true')).toEqual([first])
  expect(await listed('pinned=false')).toEqual([second])
  expect(await listed('')).toEqual([first, second].toSorted())
  expect(await listed('archived=true&pinned=true')).toEqual([archived])
  expect((await anna.get('/api/conversations?pinned=perhaps')).status).toBe(400)
  expect(await (await easel.user()).get('/api/conversations?pinned=true')).toMatchObject({
    body: { items: [] },
  })
})
