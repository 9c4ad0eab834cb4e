import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import {
  asksForPicture,
  asksForRefinement,
  emptyChoices,
  errorStatus,
  hold,
  noPicture,
  picture,
  truncatedBase64,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import type { Behaviour, FakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { formBody } from '../support/form-body.ts'
import { samplePng } from '../support/sample-pictures.ts'

let easel: Easel
let fake: FakeOpenRouter
let time = Date.parse('2026-11-20T12:00:00Z')
beforeAll(async () => {
  easel = await startEasel({ now: () => time })
  if (!easel.fake) throw new Error('these tests need the fake')
  fake = easel.fake
})
afterEach(() => fake.reset())
afterAll(() => easel.close())

const paint = (who: Client, body: Record<string, unknown>) => who.post('/api/generate-image', body)
const dataUri = (bytes: Buffer) => `data:image/png;base64,${bytes.toString('base64')}`

it('answers with the picture byte for byte, refines by default, and uses no context that was not asked for', async () => {
  const anna = await easel.user()
  const bytes = await samplePng({ seed: 3 })
  fake.next(when(asksForPicture, picture({ bytes })))
  const answer = await paint(anna, { prompt: ' a fox ' })
  expect(answer.status).toBe(200)
  const [refining, painting] = [easel.asked().find(asksForRefinement), easel.asked().find(asksForPicture)]
  expect(answer.body).toEqual({
    status: 'success',
    images: [dataUri(bytes)],
    image_ids: [expect.any(String)],
    text: expect.any(String),
    model: 'google/gemini-3.1-flash-image-preview',
    refined_prompt: expect.stringContaining('a fox'),
  })
  expect(refining).toMatchObject({ model: 'anthropic/claude-haiku-4.5', temperature: 0.4, max_tokens: 500 })
  expect(JSON.stringify(painting?.messages)).toContain(answer.body.refined_prompt)
})

it('takes the context that was asked for from the own conversation, and saves nothing into it', async () => {
  const anna = await easel.user()
  const conversation = await anna.conversation('walk')
  await anna.patch(`/api/conversations/${conversation}`, { memory_pad: 'The roof is blue.' })
  for (const words of ['The door is red.', 'The dog is grey.']) await anna.say(conversation, words)
  const before = (await anna.get(`/api/conversations/${conversation}/messages`)).body

  const heard = async (more: Record<string, unknown>) => {
    fake.reset()
    const body = { prompt: 'the house', conversation_id: conversation, better_context: false, ...more }
    const answer = await paint(anna, body)
    expect(answer).toMatchObject({ status: 200, body: { refined_prompt: null } })
    expect(easel.asked().filter(asksForRefinement)).toEqual([])
    const told = JSON.stringify(easel.asked().find(asksForPicture)?.messages)
    return ['door is red', 'dog is grey', 'roof is blue'].filter((words) => told.includes(words))
  }
  expect(await heard({})).toEqual([])
  expect(await heard({ include_messages: true })).toEqual(['door is red', 'dog is grey'])
  expect(await heard({ include_messages: true, history_count: 1 })).toEqual(['dog is grey'])
  expect(await heard({ include_messages: true, history_count: 0 })).toEqual([])
  expect(await heard({ include_memory_pad: true })).toEqual(['roof is blue'])
  expect((await anna.get(`/api/conversations/${conversation}/messages`)).body).toEqual(before)
  expect((await anna.get(`/api/images?conversation_id=${conversation}`)).body.items).toEqual([])
})

it('counts characters as people do, and goes by a picture’s bytes', async () => {
  const anna = await easel.user()
  const image = `data:application/octet-stream;name=x;base64,${(await samplePng({ seed: 4 })).toString('base64url')}`
  const prompt = '🦊'.repeat(8000)
  expect(await paint(anna, { prompt, better_context: false, input_images: [image] })).toMatchObject({
    status: 200,
    body: { images: [expect.any(String)] },
  })
  const said = await anna.say(await anna.conversation(), `/image ${prompt} --raw`)
  expect(said.body.generated_images[0]?.prompt).toBe(prompt)
})

it('shows pictures to start from, by id or as data', async () => {
  const anna = await easel.user()
  const upload = await anna.ask('POST', '/api/uploads', formBody(await samplePng({ width: 80, height: 60 })))
  const input_images = [upload.body.id, dataUri(await samplePng({ width: 50, height: 50, seed: 9 }))]
  const answer = await paint(anna, { prompt: 'darker', input_images, aspect_ratio: '16:9' })
  expect(answer.status).toBe(200)
  const painting = easel.asked().find(asksForPicture)
  expect(JSON.stringify(painting?.messages).match(/data:image\/jpeg;base64,/g)).toHaveLength(2)
  expect(painting).toMatchObject({ image_config: { aspect_ratio: '16:9' } })
})

it('says so when the model answers in words alone', async () => {
  const anna = await easel.user()
  const words = noPicture({ content: 'I would rather not.', nativeReason: 'STOP' })
  fake.next(when(asksForPicture, words))
  const answer = await paint(anna, { prompt: 'a fox', better_context: false })
  expect([answer.status, answer.body]).toEqual([
    200,
    {
      status: 'success',
      images: [],
      image_ids: [],
      text: '',
      warning: 'Model did not return any images. Try a different prompt or model.',
      model: 'google/gemini-3.1-flash-image-preview',
      refined_prompt: null,
    },
  ])
})

it.each<[string, Behaviour, number, Record<string, unknown>]>([
  ['an empty answer', emptyChoices(), 502, { code: 'empty_response' }],
  ['a damaged picture', truncatedBase64(), 502, { code: 'bad_image' }],
  [
    'a refusal for too many calls',
    errorStatus(429),
    502,
    { code: 'openrouter_error', reason: 'rate_limited' },
  ],
  ['a service that is down', errorStatus(503), 502, { code: 'openrouter_error', reason: 'unavailable' }],
  [
    'an account without credit',
    errorStatus(402),
    502,
    { code: 'openrouter_error', reason: 'insufficient_credits' },
  ],
])('answers %s with its own status and code', async (_what, behaviour, status, body) => {
  const anna = await easel.user()
  fake.next(when(asksForPicture, behaviour))
  const answer = await paint(anna, { prompt: 'a fox', better_context: false })
  expect(answer).toMatchObject({ status, body: { status: 'error', ...body } })
})

it('paints ten pictures a minute for each user, told with how long to wait', async () => {
  const [anna, ben] = [await easel.user(), await easel.user()]
  const body = { prompt: 'a fox', better_context: false }
  for (let n = 0; n < 10; n += 1) expect((await paint(anna, body)).status).toBe(200)
  // What is refused before does not count, neither now nor later.
  expect((await paint(anna, { prompt: '' })).status).toBe(400)
  const asked = easel.asked().length
  const refused = await paint(anna, body)
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited', retry_after: 60 } })
  expect(refused.headers['retry-after']).toBe('60')
  expect(refused.body.message).toMatch(/rate limit/)
  expect(easel.asked()).toHaveLength(asked)
  expect((await paint(ben, body)).status).toBe(200)
  time += 60_001
  expect((await paint(anna, body)).status).toBe(200)
})

it('names the missing key when a model of a service without one is asked for', async () => {
  const offline = await startEasel({ offline: true })
  try {
    const anna = await offline.user()
    const answer = await paint(anna, { prompt: 'a fox', model: 'google/gemini-3.1-flash-image-preview' })
    expect(answer).toMatchObject({ status: 500, body: { code: 'missing_api_key' } })
    expect(answer.body.message).toContain('OPENROUTER_API_KEY')
    const message = await anna.say(await anna.conversation(), '/image a fox --model openai/gpt-5-image')
    expect(message).toMatchObject({ status: 500, body: { code: 'missing_api_key' } })
  } finally {
    await offline.close()
  }
})

it('refuses words of the content filter before anybody is asked', async () => {
  const strict = await startEasel({ env: { CONTENT_FILTER_TERMS: 'bramble, two words' } })
  try {
    const anna = await strict.user()
    const conversation = await anna.conversation()
    for (const answer of [
      await paint(anna, { prompt: 'a BRAMBLE bush' }),
      await paint(anna, { prompt: 'here are two words' }),
      await anna.say(conversation, '/image a bramble'),
    ]) {
      expect(answer).toMatchObject({ status: 422, body: { code: 'content_policy' } })
      expect(JSON.stringify(answer.body)).toMatch(/content policy/)
    }
    expect(strict.asked()).toEqual([])
    expect((await anna.get(`/api/conversations/${conversation}`)).body.message_count).toBe(0)
    expect((await paint(anna, { prompt: 'brambles', better_context: false })).status).toBe(200)
  } finally {
    await strict.close()
  }
})

it('is asked at two servers under one key, and paints once', async () => {
  const anna = await easel.user()
  const held = hold({ of: picture({ bytes: await samplePng({ seed: 5 }) }) })
  fake.next(when(asksForPicture, held.behaviour))
  const other = await startEasel({ on: { storageDir: easel.storageDir, fake } })
  try {
    const there = other.nobody()
    there.cookie = anna.cookie
    const ask = (who: Client) =>
      who.post(
        '/api/generate-image',
        { prompt: 'a fox', better_context: false },
        { 'idempotency-key': 'both' },
      )
    const first = ask(anna)
    await held.reached
    const second = ask(there)
    held.release()
    const [one, two] = await Promise.all([first, second])
    expect(one).toMatchObject({ status: 200, body: { status: 'success' } })
    expect(two.body).toEqual(one.body)
    expect(easel.asked().filter(asksForPicture)).toHaveLength(1)
  } finally {
    await other.close()
  }
})
