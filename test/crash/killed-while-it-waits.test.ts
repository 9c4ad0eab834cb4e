import path from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import type { Client } from '../support/client.ts'
import { eventsOf } from '../support/client.ts'
import { startEasel } from '../support/easel.ts'
import { killEaselProcesses, startEaselProcess, type EaselProcess } from '../support/easel-process.ts'
import {
  asksForPicture,
  asksForRefinement,
  asksForText,
  hold,
  picture,
  steeredStream,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import { startFakeOpenRouter, type FakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { halfSent } from '../support/half-sent.ts'
import { assertLedgerAtRest, comesToRest } from '../support/ledger-at-rest.ts'
import { pictureCalls } from '../support/picture-calls.ts'
import { samplePng } from '../support/sample-pictures.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

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

async function start(): Promise<EaselProcess> {
  const server = await startEaselProcess({ storageDir, fake })
  if (!server) throw new Error('the server was killed before it listened')
  return server
}

/** The same folder under a new server, for the same person. */
async function restarted(before: Client): Promise<Client> {
  const easel = await startEasel({ on: { storageDir, fake } })
  onTestFinished(() => easel.close())
  const client = easel.nobody()
  client.cookie = before.cookie
  return client
}

async function history(client: Client, conversation: string) {
  return (await client.get(`/api/conversations/${conversation}/messages`)).body.items
}

it('keeps the words that had come when it is killed in the middle of a text', async () => {
  const told = steeredStream()
  fake.next(when(asksForText, told.behaviour))
  const server = await start()
  const anna = server.client()
  await anna.register('anna')
  const conversation = await anna.conversation()
  const reading = anna.stream(conversation, 'tell me a story')
  await told.send('Once upon a time')
  await told.send(' there was a fox')
  // Saved at least every two seconds.
  await expect
    .poll(async () => (await history(anna, conversation))[1]?.text, { interval: 50 })
    .toBe('Once upon a time there was a fox')
  await told.send(' who')
  server.kill()
  const seen = await reading

  const again = await restarted(anna)
  assertLedgerAtRest(storageDir)
  const [, answer] = await history(again, conversation)
  expect(answer).toMatchObject({
    state: 'interrupted',
    text: expect.stringMatching(/^Once upon a time there was a fox( who)?$/),
    error: { code: 'interrupted', retryable: true },
  })
  const rest = await again.follow(answer.turn_id, seen.events.at(-1)?.id)
  expect(rest.events.map(({ event }) => event.type)).toEqual(['error', 'done'])
  expect(rest.events[0]?.id).toBeGreaterThan(seen.events.at(-1)?.id ?? Infinity)

  const retried = await again.post(`/api/turns/${answer.turn_id}/retry`, undefined, {
    accept: 'application/json',
  })
  expect(retried.body).toMatchObject({ state: 'complete', siblings: { index: 1, total: 2 } })
  await comesToRest(storageDir)
})

it.each([
  { kind: 'chat', asks: asksForText, message: 'tell me a story' },
  { kind: 'refine', asks: asksForRefinement, message: '/image a fox' },
])('knows the id of a $kind call that it is killed in, so that its bill can be found', async (call) => {
  const told = steeredStream()
  fake.next(when(call.asks, told.behaviour))
  const server = await start()
  const anna = server.client()
  await anna.register('anna')
  const reading = anna.stream(await anna.conversation(), call.message)
  await told.send('Once')
  await expect
    .poll(() => ledger(call.kind), { interval: 20 })
    .toEqual([{ state: 'running', upstreamId: expect.stringMatching(/^gen-/) }])
  const [running] = ledger(call.kind)
  server.kill()
  await reading
  await restarted(anna)
  assertLedgerAtRest(storageDir)
  expect(ledger(call.kind)).toEqual([{ state: 'interrupted', upstreamId: running?.upstreamId }])
})

/** The calls of a kind, as the ledger has them on the disk. */
function ledger(kind: string) {
  const db = new Database(path.join(storageDir, 'easel.sqlite'), { readonly: true })
  try {
    return db
      .prepare<[string], { state: string; upstreamId: string | null }>(
        `select state, upstream_id as upstreamId from generations where kind = ?`,
      )
      .all(kind)
  } finally {
    db.close()
  }
}

it('ends a turn that was killed while the provider painted, and does not ask it again', async () => {
  const held = hold({ of: picture() })
  fake.next(when(asksForPicture, held.behaviour))
  const server = await start()
  const anna = server.client()
  await anna.register('anna')
  const conversation = await anna.conversation()
  const headers = { 'idempotency-key': 'one' }
  const reading = anna.stream(conversation, '/image a fox --raw', { headers })
  await held.reached
  server.kill()
  const seen = await reading
  expect(eventsOf(seen, 'turn')).toHaveLength(1)

  const again = await restarted(anna)
  assertLedgerAtRest(storageDir)
  const [, answer] = await history(again, conversation)
  expect(answer).toMatchObject({ state: 'interrupted', generated_images: [] })
  const resent = await again.stream(conversation, '/image a fox --raw', { headers })
  expect(eventsOf(resent, 'done')[0]?.message).toMatchObject({ id: answer.id, state: 'interrupted' })
  expect(pictureCalls(fake)).toBe(1)
  held.release()
})

it('keeps the pictures that had come when it is killed before the last of several', async () => {
  const held = hold()
  for (const seed of [1, 2]) {
    const bytes = await samplePng({ width: 64, height: 64, seed })
    fake.next(when(asksForPicture, picture({ bytes })))
  }
  fake.next(when(asksForPicture, held.behaviour))
  const server = await start()
  const anna = server.client()
  await anna.register('anna')
  const conversation = await anna.conversation()
  let pictures = 0
  const seen = await anna.stream(conversation, '/image three foxes --n 3 --raw', {
    until: ({ event }) => event.type === 'image' && (pictures += 1) === 2,
  })
  await held.reached
  server.kill()
  await server.exited

  const again = await restarted(anna)
  assertLedgerAtRest(storageDir)
  const [, answer] = await history(again, conversation)
  expect(answer).toMatchObject({ state: 'interrupted', generated_images: [{ number: 1 }, { number: 2 }] })
  for (const { url } of eventsOf(seen, 'image')) expect(answer.text).toContain(`(${url})`)
  expect(pictureCalls(fake)).toBe(3)
})

it('has nothing of a message whose body had not arrived', async () => {
  const server = await start()
  const anna = server.client()
  await anna.register('anna')
  const conversation = await anna.conversation()
  const sending = await halfSent(`${server.url}/send_message/${conversation}`, {
    cookie: anna.cookie,
    body: '{"messageText": "/image a fox"}',
  })
  server.kill()
  await sending.closed
  const again = await restarted(anna)
  expect(await history(again, conversation)).toEqual([])
  assertLedgerAtRest(storageDir)
})
