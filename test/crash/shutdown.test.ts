import { request } from 'undici'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { eventsOf, type Client } from '../support/client.ts'
import { startEasel } from '../support/easel.ts'
import { killEaselProcesses, startEaselProcess, type EaselProcess } from '../support/easel-process.ts'
import {
  asksForPicture,
  asksForText,
  hold,
  picture,
  steeredStream,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import { startFakeOpenRouter, type FakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { halfSent } from '../support/half-sent.ts'
import { assertLedgerAtRest } from '../support/ledger-at-rest.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let fake: FakeOpenRouter
let storageDir: string
let server: EaselProcess
let anna: Client
let conversation: string

beforeEach(async () => {
  fake = await startFakeOpenRouter()
  storageDir = temporaryFolder()
  const started = await startEaselProcess({ storageDir, fake })
  if (!started) throw new Error('the server was killed before it listened')
  server = started
  anna = server.client()
  await anna.register('anna')
  conversation = await anna.conversation()
})
afterEach(async () => {
  await killEaselProcesses()
  await fake.close()
})

async function stopping(): Promise<void> {
  await expect.poll(() => server.output().includes('"stopping"'), { interval: 10 }).toBe(true)
}

it('lets a running turn finish, tells it to the end, and exits with 0', async () => {
  const held = hold({ of: picture() })
  fake.next(when(asksForPicture, held.behaviour))
  const reading = anna.stream(conversation, '/image a fox --raw')
  await held.reached
  server.kill('SIGTERM')
  await stopping()
  const released = Date.now()
  held.release()
  expect(eventsOf(await reading, 'done')[0]?.message).toMatchObject({
    state: 'complete',
    generated_images: [{ number: 1 }],
  })
  expect(await server.exited).toBe(0)
  expect(Date.now() - released).toBeLessThan(15_000)
  assertLedgerAtRest(storageDir)
})

it('tells whoever reads a stream to come back soon', async () => {
  const held = hold({ of: picture() })
  fake.next(when(asksForPicture, held.behaviour))
  const stream = await request(`${server.url}/send_message/${conversation}`, {
    method: 'POST',
    headers: { cookie: anna.cookie ?? '', 'content-type': 'application/json' },
    body: JSON.stringify({ messageText: '/image a fox --raw' }),
  })
  await held.reached
  server.kill('SIGTERM')
  await stopping()
  held.release()
  const blocks = (await stream.body.text()).split('\n\n')
  expect(blocks.filter((block) => block.startsWith('retry:'))).toEqual(['retry: 1000'])
  expect(blocks.at(-2)).toMatch(/^id: \d+\nevent: done\n/)
})

it('lets the dialog finish its picture', async () => {
  const held = hold({ of: picture() })
  fake.next(when(asksForPicture, held.behaviour))
  const asking = anna.post('/api/generate-image', { prompt: 'a fox', better_context: false })
  await held.reached
  server.kill('SIGTERM')
  await stopping()
  held.release()
  expect(await asking).toMatchObject({ status: 200, body: { status: 'success' } })
  expect(await server.exited).toBe(0)
  assertLedgerAtRest(storageDir)
})

it('refuses what comes over an open connection, and takes no new ones', async () => {
  const held = hold({ of: picture() })
  fake.next(when(asksForPicture, held.behaviour))
  const reading = anna.stream(conversation, '/image a fox --raw')
  await held.reached
  const other = await anna.conversation()
  const late = await halfSent(`${server.url}/send_message/${other}`, {
    cookie: anna.cookie,
    body: '{"messageText":"hello"}',
  })
  server.kill('SIGTERM')
  await stopping()

  const answer = await late.finish()
  expect(answer).toMatch(/^HTTP\/1\.1 503 /)
  expect(answer).toMatch(/retry-after: \d+/i)
  expect(answer).toContain('"code":"shutting_down"')
  await expect(server.client().get('/healthz')).rejects.toThrow(/ECONNREFUSED/)
  held.release()
  await reading
  expect(await server.exited).toBe(0)
  assertLedgerAtRest(storageDir)
})

it('interrupts a turn that takes longer than the grace, keeps its words, and offers them again', async () => {
  server.kill('SIGTERM')
  await server.exited
  const easel = await startEasel({ on: { storageDir, fake } })
  onTestFinished(() => easel.close())
  const client = easel.nobody()
  client.cookie = anna.cookie
  const told = steeredStream()
  fake.next(when(asksForText, told.behaviour))
  const reading = client.stream(conversation, 'tell me a story', {
    until: ({ event }) => event.type === 'done',
  })
  await told.send('Once upon a time')
  await fake.arrived(1)
  await easel.app.close(50)
  const seen = await reading
  expect(eventsOf(seen, 'done')[0]?.message).toMatchObject({
    state: 'interrupted',
    text: 'Once upon a time',
    error: { code: 'interrupted', retryable: true },
  })
  assertLedgerAtRest(storageDir)
})
