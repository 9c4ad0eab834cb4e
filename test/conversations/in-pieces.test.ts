import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { filesIn, sendFile, zipAgain } from '../support/archives.ts'
import type { Client } from '../support/client.ts'
import { copyState } from '../support/copy-state.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { killEaselProcesses } from '../support/easel-process.ts'
import { startFakeOpenRouter, type FakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { killBefore } from '../support/kill-everywhere.ts'
import { fillWithTalk } from '../support/long-talk.ts'
import { quietBackground } from '../support/quiet-background.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { richTalk } from './talk.ts'

let fake: FakeOpenRouter
let storageDir: string
beforeEach(async () => {
  fake = await startFakeOpenRouter()
  storageDir = temporaryFolder()
})
afterEach(async () => {
  await killEaselProcesses()
  await fake.close()
})

async function open(): Promise<Easel> {
  const easel = await startEasel({ on: { storageDir, fake } })
  onTestFinished(() => easel.close())
  return easel
}

/** A conversation with pictures, uploads and so many messages behind them, as it was imported; and its ZIP. */
async function longTalk(easel: Easel, client: Client, most: number) {
  const talk = await richTalk(easel, client)
  const { bytes } = await client.bytes(`/api/conversations/${talk.id}/export?format=json`)
  const files = await filesIn(bytes)
  const document = JSON.parse(files.get('conversation.json')?.toString() ?? '')
  const own = document.messages.length
  const idOf = (index: number) => `message-${String(index).padStart(12, '0')}`
  for (let index = 0; index < most; index += 1) {
    document.messages.push({
      id: idOf(index),
      parent_id: index === 0 ? document.active_message_id : idOf(index - 1),
      sender: index % 2 === 0 ? 'user' : 'model',
      kind: 'chat',
      text: `The ${index}th thing that was said.`,
      model: null,
      created_at: document.exported_at,
      state: 'complete',
      warning: null,
      error: null,
      summary: null,
      cost_usd: null,
      generated_images: [],
      attachments: [],
    })
  }
  document.active_message_id = idOf(most - 1)
  document.conversation.title = 'Long'
  files.set('conversation.json', Buffer.from(JSON.stringify(document)))
  const zip = zipAgain(files)
  const { body } = await sendFile(client, '/api/conversations/import', zip)
  expect(body).toMatchObject({ title: 'Long', message_count: own + most })
  return { id: body.id, leaf: body.active_message_id, zip, own, messages: own + most }
}

function countIn(sql: string): number {
  const db = new Database(path.join(storageDir, 'easel.sqlite'), { readonly: true })
  try {
    return db.prepare<[], number>(sql).pluck().get() ?? 0
  } finally {
    db.close()
  }
}

const hidden = () => countIn('select count(*) from conversations where hidden_by is not null')

/** All that is to be seen of conversations. */
async function visible(client: Client) {
  const conversations = (await client.get('/api/conversations')).body.items
  const images = (await client.get('/api/images')).body.items
  const found = (await client.get('/api/conversations?q=thing')).body.items
  return {
    conversations: conversations.map(({ id }: { id: string }) => id),
    found: found.map(({ id }: { id: string }) => id),
    imagesOf: new Set(images.map((image: { conversation_id: string }) => image.conversation_id)),
  }
}

/** Until the words of the long conversation are found: they are put into the index a piece at a time. */
async function indexed(client: Client): Promise<void> {
  const found = async () => (await client.get('/api/conversations?q=thing')).body.items
  await vi.waitFor(async () => expect(await found()).toHaveLength(1), { timeout: 30_000, interval: 20 })
}

it('answers others while a long conversation is copied or removed, and shows it whole or not at all', async () => {
  const easel = await open()
  const anna = await easel.user('anna')
  const talk = await longTalk(easel, anna, 2500)
  await indexed(anna)
  const before = await visible(anna)

  /** What others saw until the work was done. */
  async function watch<T>(
    work: Promise<T>,
  ): Promise<{ result: T; seen: Awaited<ReturnType<typeof visible>>[] }> {
    const seen: Awaited<ReturnType<typeof visible>>[] = []
    const until = { isOver: false }
    void work.finally(() => (until.isOver = true))
    while (!until.isOver) {
      const isHidden = hidden() === 1
      const sight = await visible(anna)
      if (isHidden && hidden() === 1) seen.push(sight)
    }
    return { result: await work, seen }
  }

  const forking = await watch(anna.post(`/api/conversations/${talk.id}/fork`, { message_id: talk.leaf }))
  expect(forking.seen.length).toBeGreaterThan(0)
  for (const sight of forking.seen) expect(sight).toEqual(before)
  expect(forking.result.body).toMatchObject({ title: 'Long' })
  const forked = forking.result.body.id
  expect((await visible(anna)).conversations).toEqual([forked, ...before.conversations])
  expect((await visible(anna)).imagesOf).toContain(forked)

  const importing = await watch(sendFile(anna, '/api/conversations/import', talk.zip))
  expect(importing.seen.length).toBeGreaterThan(0)
  for (const sight of importing.seen) expect(sight.conversations).toEqual([forked, ...before.conversations])
  expect(importing.result.status).toBe(201)

  const removing = await watch(anna.delete(`/api/conversations/${forked}`))
  expect(removing.seen.length).toBeGreaterThan(0)
  for (const sight of removing.seen) expect([...sight.conversations, ...sight.found]).not.toContain(forked)
  expect(removing.result.status).toBe(204)
  expect(hidden()).toBe(0)
  expect(countIn('select count(*) from messages')).toBe(2 * talk.messages + talk.own)
})

it('finds what is to be seen also when what is not would be all that is looked at', async () => {
  const easel = await open()
  const anna = await easel.user('anna')
  const seen = await anna.conversation('Seen')
  await anna.say(seen, 'What does the message say?')
  const copy = await anna.conversation('Under way')
  fillWithTalk(storageDir, copy, 1100)
  const found = async () => (await anna.get('/api/conversations?q=message')).body.items
  await vi.waitFor(
    async () => {
      await found()
      expect(countIn('select count(*) from messages where indexed = 0')).toBe(0)
    },
    { timeout: 30_000, interval: 20 },
  )
  const db = new Database(path.join(storageDir, 'easel.sqlite'))
  db.prepare(`update conversations set hidden_by = 'someone' where id = ?`).run(copy)
  db.close()
  expect(await found()).toMatchObject([{ id: seen }])
})

describe('a server that is killed', () => {
  /** A folder with anna's long talk, found by its words; each server that is killed gets a copy of it. */
  let template: string
  let cookie: string | undefined
  let talk: Awaited<ReturnType<typeof longTalk>>
  let before: Awaited<ReturnType<typeof visible>>
  beforeAll(async () => {
    template = mkdtempSync(path.join(tmpdir(), 'easel-talk-'))
    const service = await startFakeOpenRouter()
    const easel = await startEasel({ on: { storageDir: template, fake: service } })
    const anna = await easel.user('anna')
    talk = await longTalk(easel, anna, 250)
    await indexed(anna)
    await quietBackground(template)
    before = await visible(anna)
    cookie = anna.cookie
    await easel.close()
    await service.close()
  })
  afterAll(() => rmSync(template, { recursive: true, force: true }))

  const shows = /^commit of update images set expires_at = null where conversation_id/
  const rows: [what: string, point: RegExp, isThere: boolean][] = [
    ['fork', /^commit of insert into messages/, true],
    ['fork', shows, true],
    ['import', /^commit of insert into messages/, true],
    ['import', shows, true],
    ['removal', /^commit of delete from messages/, false],
  ]
  for (const [what, point, isThere] of rows) {
    it(`in a ${what} before ${point.source.slice(0, 40)}… leaves nothing of it`, async () => {
      copyState(template, storageDir)
      const folders = readdirSync(path.join(storageDir, 'conversations')).toSorted()
      const messages = countIn('select count(*) from messages')
      const images = countIn('select count(*) from images where conversation_id is not null')

      await killBefore(point, { storageDir, fake }, async (server) => {
        const client = server.client(cookie)
        if (what === 'fork')
          await client.post(`/api/conversations/${talk.id}/fork`, { message_id: talk.leaf })
        if (what === 'import') await sendFile(client, '/api/conversations/import', talk.zip)
        if (what === 'removal') await client.delete(`/api/conversations/${talk.id}`)
      })
      expect(hidden()).toBe(1)

      const anna = (await open()).nobody()
      anna.cookie = cookie
      const left = (ids: string[]) => ids.filter((id) => isThere || id !== talk.id)
      const after = await visible(anna)
      expect(after.conversations).toEqual(left(before.conversations))
      expect(after.found).toEqual(left(before.found))
      await expect.poll(hidden, { timeout: 10_000 }).toBe(0)
      await expect
        .poll(() => readdirSync(path.join(storageDir, 'conversations')).toSorted(), { timeout: 10_000 })
        .toEqual(left(folders))
      if (isThere) {
        expect(countIn('select count(*) from messages')).toBe(messages)
        expect(countIn('select count(*) from images where conversation_id is not null')).toBe(images)
      } else {
        expect(countIn('select count(*) from messages')).toBe(messages - talk.messages)
      }
      expect(await visible(anna)).toMatchObject({ conversations: left(before.conversations) })
    })
  }
})
