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

it('does not bring a picture back that was deleted before the others came', async () => {
  const conversation = await anna.conversation()
  const held: Held[] = []
  for (const seed of [1, 2, 3]) {
    held.push(hold({ of: picture({ bytes: await samplePng({ width: 64, height: 64, seed }) }) }))
  }
  easel.fake?.next(...held.map(({ behaviour }) => when(asksForPicture, behaviour)))
  const untilPicture = ({ event }: { event: { type: string } }) => event.type === 'image'
  const reading = anna.stream(conversation, '/image foxes --n 3 --raw', { until: untilPicture })
  await Promise.all(held.map(({ reached }) => reached))
  held[0]?.release()
  const begun = await reading
  const turnId = eventsOf(begun, 'turn')[0]?.turn_id ?? ''
  const [deleted] = eventsOf(begun, 'image')
  expect((await anna.delete(`/api/images/${deleted?.id}`)).status).toBe(204)

  held[1]?.release()
  const goneOn = await anna.follow(turnId, begun.events.at(-1)?.id, untilPicture)
  const [second] = eventsOf(goneOn, 'image')
  // The text is saved as it grows; once the second picture is in it, the first must not be.
  const saved = async () =>
    (await anna.get(`/api/conversations/${conversation}/messages`)).body.items.at(-1).text
  await expect.poll(saved, { interval: 50 }).toBe(`![Generated Image](${second?.url})\n\n`)

  held[2]?.release()
  const ended = await anna.follow(turnId, goneOn.events.at(-1)?.id)
  const message = eventsOf(ended, 'done')[0]?.message
  expect(message?.generated_images.map(({ id }) => id)).toEqual([second?.id, expect.any(String)])
  expect(message?.text).toContain(`(${second?.url})`)
  expect(message?.text).not.toContain(deleted?.filename)
  expect(await saved()).toBe(message?.text)
})
