import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  asksForPicture,
  asksForRefinement,
  asksForText,
  commentsForever,
  cut,
  defaultAnswer,
  drip,
  emptyChoices,
  errorIn200,
  errorOnChoice,
  errorOnlyOnChoiceMidStream,
  errorStatus,
  hangUp,
  hold,
  htmlError,
  hugeBody,
  knownErrors,
  midStreamError,
  noPicture,
  picture,
  pictureStream,
  stall,
  steeredStream,
  text,
  textStream,
  truncatedBase64,
  truncatedJson,
  when,
  wrongContentType,
} from './fake-openrouter/behaviours.ts'
import {
  type Behaviour,
  type Exchange,
  type FakeOpenRouter,
  chatBody,
  startFakeOpenRouter,
} from './fake-openrouter/index.ts'
import { type RawAnswer, type RawCall, rawCall } from './raw-http.ts'
import { sampleJpeg, samplePng, sampleWebp } from './sample-pictures.ts'

let fake: FakeOpenRouter
beforeAll(async () => {
  fake = await startFakeOpenRouter()
})
beforeEach(() => fake.reset())
afterAll(() => fake.close())

const Image = z.object({
  index: z.number().optional(),
  type: z.literal('image_url'),
  image_url: z.union([z.string(), z.object({ url: z.string() })]),
})
const Side = z.object({
  content: z.string().nullable().optional(),
  reasoning: z.string().nullable().optional(),
  refusal: z.string().nullable().optional(),
  images: z.array(Image).optional(),
})
const Body = z.object({
  id: z.string().optional(),
  object: z.string().optional(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullable(),
        native_finish_reason: z.string().nullable().optional(),
        message: Side.optional(),
        delta: Side.optional(),
        error: z.unknown().optional(),
      }),
    )
    .optional(),
  usage: z.object({ cost: z.number().optional(), completion_tokens: z.number() }).optional(),
  error: z
    .object({
      code: z.union([z.number(), z.string()]).optional(),
      message: z.string(),
      metadata: z.unknown().optional(),
    })
    .optional(),
})
type Body = z.infer<typeof Body>

const painting = (prompt = 'a fox', more: object = {}) => ({
  model: 'google/gemini-3.1-flash-image',
  messages: [{ role: 'user', content: prompt }],
  modalities: ['image', 'text'],
  ...more,
})
const writing = (prompt = 'hello', more: object = {}) => ({
  model: 'anthropic/claude-haiku-4.5',
  messages: [{ role: 'user', content: prompt }],
  stream: true,
  ...more,
})

function call(body: unknown, endpoint = '/chat/completions'): RawCall {
  return rawCall(fake.url + endpoint, { key: fake.key, body })
}
function ask(body: unknown): Promise<RawAnswer> {
  return call(body).answer
}
function get(endpoint: string): Promise<RawAnswer> {
  return rawCall(fake.url + endpoint, { key: fake.key }).answer
}
function json(answer: RawAnswer): Body {
  return Body.parse(JSON.parse(answer.text))
}
function dataLines(answer: RawAnswer): string[] {
  return answer.text.split(/\r?\n/).flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []))
}
function chunks(answer: RawAnswer): Body[] {
  return dataLines(answer).flatMap((line) => (line === '[DONE]' ? [] : [Body.parse(JSON.parse(line))]))
}
function streamedText(answer: RawAnswer): string {
  return chunks(answer)
    .map((chunk) => chunk.choices?.[0]?.delta?.content ?? '')
    .join('')
}
function imageBytes(side: z.infer<typeof Side> | undefined, at = 0): Buffer {
  const image = side?.images?.[at]?.image_url
  const url = typeof image === 'string' ? image : image?.url
  return Buffer.from(url?.slice(url.indexOf(',') + 1) ?? '', 'base64')
}
async function said(body: unknown): Promise<string | null | undefined> {
  return firstMessage(await ask(body))?.content
}
const firstMessage = (answer: RawAnswer) => json(answer).choices?.[0]?.message

