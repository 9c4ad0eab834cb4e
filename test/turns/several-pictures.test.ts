import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventsOf, type Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForPicture, errorStatus, hold, picture, when } from '../support/fake-openrouter/behaviours.ts'
import type { Held } from '../support/fake-openrouter/transport-behaviours.ts'
import { comesToRest } from '../support/ledger-at-rest.ts'
import { samplePng } from '../support/sample-pictures.ts'

let easel: Easel
let anna: Client
beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
})
afterAll(() => easel.close())

/** The next picture requests are all answered in the same moment, when the last one has come. */
async function answerAtOnce(count: number): Promise<void> {
  const held: Held[] = []
  for (let seed = 1; seed <= count; seed += 1) {
    held.push(hold({ of: picture({ bytes: await samplePng({ width: 64, height: 64, seed }) }) }))
  }
  easel.fake?.next(...held.map(({ behaviour }) => when(asksForPicture, behaviour)))
  const allThere = Promise.all(held.map(({ reached }) => reached))
  for (const { release } of held) void allThere.then(release)
}

it.for([2, 3, 4])('records every one of %i pictures that come in the same moment', async (count) => {
  const conversation = await anna.conversation()
  await answerAtOnce(count)
  const streamed = await anna.stream(conversation, `/image foxes --n ${count} --raw`)
  const message = eventsOf(streamed, 'done')[0]?.message
  expect(message).toMatchObject({ state: 'complete' })
  expect(message?.generated_images.map((image) => image.number)).toEqual(
    Array.from({ length: count }, (_, index) => index + 1),
  )
  expect(eventsOf(streamed, 'image')).toHaveLength(count)
  const told = eventsOf(streamed, 'usage')[0]?.cost_usd ?? 0
  expect(message?.cost_usd).toBeCloseTo(told, 9)
  await comesToRest(easel.storageDir)
})

it('keeps and charges the pictures that came when others fail', async () => {
  const conversation = await anna.conversation()
  const bytes = await samplePng({ width: 64, height: 64 })
  easel.fake?.next(when(asksForPicture, errorStatus(503)), when(asksForPicture, picture({ bytes })))
  const streamed = await anna.stream(conversation, '/image foxes --n 2 --raw')
  expect(eventsOf(streamed, 'image_error')).toEqual([
    expect.objectContaining({ code: 'openrouter_error', reason: 'unavailable', retryable: true }),
  ])
  const message = eventsOf(streamed, 'done')[0]?.message
  expect(message).toMatchObject({ state: 'complete', generated_images: [{ number: 1 }] })
  expect(message?.warning).toContain('1 of the pictures could not be painted')
  await comesToRest(easel.storageDir)
})

it('keeps the pictures that came before it was cancelled', async () => {
  const conversation = await anna.conversation()
  const bytes = await samplePng({ width: 64, height: 64 })
  const held = hold()
  easel.fake?.next(when(asksForPicture, picture({ bytes })), when(asksForPicture, held.behaviour))
  const reading = anna.stream(conversation, '/image foxes --n 2 --raw', {
    until: ({ event }) => event.type === 'image',
  })
  await held.reached
  const seen = await reading
  const turnId = eventsOf(seen, 'turn')[0]?.turn_id ?? ''
  expect((await anna.post(`/api/turns/${turnId}/cancel`)).status).toBe(202)
  const rest = await anna.follow(turnId, seen.events.at(-1)?.id)
  expect(eventsOf(rest, 'done')[0]?.message).toMatchObject({
    state: 'cancelled',
    generated_images: [{ number: 1 }],
  })
  await comesToRest(easel.storageDir)
})
