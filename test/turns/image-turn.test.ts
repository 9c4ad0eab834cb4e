import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  asksForPicture,
  errorStatus,
  noPicture,
  picture,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import type { Client } from '../support/client.ts'
import { eventsOf } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { samplePng } from '../support/sample-pictures.ts'

let easel: Easel
let anna: Client
beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
})
afterAll(() => easel.close())

it('paints what /image asks for, streams it, and stores the file byte for byte', async () => {
  const conversation = await anna.conversation()
  await anna.say(conversation, 'Our lighthouse at Skagen has a red door.')
  const bytes = await samplePng({ width: 640, height: 360, seed: 7 })
  easel.fake?.next(when(asksForPicture, picture({ bytes })))

  const streamed = await anna.stream(conversation, '/image our lighthouse at dusk --aspect 16:9')

  const image = eventsOf(streamed, 'image')[0]
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(image).toMatchObject({
    number: 1,
    width: 640,
    height: 360,
    sha256,
    source: 'command',
    filename: `img_${sha256.slice(0, 16)}.png`,
  })
  const folder = path.join(easel.storageDir, 'conversations', conversation, 'images')
  expect(readFileSync(path.join(folder, image?.filename ?? ''))).toEqual(bytes)
  expect(readdirSync(folder).filter((name) => name.startsWith('.tmp'))).toEqual([])

  const deltas = eventsOf(streamed, 'delta')
    .map((delta) => delta.text)
    .join('')
  const [done] = eventsOf(streamed, 'done')
  expect(deltas).toContain(
    `![Generated Image](/api/conversation-image/${conversation}/${image?.filename})\n\n`,
  )
  expect(done?.message).toMatchObject({
    state: 'complete',
    text: deltas,
    generated_images: [{ filename: image?.filename }],
  })
  expect(streamed.events.map(({ id }) => id)).toEqual(streamed.events.map((_, index) => index + 1))
  expect(streamed.events.at(-1)?.event.type).toBe('done')

  const percents = eventsOf(streamed, 'progress').map((progress) => [progress.stage, progress.percent])
  expect(percents).toEqual([
    ['queued', 10],
    ['initializing', 30],
    ['generating', 60],
    ['processing', 80],
    ['saving', 90],
    ['complete', 100],
  ])

  expect(easel.asked().findLast(asksForPicture)).toMatchObject({
    model: 'google/gemini-3.1-flash-image-preview',
    modalities: ['image', 'text'],
    max_tokens: 4096,
    image_config: { aspect_ratio: '16:9' },
  })
  const served = await anna.bytes(image?.url ?? '')
  expect(served.bytes).toEqual(bytes)
})

it('joins the words plainly and says so when the refining model fails', async () => {
  const conversation = await anna.conversation()
  await anna.say(conversation, 'The door is red.')
  easel.fake?.next(errorStatus(500))
  const streamed = await anna.stream(conversation, '/image the house')
  expect(eventsOf(streamed, 'prompt')[0]).toMatchObject({ raw: 'the house', fallback: true, model: null })
  expect(eventsOf(streamed, 'prompt')[0]?.refined).toMatch(/door is red[\s\S]*the house$/)
  expect(eventsOf(streamed, 'done')[0]?.message.state).toBe('complete')
  // The talk that was joined is not taken for what the picture shows, or it would grow with each picture.
  easel.fake?.next(errorStatus(500))
  const again = await anna.stream(conversation, '/image the barn')
  const [prompt] = eventsOf(again, 'prompt')
  expect(prompt).toMatchObject({ raw: 'the barn', fallback: true })
  expect(prompt?.refined.match(/door is red/g)).toHaveLength(2)
})

it('keeps the words and warns when the provider answers without a picture, and charges nothing', async () => {
  const conversation = await anna.conversation()
  easel.fake?.next(when(asksForPicture, noPicture({ content: 'I would rather not.', finishReason: 'stop' })))
  const streamed = await anna.stream(conversation, '/image a fox --raw')
  expect(eventsOf(streamed, 'done')[0]?.message).toMatchObject({
    state: 'complete',
    text: 'I would rather not.',
    warning: 'Model did not return any images. Try a different prompt or model.',
  })
  expect(eventsOf(streamed, 'done')[0]?.message.cost_usd).toBeUndefined()
})

it('fails with the words kept and offers a retry that answers the same message', async () => {
  const conversation = await anna.conversation()
  easel.fake?.next(when(asksForPicture, errorStatus(503)))
  const streamed = await anna.stream(conversation, '/image a fox --raw')
  expect(eventsOf(streamed, 'error')[0]).toMatchObject({
    code: 'openrouter_error',
    reason: 'unavailable',
    retryable: true,
  })
  const failed = eventsOf(streamed, 'done')[0]?.message
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'openrouter_error' } })

  const again = await anna.post(`/api/turns/${failed?.turn_id}/retry`, undefined, {
    accept: 'application/json',
  })
  expect(again.status).toBe(200)
  expect(again.body).toMatchObject({
    state: 'complete',
    parent_id: failed?.parent_id,
    siblings: { index: 1, total: 2 },
  })
  const messages = await anna.get(`/api/conversations/${conversation}/messages`)
  expect(messages.body.items).toHaveLength(2)
})

it('paints several pictures, each recorded as it comes', async () => {
  const conversation = await anna.conversation()
  for (const seed of [1, 2, 3])
    easel.fake?.next(when(asksForPicture, picture({ bytes: await samplePng({ seed }) })))
  const streamed = await anna.stream(conversation, '/image three foxes --n 3 --raw')
  expect(
    eventsOf(streamed, 'image')
      .map((image) => image.number)
      .toSorted((a, b) => Number(a) - Number(b)),
  ).toEqual([1, 2, 3])
  expect(eventsOf(streamed, 'done')[0]?.message.generated_images).toHaveLength(3)
})

it('shows the picture to a model that sees on the next turn', async () => {
  const conversation = await anna.conversation()
  await anna.say(conversation, '/image a fox --raw')
  await anna.say(conversation, 'what do you see in it?')
  const chat = easel
    .asked()
    .findLast((body) => JSON.stringify(body.messages.at(-1)).includes('what do you see'))
  expect(JSON.stringify(chat?.messages.at(-1))).toContain('data:image/jpeg;base64,')
})