describe('without being told anything', () => {
  it('answers a picture request with a real PNG of the asked shape, id and cost', async () => {
    const answer = await ask(painting('a fox', { image_config: { aspect_ratio: '16:9' } }))
    const { format, width, height } = await sharp(imageBytes(firstMessage(answer))).metadata()
    expect({ format, width, height }).toEqual({ format: 'png', width: 1344, height: 768 })
    expect(answer.headers['content-type']).toBe('application/json')
    expect(json(answer).id).toMatch(/^gen-/)
    expect(answer.headers['x-generation-id']).toBe(json(answer).id)
    expect(json(answer).usage?.cost).toBeGreaterThan(0.06)
  })

  it('gives the same bytes for the same prompt and other bytes for another', async () => {
    const [one, again, other] = await Promise.all([
      ask(painting('a fox')),
      ask(painting('a fox')),
      ask(painting('a hare')),
    ])
    expect(imageBytes(firstMessage(one))).toEqual(imageBytes(firstMessage(again)))
    expect(imageBytes(firstMessage(one))).not.toEqual(imageBytes(firstMessage(other)))
  })

  it('streams a picture in one line, after a comment, then finish, usage and [DONE]', async () => {
    const answer = await ask(painting('a fox', { stream: true }))
    expect(answer.headers['content-type']).toBe('text/event-stream')
    expect(answer.text.startsWith(': OPENROUTER PROCESSING\n\ndata: ')).toBe(true)
    const all = chunks(answer)
    const withImage = all.filter((chunk) => chunk.choices?.[0]?.delta?.images)
    expect(withImage).toHaveLength(1)
    expect(imageBytes(withImage[0]?.choices?.[0]?.delta)).toEqual(
      imageBytes(firstMessage(await ask(painting('a fox')))),
    )
    expect(all.at(-2)?.choices?.[0]?.finish_reason).toBe('stop')
    expect(all.at(-1)).toMatchObject({ choices: [], usage: {} })
    expect(dataLines(answer).at(-1)).toBe('[DONE]')
  })

  it('says how many pictures it was shown and how large they are', async () => {
    const url = `data:image/png;base64,${(await samplePng({ width: 1024, height: 576 })).toString('base64')}`
    const content = [
      { type: 'text', text: 'What is it?' },
      { type: 'image_url', image_url: { url } },
    ]
    const answer = await ask(writing('', { messages: [{ role: 'user', content }] }))
    expect(streamedText(answer)).toContain('I see 1 picture (1024x576).')
    expect(chunks(answer).length).toBeGreaterThan(5)
    const whole = await ask(writing('', { messages: [{ role: 'user', content }], stream: false }))
    expect(firstMessage(whole)?.content).toBe(streamedText(answer))
  })

  it('answers a refining call with a prompt that holds the raw one', async () => {
    const answer = await ask(writing('a fox in the snow', { temperature: 0.4, stream: false }))
    expect(firstMessage(answer)?.content).toMatch(/^.*a fox in the snow.+$/)
  })
})

