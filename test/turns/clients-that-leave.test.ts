import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventsOf, type Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import {
  asksForPicture,
  asksForText,
  hold,
  picture,
  steeredStream,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import type { ChatRequest } from '../support/fake-openrouter/index.ts'
import { comesToRest } from '../support/ledger-at-rest.ts'

let easel: Easel
let anna: Client
beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
})
afterAll(() => easel.close())

function asksForChat(request: ChatRequest): boolean {
  return asksForText(request) && request.temperature === undefined
}

async function history(conversation: string) {
  return (await anna.get(`/api/conversations/${conversation}/messages`)).body.items
}

/** A connection that sends a request and reads nothing until it is told to. */
async function unread(head: readonly string[], body = '') {
  const { hostname, port, host } = new URL(easel.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.pause()
  socket.on('error', () => undefined)
  socket.write([...head, `Host: ${host}`, `Cookie: ${anna.cookie}`, '', body].join('\r\n'))
  return socket
}

it('paints for somebody who hung up before the first event', async () => {
  const conversation = await anna.conversation()
  const body = '{"messageText":"/image a fox --raw"}'
  const held = hold({ of: picture() })
  easel.fake?.next(when(asksForPicture, held.behaviour))
  const socket = await unread(
    [
      `POST /send_message/${conversation} HTTP/1.1`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ],
    body,
  )
  await held.reached
  socket.destroy()
  held.release()
  await expect.poll(async () => (await history(conversation))[1]?.state).toBe('complete')
  expect((await history(conversation))[1].generated_images).toHaveLength(1)
  await comesToRest(easel.storageDir)
})

it('writes on for somebody who hung up in the middle, and gives the rest to who comes back', async () => {
  const conversation = await anna.conversation()
  const told = steeredStream()
  easel.fake?.next(when(asksForChat, told.behaviour))
  const reading = anna.stream(conversation, 'tell me a story', {
    until: ({ event }) => event.type === 'delta',
  })
  await told.send('Once')
  const seen = await reading
  await told.send(' upon')
  const turnId = eventsOf(seen, 'turn')[0]?.turn_id ?? ''
  const following = anna.follow(turnId, seen.events.at(-1)?.id)
  await told.send(' a time')
  await told.finish()
  const rest = await following
  expect([...eventsOf(seen, 'delta'), ...eventsOf(rest, 'delta')].map((delta) => delta.text).join('')).toBe(
    'Once upon a time',
  )
  const ids = [...seen.events, ...rest.events].map(({ id }) => id)
  expect(ids).toEqual(ids.map((_, index) => index + 1))
  expect(eventsOf(rest, 'done')[0]?.message).toMatchObject({ state: 'complete', text: 'Once upon a time' })
  await comesToRest(easel.storageDir)
})

it('tells two followers the same, and a third one afterwards', async () => {
  const conversation = await anna.conversation()
  const held = hold({ of: picture() })
  easel.fake?.next(when(asksForPicture, held.behaviour))
  const first = anna.stream(conversation, '/image a fox --raw')
  await held.reached
  const turnId = (await history(conversation))[1].turn_id
  const second = anna.follow(turnId)
  held.release()
  expect((await second).events).toEqual((await first).events)
  expect((await anna.follow(turnId)).events).toEqual((await first).events)
  await comesToRest(easel.storageDir)
  expect((await anna.follow(turnId)).events).toEqual((await first).events)
})

it('writes on beside a follower that does not read, and gives it the whole once it does', async () => {
  const conversation = await anna.conversation()
  const told = steeredStream()
  easel.fake?.next(when(asksForChat, told.behaviour))
  const seen = await anna.stream(conversation, 'tell me a very long story', { until: () => true })
  const turnId = eventsOf(seen, 'turn')[0]?.turn_id
  const idle = await unread([`GET /api/turns/${turnId}/events HTTP/1.1`, 'Accept: text/event-stream'])
  // More than the system's own buffers take.
  const part = 'a'.repeat(500_000)
  const parts = 16
  for (let sent = 0; sent < parts; sent += 1) await told.send(part)
  await told.finish()
  await expect.poll(async () => (await history(conversation))[1]?.state).toBe('complete')
  expect((await history(conversation))[1].text).toHaveLength(parts * part.length)

  let received = 0
  let tail = ''
  const whole = new Promise<void>((resolve) => {
    idle.on('data', (piece: Buffer) => {
      received += piece.length
      tail = (tail + piece.toString('latin1')).slice(-5000)
      if (tail.includes('0\r\n\r\n')) resolve()
    })
  })
  idle.resume()
  await whole
  idle.destroy()
  // Every part once, and all of them once more in the frame that ends it.
  expect(received).toBeGreaterThan(2 * parts * part.length)
  await comesToRest(easel.storageDir)
})
