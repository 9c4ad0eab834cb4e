import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import { eventsOf, type Client, type StreamedEvent } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { killEaselProcesses } from '../support/easel-process.ts'
import { asksForPicture, picture, when } from '../support/fake-openrouter/behaviours.ts'
import type { FakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { killEverywhere } from '../support/kill-everywhere.ts'
import { comesToRest } from '../support/ledger-at-rest.ts'
import { pictureCalls } from '../support/picture-calls.ts'
import { samplePng } from '../support/sample-pictures.ts'

/** A folder in which anna has an empty conversation. */
let template: Easel
let anna: Client
let conversation: string
let bytes: Buffer

beforeAll(async () => {
  template = await startEasel()
  anna = await template.user('anna')
  conversation = await anna.conversation()
  // Large enough for several writes.
  bytes = await samplePng({ width: 640, height: 360, minBytes: 400_000 })
})
afterAll(async () => {
  await killEaselProcesses()
  await template.close()
})

/** What anna had read and what the provider had been asked for when the server died. */
interface Seen {
  events: StreamedEvent[]
  paid: number
}

it('keeps every promise wherever a turn that paints is killed', async () => {
  await template.app.close(0)
  const key = randomUUID()
  const events: StreamedEvent[] = []
  const states: string[] = []
  const points = await killEverywhere<Seen>({
    template: template.storageDir,
    prepare: (fake) => fake.always(when(asksForPicture, picture({ bytes }))),
    work: (server) =>
      server.client(anna.cookie).stream(conversation, '/image a fox', {
        headers: { 'idempotency-key': key },
        until(event) {
          events.push(event)
          return false
        },
      }),
    look: (fake) => ({ events, paid: pictureCalls(fake) }),
    async check(left, fake) {
      const easel = await startEasel({ on: { storageDir: left.storageDir, fake } })
      try {
        const again = easel.nobody()
        again.cookie = anna.cookie
        states.push(await checkWhatIsLeft({ ...left, fake, key }, easel, again))
      } finally {
        await easel.close()
      }
    },
  })
  expect(points).toBeGreaterThan(20)
  expect([...new Set(states)].toSorted()).toEqual(['complete', 'interrupted', 'unclaimed'])
})

interface Left {
  storageDir: string
  done: readonly string[]
  seen: Seen
  /** The provider from then on. */
  fake: FakeOpenRouter
  /** The Idempotency-Key of the request. */
  key: string
}

/** @returns what became of the turn. */
async function checkWhatIsLeft(
  { storageDir, done, seen, fake, key }: Left,
  easel: Easel,
  client: Client,
): Promise<string> {
  expect(seen.paid).toBeLessThanOrEqual(1)
  const history = await messages(client)
  const acknowledged = eventsOf(seen, 'turn')[0]
  const answer = history[1]

  // Acknowledged: in history, once. Not acknowledged: whole or not at all.
  expect(history.map((message) => [message.sender, message.text.slice(0, 6)])).toEqual(
    acknowledged || history.length > 0
      ? [
          ['user', '/image'],
          ['model', answer?.text.slice(0, 6)],
        ]
      : [],
  )
  if (answer?.turn_id) {
    expect(answer.state).toMatch(/^(complete|interrupted)$/)
    if (acknowledged) expect(answer.turn_id).toBe(acknowledged.turn_id)
    // What had been received in whole is not lost.
    if (done.some(isReceived)) expect(answer.state).toBe('complete')
    const told = eventsOf(seen, 'done')[0]
    if (told) expect(withoutCaptions(answer)).toEqual(withoutCaptions(told.message))
    await checkStream(client, seen, answer)
    const status = await client.get(`/api/turns/${answer.turn_id}`)
    expect(status.body).toMatchObject({ state: answer.state, message: { id: answer.id } })
    if (answer.state === 'complete') await checkPicture(client, answer)
    else expect(answer.error).toMatchObject({ code: 'interrupted', retryable: true })
  }

  // The same request once more is the same turn; only what was never claimed is painted now.
  const resent = await client.post(
    `/send_message/${conversation}`,
    { messageText: '/image a fox' },
    { accept: 'application/json', 'idempotency-key': key },
  )
  expect(resent.status).toBe(200)
  if (answer) expect(resent.body.id).toBe(answer.id)
  expect(seen.paid + pictureCalls(fake)).toBe(answer ? seen.paid : 1)

  if (answer?.state === 'interrupted') {
    const retried = await client.post(`/api/turns/${answer.turn_id}/retry`, undefined, {
      accept: 'application/json',
    })
    expect(retried.body).toMatchObject({ state: 'complete', siblings: { index: 1, total: 2 } })
    await checkPicture(client, retried.body)
  }
  await comesToRest(storageDir)

  // Ended is ended: another restart changes nothing.
  const before = await messages(client)
  await easel.restart()
  expect((await messages(client)).map(withoutCaptions)).toEqual(before.map(withoutCaptions))
  return answer?.state ?? 'unclaimed'
}

/** Pictures are described in the background. */
function withoutCaptions(message: Message): unknown {
  const images = message.generated_images.map((image) => ({
    ...image,
    caption: '',
    alt: '',
    thumbhash: null,
  }))
  return { ...message, generated_images: images }
}

/** Going on after the last event that was seen gives the rest, and ends. */
async function checkStream(client: Client, seen: Seen, answer: Message): Promise<void> {
  const last = seen.events.at(-1)?.id ?? 0
  const rest = await client.follow(answer.turn_id ?? '', last)
  const ids = rest.events.map(({ id }) => id)
  expect(ids.every((id, index) => id > (ids[index - 1] ?? last))).toBe(true)
  const wasDone = eventsOf(seen, 'done').length > 0
  if (!wasDone)
    expect(eventsOf(rest, 'done').map((done) => withoutCaptions(done.message))).toEqual([
      withoutCaptions(answer),
    ])

  const whole = await client.follow(answer.turn_id ?? '')
  expect(eventsOf(whole, 'done').map((done) => withoutCaptions(done.message))).toEqual([
    withoutCaptions(answer),
  ])
  expect(whole.events.at(-1)?.id).toBeGreaterThanOrEqual(last)
}

async function checkPicture(client: Client, message: Message): Promise<void> {
  expect(message.generated_images).toHaveLength(1)
  const [image] = message.generated_images
  expect(message.text).toBe(`![Generated Image](${image?.url})\n\n`)
  expect((await client.bytes(image?.url ?? '')).bytes.equals(bytes)).toBe(true)
}

async function messages(client: Client): Promise<Message[]> {
  return (await client.get(`/api/conversations/${conversation}/messages`)).body.items
}

function isReceived(point: string): boolean {
  return point.startsWith("update generations set state = 'received'")
}