describe('what OpenRouter refuses', () => {
  it('refuses a missing and a wrong key, and the model list needs none', async () => {
    const missing = await rawCall(`${fake.url}/chat/completions`, { body: painting() }).answer
    expect(missing.status).toBe(401)
    expect(json(missing).error).toMatchObject({ code: 401, message: 'Missing Authentication header' })
    expect((await rawCall(`${fake.url}/key`, { key: 'sk-or-wrong' }).answer).status).toBe(401)
    expect((await rawCall(`${fake.url}/models`).answer).status).toBe(200)
  })

  it.each<[string, unknown, number, RegExp]>([
    ['no messages', { model: 'openai/gpt-5-image', messages: [] }, 400, /messages/],
    ['no JSON', '{"model":', 400, /expected object/i],
    ['a temperature of 3', writing('hello', { temperature: 3 }), 400, /temperature/],
    [
      'pictures of a model that only writes',
      painting('a fox', { model: 'anthropic/claude-haiku-4.5' }),
      404,
      /output modalities: image, text/,
    ],
    [
      'chat with a model that only paints',
      painting('a fox', { model: 'black-forest-labs/flux.2-pro', modalities: ['image'] }),
      400,
      /use \/images/,
    ],
    ['tools on a picture', painting('a fox', { tools: [{ type: 'function' }] }), 404, /tool use/],
    ['a picture that is none', shown('user', 'data:image/png;base64,aGVsbG8='), 400, /input image/],
    ['a picture that is no data', shown('user', 'file:///etc/passwd'), 400, /input image/],
    ['a picture of the assistant', shown('assistant', 'https://example.org/a.png'), 400, /user messages/],
  ])('refuses %s', async (_name, body, status, message) => {
    fake.next(picture())
    const answer = await ask(body)
    expect(answer.status).toBe(status)
    expect(json(answer).error?.message).toMatch(message)
  })

  it('answers 404 for a gone model and leaves what is queued to its replacement', async () => {
    fake.gone.add('google/gemini-3.1-flash-image')
    fake.next(picture({ content: 'from the replacement' }))
    expect((await ask(painting())).status).toBe(404)
    const answer = await ask(painting('a fox', { model: 'google/gemini-2.5-flash-image' }))
    expect(firstMessage(answer)?.content).toBe('from the replacement')
  })

  function shown(role: string, url: string): unknown {
    return writing('', { messages: [{ role, content: [{ type: 'image_url', image_url: { url } }] }] })
  }
})

describe('pictures and their absence', () => {
  it('sends content as "" and as null, with two pictures, without index, as a bare address', async () => {
    fake.next(picture(), picture({ content: null, count: 2, withoutIndex: true, bareUrl: true }))
    expect(firstMessage(await ask(painting()))).toMatchObject({ content: '', images: [{ index: 0 }] })
    const message = firstMessage(await ask(painting()))
    expect(message?.content).toBeNull()
    expect(message?.images).toHaveLength(2)
    expect(
      message?.images?.every(({ index, image_url }) => index === undefined && typeof image_url === 'string'),
    ).toBe(true)
    expect(imageBytes(message, 0)).not.toEqual(imageBytes(message, 1))
  })

  it('labels bytes with the truth, or with a lie', async () => {
    const [jpeg, webp] = await Promise.all([
      sampleJpeg({ width: 64, height: 64 }),
      sampleWebp({ width: 64, height: 64 }),
    ])
    fake.next(picture({ bytes: [jpeg, webp] }), picture({ bytes: jpeg, mimeLabel: 'image/png' }))
    const honest = await ask(painting())
    expect(honest.text).toContain('data:image/jpeg;base64,/9j/')
    expect(honest.text).toContain('data:image/webp;base64,UklGR')
    const lying = await ask(painting())
    expect(lying.text).toContain('data:image/png;base64,/9j/')
    expect(imageBytes(firstMessage(lying))).toEqual(jpeg)
  })

  it('can leave the cost away, name another and send reasoning and links', async () => {
    fake.next(
      picture({ cost: null, reasoning: 'Foxes are red.' }),
      picture({ cost: 0.5, urls: ['https://x.test/a.png'] }),
    )
    const without = await ask(painting())
    expect(json(without).usage).not.toHaveProperty('cost')
    expect(firstMessage(without)?.reasoning).toBe('Foxes are red.')
    const other = await ask(painting())
    expect(json(other).usage?.cost).toBe(0.5)
    expect(firstMessage(other)?.images?.[0]?.image_url).toEqual({ url: 'https://x.test/a.png' })
  })

  it.each([
    ['stop', noPicture(), { content: '' }],
    ['content_filter', noPicture({ finishReason: 'content_filter', content: null }), { content: null }],
    ['stop', noPicture({ refusal: 'I will not.' }), { refusal: 'I will not.' }],
  ])('succeeds without a picture, %s', async (finish, behaviour, message) => {
    fake.next(behaviour)
    const choice = json(await ask(painting())).choices?.[0]
    expect(choice).toMatchObject({ finish_reason: finish, native_finish_reason: 'IMAGE_SAFETY', message })
    expect(choice?.message).not.toHaveProperty('images')
  })

  it('cuts base64 short inside well-formed JSON', async () => {
    fake.next(truncatedBase64())
    const bytes = imageBytes(firstMessage(await ask(painting())))
    const whole = imageBytes(firstMessage(await ask(painting())))
    expect(bytes.length).toBeGreaterThan(1000)
    expect(whole.subarray(0, 1000)).toEqual(bytes.subarray(0, 1000))
    expect(bytes.length).toBeLessThan(whole.length * 0.6)
  })

  it('sends choices that are empty, or none', async () => {
    fake.next(emptyChoices(), emptyChoices('missing'))
    expect(json(await ask(painting())).choices).toEqual([])
    expect(json(await ask(painting())).choices).toBeUndefined()
  })
})

