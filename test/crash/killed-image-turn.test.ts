import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import { eventsOf, type Client, type Streamed } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { killEaselProcesses } from '../support/easel-process.ts'
import { asksForPicture, picture, when } from '../support/fake-openrouter/behaviours.ts'
import { killEverywhere, orIsCut, type Victim } from '../support/kill-everywhere.ts'
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

it('keeps every promise wherever a turn that paints is killed', { timeout: 300_000 }, async () => {
  await template.app.close(0)
  const states: string[] = []
  const points = await killEverywhere({
    template: template.storageDir,
    async attempt(victim) {
      states.push(await paintAndDie(victim))
    },
  })
  expect(points).toBeGreaterThan(20)
  expect([...new Set(states)].toSorted()).toEqual(['complete', 'interrupted', 'unclaimed'])
})

/** @returns what became of the turn. */
async function paintAndDie(victim: Victim): Promise<string> {
  const { fake, storageDir } = victim
  fake.always(when(asksForPicture, picture({ bytes })))
  const key = randomUUID()
  const client = victim.process?.client(anna.cookie)
  const seen = client
    ? await client
        .stream(conversation, '/image a fox', { headers: { 'idempotency-key': key } })
        .catch(orIsCut)
    : undefined
  await victim.died(seen?.events.at(-1)?.event.type === 'done')

  const easel = await startEasel({ on: { storageDir, fake } })
  try {
    const again = easel.nobody()
    again.cookie = anna.cookie
    return await checkWhatIsLeft(victim, easel, again, seen, key)
  } finally {
    await easel.close()
  }
}

async function checkWhatIsLeft(
  { fake, points, storageDir }: Victim,
  easel: Easel,
  client: Client,
  seen: Streamed | undefined,
  key: string,
): Promise<string> {
  const paid = pictureCalls(fake)
  expect(paid).toBeLessThanOrEqual(1)
  const history = await messages(client)
  const acknowledged = seen && eventsOf(seen, 'turn')[0]
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
    if (points().slice(0, -1).some(isReceived)) expect(answer.state).toBe('complete')
    const told = seen && eventsOf(seen, 'done')[0]
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
  expect(pictureCalls(fake)).toBe(answer ? paid : 1)

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
async function checkStream(client: Client, seen: Streamed | undefined, answer: Message): Promise<void> {
  const last = seen?.events.at(-1)?.id ?? 0
  const rest = await client.follow(answer.turn_id ?? '', last)
  const ids = rest.events.map(({ id }) => id)
  expect(ids.every((id, index) => id > (ids[index - 1] ?? last))).toBe(true)
  const wasDone = seen !== undefined && eventsOf(seen, 'done').length > 0
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
