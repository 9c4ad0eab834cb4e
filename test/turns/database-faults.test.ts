import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appDatabase } from '../support/app-database.ts'
import { eventsOf, type Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import {
  asksForPicture,
  asksForText,
  hold,
  picture,
  text,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import { comesToRest } from '../support/ledger-at-rest.ts'
import { pictureCalls } from '../support/picture-calls.ts'
import { samplePng } from '../support/sample-pictures.ts'

let easel: Easel
let anna: Client
let app: Database.Database
let bytes: Buffer
beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
  app = await appDatabase(easel.storageDir, () => anna.get('/api/conversations'))
  bytes = await samplePng({ width: 64, height: 64 })
})
afterAll(() => easel.close())

interface Fault {
  name: string
  /** What the log shows of it. */
  code: string
  /** Status and code of what is refused meanwhile. */
  refusal: [number, string]
  /** Takes something away from the database; the answer gives it back. */
  begin: () => () => void
}

const faults: Fault[] = [
  {
    name: 'another process holds the write lock',
    code: 'SQLITE_BUSY',
    refusal: [500, 'internal_error'],
    begin() {
      app.pragma('busy_timeout = 0')
      const other = new Database(path.join(easel.storageDir, 'easel.sqlite'))
      other.exec('begin immediate')
      return () => {
        other.exec('rollback')
        other.close()
        app.pragma('busy_timeout = 5000')
      }
    },
  },
  {
    name: 'the disk is full',
    code: 'SQLITE_FULL',
    refusal: [507, 'storage_full'],
    begin() {
      // Free pages of the file would be used up first.
      app.exec('vacuum')
      const pages = app.pragma('page_count', { simple: true })
      app.pragma(`max_page_count = ${String(pages)}`)
      return () => app.pragma('max_page_count = 4294967294')
    },
  },
  {
    name: 'the database may not be written',
    code: 'SQLITE_READONLY',
    refusal: [500, 'internal_error'],
    begin() {
      app.pragma('query_only = 1')
      return () => app.pragma('query_only = 0')
    },
  },
]

function faultsSeen(code: string): number {
  return easel.log().split(code).length - 1
}

describe.for(faults)('$name', ({ begin, code, refusal }) => {
  it('while a picture is received: it is recorded by itself when the fault ends', async () => {
    const conversation = await anna.conversation()
    const held = hold({ of: picture({ bytes }) })
    easel.fake?.next(when(asksForPicture, held.behaviour))
    const paid = easel.fake ? pictureCalls(easel.fake) : 0
    const reading = anna.stream(conversation, `/image a fox, ${'very '.repeat(1500)} red --raw`)
    await held.reached
    const seen = faultsSeen(code)
    const end = begin()
    try {
      held.release()
      await expect.poll(() => faultsSeen(code)).toBeGreaterThan(seen + 1)
    } finally {
      end()
    }
    const message = eventsOf(await reading, 'done')[0]?.message
    expect(message).toMatchObject({ state: 'complete', generated_images: [{ number: 1 }] })
    expect((await anna.bytes(message?.generated_images[0]?.url ?? '')).bytes).toEqual(bytes)
    expect(easel.fake && pictureCalls(easel.fake)).toBe(paid + 1)
    await comesToRest(easel.storageDir)
  })

  it('while a text ends: it is recorded by itself when the fault ends', async () => {
    const conversation = await anna.conversation()
    const story = Array.from({ length: 200 }, (_, part) => `part ${part} of a long, long story, `)
    const held = hold({ of: text({ chunks: story }) })
    easel.fake?.next(when((call) => asksForText(call) && call.temperature === undefined, held.behaviour))
    const reading = anna.stream(conversation, 'tell me a story')
    await held.reached
    const seen = faultsSeen(code)
    const end = begin()
    try {
      held.release()
      await expect.poll(() => faultsSeen(code)).toBeGreaterThan(seen + 1)
    } finally {
      end()
    }
    expect(eventsOf(await reading, 'done')[0]?.message).toMatchObject({
      state: 'complete',
      text: story.join(''),
    })
    await comesToRest(easel.storageDir)
  })

  it('while the dialog paints: it is answered when the fault ends, and kept under its key', async () => {
    const held = hold({ of: picture({ bytes }) })
    easel.fake?.next(when(asksForPicture, held.behaviour))
    const request = { prompt: `a fox, ${'very '.repeat(1500)} red`, better_context: false }
    const headers = { 'idempotency-key': code }
    const asking = anna.post('/api/generate-image', request, headers)
    await held.reached
    const seen = faultsSeen(code)
    const end = begin()
    try {
      held.release()
      await expect.poll(() => faultsSeen(code)).toBeGreaterThan(seen + 1)
    } finally {
      end()
    }
    const answer = await asking
    expect(answer).toMatchObject({ status: 200, body: { status: 'success' } })
    expect((await anna.post('/api/generate-image', request, headers)).body).toEqual(answer.body)
    await comesToRest(easel.storageDir)
  })

  it('when a turn is asked for: nothing is stored or spent, and it works when the fault ends', async () => {
    const conversation = await anna.conversation()
    const end = begin()
    try {
      const refused = await anna.say(conversation, `tell me of nothing ${'x'.repeat(20_000)}`)
      expect([refused.status, refused.body.code]).toEqual(refusal)
      expect(refused.text).not.toContain('SQLITE')
    } finally {
      end()
    }
    // In the background, earlier pictures may be described meanwhile.
    expect(easel.asked().filter((call) => JSON.stringify(call).includes('tell me of nothing'))).toEqual([])
    const messages = await anna.get(`/api/conversations/${conversation}/messages`)
    expect(messages.body.items).toEqual([])
    expect((await anna.say(conversation, 'hello')).body).toMatchObject({ state: 'complete' })
    await comesToRest(easel.storageDir)
  })
})