describe('errors', () => {
  it.each(Object.entries(knownErrors))(
    '%s comes as JSON or page with its status, streamed or not',
    async (name, error) => {
      fake.next(error, error)
      const [answer, streamed] = [await ask(painting()), await ask(painting('a fox', { stream: true }))]
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(streamed).toMatchObject({ status: answer.status, text: answer.text })
      if (name === 'edgeTimeout') return
      const code = json(answer).error?.code
      const expected = { codeAsString: 'server_error', withoutCode: undefined, wrongEndpoint: undefined }
      expect(code).toBe(
        name in expected ? Object.entries(expected).find(([key]) => key === name)?.[1] : answer.status,
      )
    },
  )

  it('sends the headers and metadata of the wire', async () => {
    const { noCredits, tooMuchInFlight, rateLimited, rateLimitedUntil, providerFailed, nullMetadata } =
      knownErrors
    fake.next(noCredits, tooMuchInFlight, rateLimited, rateLimitedUntil, providerFailed, nullMetadata)
    expect((await ask(painting())).headers).not.toHaveProperty('retry-after')
    expect(await ask(painting())).toMatchObject({ status: 402, headers: { 'retry-after': '3' } })
    expect(await ask(painting())).toMatchObject({ status: 429, headers: { 'retry-after': '7' } })
    const until = await ask(painting())
    expect(Number(until.headers['x-ratelimit-reset'])).toBeGreaterThan(1e12)
    expect(json(until).error?.metadata).toMatchObject({ headers: { 'X-RateLimit-Remaining': '0' } })
    const raw = z.object({ raw: z.string() }).parse(json(await ask(painting())).error?.metadata).raw
    expect(JSON.parse(raw)).toHaveProperty('error.status', 'INTERNAL')
    expect(json(await ask(painting())).error?.metadata).toBeNull()
  })

  it('sends an error in place of an answer with HTTP 200', async () => {
    fake.next(errorIn200(), errorOnChoice())
    const top = await ask(painting())
    expect(top.status).toBe(200)
    expect(json(top)).toMatchObject({ error: { code: 502 } })
    const onChoice = await ask(painting())
    expect(onChoice.status).toBe(200)
    expect(json(onChoice)).not.toHaveProperty('error')
    expect(json(onChoice).choices?.[0]).toMatchObject({ finish_reason: 'error', error: { code: 502 } })
  })

  it('sends a page instead of JSON', async () => {
    fake.next(htmlError())
    const answer = await ask(painting())
    expect(answer).toMatchObject({ status: 524, headers: { 'content-type': 'text/html; charset=UTF-8' } })
    expect(answer.text).toMatch(/^<!DOCTYPE html>/)
  })
})

