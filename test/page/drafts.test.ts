import { expect, it } from 'vitest'
import { Drafts, type Draft, type KeptPicture } from '../../public/app/drafts.ts'

class Kept implements Storage {
  readonly items = new Map<string, string>()
  get length() {
    return this.items.size
  }
  key = (index: number) => [...this.items.keys()][index] ?? null
  getItem = (name: string) => this.items.get(name) ?? null
  setItem = (name: string, value: string) => void this.items.set(name, value)
  removeItem = (name: string) => void this.items.delete(name)
  clear = () => this.items.clear()
}

function browser() {
  const storage = new Kept()
  const time = { now: 1_000_000 }
  const tab = (own = new Kept(), userId = 'anna') =>
    new Drafts({ storage, tab: own, userId, now: () => time.now })
  return { storage, time, tab }
}
const picture = (id: string, at = 1_000_000): KeptPicture => ({
  name: `${id}.png`,
  upload: { id, url: `/${id}`, width: 1, height: 1 },
  at,
})
const expected = { kind: 'chat', prompt: '', count: 0, aspectRatio: undefined }
const draft: Draft = {
  text: 'and now?',
  pictures: [picture('c')],
  queue: [
    {
      message: { messageText: 'first this', attachments: ['a', 'b'] },
      expected,
      pictures: [picture('a'), picture('b')],
      idempotencyKey: 'k1',
    },
  ],
}

it('are read again as they were, by the tab that wrote them', () => {
  const { tab } = browser()
  const own = new Kept()
  tab(own).write('c1', draft)
  expect(tab(own).read('c1')).toEqual(JSON.parse(JSON.stringify(draft)))
  expect(tab(own).read('c2')).toEqual({ text: '', pictures: [], queue: [] })
})

it('are words and pictures to another tab, which sends nothing by itself', () => {
  const { tab } = browser()
  tab().write('c1', draft)
  expect(tab().read('c1')).toEqual({
    text: 'first this\n\nand now?',
    pictures: [picture('a'), picture('b'), picture('c')],
    queue: [],
  })
})

it('are nobody else’s', () => {
  const { tab } = browser()
  const own = new Kept()
  tab(own).write('c1', draft)
  expect(tab(own, 'bert').read('c1')).toEqual({ text: '', pictures: [], queue: [] })
})

it('let go of pictures that the server has no longer, and keep the words that were to go with them', () => {
  const { time, tab } = browser()
  const own = new Kept()
  tab(own).write('c1', { ...draft, pictures: [picture('c', 1_000_000 + 3_600_000)] })
  time.now += 23 * 3_600_000
  const read = tab(own).read('c1')
  expect(read.pictures.map((one) => one.upload.id)).toEqual(['c'])
  expect(read.queue).toMatchObject([
    { message: { messageText: 'first this', attachments: [] }, pictures: [] },
  ])
})

it('leave nothing behind when they are empty, or their conversation is gone', () => {
  const { storage, tab } = browser()
  const own = new Kept()
  const drafts = tab(own)
  const sight = {
    pinned: [{ id: 'p', url: '/p', width: 1, height: 1, alt: '', thumbhash: null }],
    dropped: [],
  }
  drafts.write('c1', draft)
  drafts.writeSight('c1', sight)
  expect(drafts.readSight('c1')).toEqual(sight)
  drafts.forget('c1')
  drafts.write('c2', draft)
  drafts.write('c2', { text: '', pictures: [], queue: [] })
  drafts.writeSight('c2', { pinned: [], dropped: [] })
  expect([storage.length, own.length]).toEqual([0, 0])
})

it('begin anew where somebody else wrote under their name', () => {
  const { storage, tab } = browser()
  storage.setItem('easel.pictures.anna.c1', '{"half')
  expect(tab().read('c1')).toEqual({ text: '', pictures: [], queue: [] })
  expect(storage.length).toBe(0)
})