describe('streams', () => {
  it('puts comments before and between chunks', async () => {
    fake.next(textStream({ chunks: ['a', 'b'], comments: 2 }))
    const answer = await ask(writing())
    const shape = answer.text
      .split('\n\n')
      .map((block) => (block.startsWith(':') ? 'comment' : block.slice(0, 4)))
    expect(shape.slice(0, 6)).toEqual(['comment', 'comment', 'data', 'comment', 'comment', 'data'])
    expect(streamedText(answer)).toBe('ab')
  })

  it('splits characters over reads, and lines too, without changing a byte', async () => {
    fake.next(
      textStream({ chunks: ['tïme 🎨', '北京'], splitUtf8: true }),
      textStream({ chunks: ['🎨'], pieceBytes: 1 }),
    )
    const answer = await ask(writing())
    expect(answer.pieces.filter((piece) => piece.toString('utf8').includes('\uFFFD')).length).toBeGreaterThan(
      4,
    )
    expect(streamedText(answer)).toBe('tïme 🎨北京')
    const bytewise = await ask(writing())
    expect(bytewise.pieces.length).toBeGreaterThan(bytewise.text.length / 2)
    expect(streamedText(bytewise)).toBe('🎨')
  })

  it('ends lines with CR LF', async () => {
    fake.next(textStream({ crlf: true }))
    const answer = await ask(writing())
    expect(answer.text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(chunks(answer).length).toBeGreaterThan(5)
  })

  it.each([
    ['empty-choices', [{ usage: false }, { choices: [], usage: true }]],
    ['empty-choice', [{ usage: false }, { choices: [null], usage: true }]],
    ['on-finish', [{ usage: false }, { choices: ['stop'], usage: true }]],
    ['none', [{ usage: false }, { choices: ['stop'], usage: false }]],
  ] as const)('puts the usage at %s', async (usage, [, last]) => {
    fake.next(textStream({ usage }))
    const all = chunks(await ask(writing()))
    const end = all.at(-1)
    expect({
      choices: end?.choices?.map((one) => one.finish_reason),
      usage: end?.usage !== undefined,
    }).toEqual(last)
    expect(all.filter((chunk) => chunk.usage)).toHaveLength(usage === 'none' ? 0 : 1)
    expect(all.filter((chunk) => chunk.choices?.[0]?.finish_reason === 'stop')).toHaveLength(1)
  })

  it('leaves [DONE] away', async () => {
    fake.next(textStream({ done: false }))
    const answer = await ask(writing())
    expect(answer.complete).toBe(true)
    expect(answer.text).not.toContain('[DONE]')
  })

  it('sends a picture of megabytes in one line, and again on the finish chunk', async () => {
    const bytes = await samplePng({ minBytes: 2_000_000 })
    expect(bytes.length).toBeGreaterThanOrEqual(2_000_000)
    expect((await sharp(bytes).stats()).isOpaque).toBe(true)
    fake.next(pictureStream({ bytes, repeatImages: true, reasoning: 'Hm.' }))
    const answer = await ask(painting())
    const lines = dataLines(answer).filter((line) => line.length > 2_600_000)
    expect(lines).toHaveLength(2)
    expect(imageBytes(Body.parse(JSON.parse(lines[0] ?? '')).choices?.[0]?.delta).equals(bytes)).toBe(true)
    expect(streamedText(answer)).toBe('Here you go.')
  })

  it('fails in the middle, with the error on top or on the choice alone, with [DONE] or without', async () => {
    fake.next(midStreamError({ error: { code: 'server_error' }, done: true }), errorOnlyOnChoiceMidStream())
    const top = await ask(writing())
    expect(streamedText(top)).toBe('Half of')
    expect(chunks(top).at(-1)).toMatchObject({
      error: { code: 'server_error' },
      choices: [{ finish_reason: 'error' }],
    })
    expect(dataLines(top).at(-1)).toBe('[DONE]')
    const onChoice = await ask(writing())
    expect(chunks(onChoice).at(-1)).not.toHaveProperty('error')
    expect(chunks(onChoice).at(-1)?.choices?.[0]).toMatchObject({
      finish_reason: 'error',
      error: { code: 502 },
    })
    expect(onChoice.text).not.toContain('[DONE]')
  })

  it('does what the test says, step by step', async () => {
    const stream = steeredStream()
    fake.next(stream.behaviour)
    const { answer, firstPiece } = call(writing())
    await stream.opened
    await stream.comment()
    await firstPiece
    await stream.send('one')
    await stream.send(' two')
    await stream.finish()
    expect(streamedText(await answer)).toBe('one two')

    const [failing, breaking] = [steeredStream(), steeredStream()]
    fake.next(failing.behaviour, breaking.behaviour)
    const failed = call(writing()).answer
    await failing.send('one')
    await failing.fail({ code: 503 })
    expect(chunks(await failed).at(-1)).toMatchObject({ error: { code: 503 } })
    const broken = call(writing()).answer
    await breaking.send('one')
    await breaking.cut()
    expect((await broken).complete).toBe(false)
    expect(streamedText(await broken)).toBe('one')
  })
})

describe('broken and slow transport', () => {
  it('cuts the body after so many bytes, whole or streamed', async () => {
    fake.next(cut({ afterBytes: 100 }), cut({ afterBytes: 0 }), cut({ afterBytes: 300, of: textStream() }))
    const answers = [await ask(painting()), await ask(painting()), await ask(writing())]
    expect(
      answers.map(({ complete, text: body }) => ({ complete, length: Buffer.byteLength(body) })),
    ).toEqual([
      { complete: false, length: 100 },
      { complete: false, length: 0 },
      { complete: false, length: 300 },
    ])
    expect(fake.requests.some((request) => request.aborted)).toBe(false)
  })

  it('hangs up before a byte of the answer, with and without a reset', async () => {
    fake.next(hangUp(), hangUp({ reset: true }), cut({ afterBytes: 10, reset: true }))
    expect(await ask(painting())).toMatchObject({ status: 0, complete: false })
    expect(await ask(painting())).toMatchObject({ status: 0, complete: false })
    expect(await ask(painting())).toMatchObject({ complete: false })
  })

  it('stands still until released, before the headers and in the body', async () => {
    const [before, inside] = [hold(), hold({ afterBytes: 500, of: picture() })]
    fake.next(before.behaviour, inside.behaviour)
    const [one] = [call(painting())]
    await before.reached
    before.release()
    expect((await one.answer).complete).toBe(true)
    const two = call(painting())
    await inside.reached
    await two.firstPiece
    inside.release()
    expect(imageBytes(firstMessage(await two.answer))).toEqual(imageBytes(firstMessage(await one.answer)))
  })

  it('notices a client that hangs up on silence, on comments without end, on a slow body', async () => {
    fake.next(
      stall(),
      stall({ afterBytes: 10 }),
      commentsForever({ everyMs: 1 }),
      drip({ bytesPerSecond: 10 }),
    )
    for (const [index, waitsForBody] of [false, true, true, true].entries()) {
      const running = call(painting('a fox', { stream: true }))
      if (waitsForBody) await running.firstPiece
      else await fake.arrived(1)
      running.hangUp()
      expect(await running.answer).toMatchObject({ status: waitsForBody ? 200 : 0, complete: false })
      await fake.requests[index]?.finished
      expect(fake.requests[index]?.aborted).toBe(true)
    }
  })

  it('sends a slow body whole', async () => {
    fake.next(drip({ bytesPerSecond: 2000, of: text({ chunks: ['slow'] }) }))
    const answer = await ask(painting())
    expect(firstMessage(answer)?.content).toBe('slow')
    expect(answer.pieces.length).toBeGreaterThan(2)
    expect(answer.pieces.every((piece) => piece.length <= 200)).toBe(true)
  })

  it('mislabels, truncates and inflates bodies', async () => {
    fake.next(wrongContentType(), wrongContentType({ contentType: 'application/json', of: textStream() }))
    expect((await ask(painting())).headers['content-type']).toBe('text/html')
    const streamed = await ask(writing())
    expect(streamed.headers['content-type']).toBe('application/json')
    expect(chunks(streamed).length).toBeGreaterThan(5)

    fake.next(truncatedJson(), hugeBody(3), hugeBody(3))
    const truncated = await ask(painting())
    expect(truncated.complete).toBe(true)
    expect(() => json(truncated)).toThrow(SyntaxError)
    expect(firstMessage(await ask(painting()))?.content).toHaveLength(3 * 1_048_576)
    const hugeLine = await ask(writing())
    expect(streamedText(hugeLine)).toHaveLength(3 * 1_048_576)
  })
})

describe('being told', () => {
  it('plays what is queued once, by match and in order, then what always holds, then its own', async () => {
    fake.always(text({ chunks: ['always'] }))
    fake.always(when(asksForPicture, noPicture({ content: 'always for pictures' })))
    fake.next(
      when(asksForRefinement, text({ chunks: ['refined'] })),
      when(asksForText, text({ chunks: ['first'] })),
      text({ chunks: ['second'] }),
    )
    const plain = writing('hello', { stream: false })
    expect(await said(plain)).toBe('first')
    expect(await said(painting())).toBe('second')
    expect(await said(painting())).toBe('always for pictures')
    expect(await said({ ...plain, temperature: 0.4 })).toBe('refined')
    expect(await said({ ...plain, temperature: 0.4 })).toBe('always')
    fake.reset()
    fake.always(defaultAnswer)
    expect(await said(plain)).toMatch(/^You said “hello”/)
  })

  it('records what was asked, and tells when enough has arrived', async () => {
    const arrived = fake.arrived(1, (request) => asksForPicture(chatBody(request)))
    await get('/key')
    await ask(writing('hello', { user: 'u_1' }))
    await ask(painting('a hare'))
    await arrived
    expect(fake.requests.map(({ method, path, aborted }) => ({ method, path, aborted }))).toEqual([
      { method: 'GET', path: '/api/v1/key', aborted: false },
      { method: 'POST', path: '/api/v1/chat/completions', aborted: false },
      { method: 'POST', path: '/api/v1/chat/completions', aborted: false },
    ])
    expect(fake.requests[1]?.body).toEqual(writing('hello', { user: 'u_1' }))
    expect(fake.requests[1]?.headers.authorization).toBe('Bearer sk-or-test')
  })

  it('plays a behaviour of the test itself', async () => {
    const teapot: Behaviour = {
      answer: (exchange: Exchange) => exchange.json(418, { model: exchange.body.model }),
    }
    fake.next(teapot)
    const answer = await ask(writing())
    expect(answer.status).toBe(418)
    expect(JSON.parse(answer.text)).toEqual({ model: 'anthropic/claude-haiku-4.5' })
  })

  it('fails loudly when a behaviour itself fails', async () => {
    const own = await startFakeOpenRouter()
    own.next({ answer: () => undefined })
    const answer = await rawCall(`${own.url}/chat/completions`, { key: own.key, body: painting() }).answer
    expect(answer).toMatchObject({ status: 0, complete: false })
    await expect(own.close()).rejects.toThrow('The fake OpenRouter failed')
  })
})

describe('the other endpoints', () => {
  const Models = z.object({
    data: z.array(
      z.object({
        id: z.string(),
        architecture: z.object({ output_modalities: z.array(z.string()) }),
        pricing: z.record(z.string(), z.string()),
      }),
    ),
  })
  async function models(query: string) {
    return Models.parse(JSON.parse((await get(`/models${query}`)).text)).data
  }

  it('lists models that write, or that paint, or all', async () => {
    const [usual, painters, all] = [
      await models(''),
      await models('?output_modalities=image'),
      await models('?output_modalities=all'),
    ]
    expect(usual.every((model) => model.architecture.output_modalities.includes('text'))).toBe(true)
    expect(painters.every((model) => model.architecture.output_modalities.includes('image'))).toBe(true)
    expect(painters.map((model) => model.id)).toContain('black-forest-labs/flux.2-pro')
    expect(usual.map((model) => model.id)).not.toContain('black-forest-labs/flux.2-pro')
    expect(all.length).toBeGreaterThan(Math.max(usual.length, painters.length))
    expect(usual.some((model) => model.pricing['prompt'] === '-1')).toBe(true)
    expect(usual.some((model) => model.id.startsWith('~'))).toBe(true)
    expect(usual.some((model) => Object.keys(model.pricing).length === 0)).toBe(true)
  })

  it('tells of the key, without limits too, and of credits only with a management key', async () => {
    expect(JSON.parse((await get('/key')).text)).toMatchObject({
      data: { limit: 25, rate_limit: { requests: -1 } },
    })
    expect((await get('/credits')).status).toBe(403)
    Object.assign(fake.account, { limit: null, limit_remaining: null, is_management_key: true })
    expect(JSON.parse((await get('/key')).text)).toMatchObject({
      data: { limit: null, limit_remaining: null },
    })
    expect(JSON.parse((await get('/credits')).text)).toEqual({
      data: { total_credits: 50, total_usage: 12.3 },
    })
  })

  it('can be told to fail elsewhere too', async () => {
    fake.nextOn('/models', errorStatus(500))
    expect((await get('/models')).status).toBe(500)
    expect((await get('/models')).status).toBe(200)
    expect((await get('/nowhere')).status).toBe(404)
  })

  it('knows a bill only when asked for the third time', async () => {
    const answer = await ask(painting())
    const bill = `/generation?id=${json(answer).id}`
    expect([(await get(bill)).status, (await get(bill)).status]).toEqual([404, 404])
    expect(JSON.parse((await get(bill)).text)).toMatchObject({
      data: { id: json(answer).id, total_cost: json(answer).usage?.cost, cancelled: false },
    })
    expect((await get('/generation?id=gen-unknown')).status).toBe(404)
  })

  it('bills a dropped call as its provider does, and not what failed', async () => {
    const models = ['google/gemini-3.1-flash-image', 'openai/gpt-5-image', 'openai/gpt-5-image']
    for (const [index, stream] of [true, true, false].entries()) {
      fake.next(stall())
      const running = call(painting('a fox', { model: models[index], stream }))
      await fake.arrived(index + 1)
      running.hangUp()
      await running.answer
      await fake.requests[index]?.finished
    }
    const [google, streamed, whole] = fake.bills.map(({ cancelled, total_cost }) => ({
      cancelled,
      total_cost,
    }))
    expect(google).toMatchObject({ cancelled: true })
    expect(google?.total_cost).toBeGreaterThan(0.06)
    expect(whole?.total_cost).toBeGreaterThan(0.05)
    expect(streamed?.total_cost).toBeLessThan(0.001)

    fake.next(midStreamError(), errorStatus(502))
    await ask(writing())
    await ask(painting())
    expect(fake.bills.slice(3).map((bill) => bill.total_cost)).toEqual([0])
  })

  it('paints at /images, in plain JSON also when a stream was asked for', async () => {
    const body = { model: 'bytedance-seed/seedream-4.5', prompt: 'a paper boat', n: 2, stream: true }
    const answer = await call(body, '/images').answer
    const { data, usage } = z
      .object({
        data: z.array(z.object({ b64_json: z.string(), media_type: z.string() })),
        usage: z.object({ cost: z.number() }),
      })
      .parse(JSON.parse(answer.text))
    expect(answer.headers['x-generation-id']).toMatch(/^gen-/)
    expect(data.map((one) => one.media_type)).toEqual(['image/png', 'image/png'])
    expect((await sharp(Buffer.from(data[1]?.b64_json ?? '', 'base64')).metadata()).format).toBe('png')
    expect(usage.cost).toBeGreaterThan(0)
    expect((await call({ model: 'x/y' }, '/images').answer).status).toBe(400)
  })
})
