import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Problem } from '../../server/errors.ts'
import type { InputPicture } from '../../server/providers/provider.ts'
import {
  commentsForever,
  cut,
  emptyChoices,
  errorOnlyOnChoiceMidStream,
  hangUp,
  hold,
  hugeBody,
  midStreamError,
  noPicture,
  pictureStream,
  stall,
  steeredStream,
  text,
  textStream,
  truncatedJson,
  wrongContentType,
} from '../support/fake-openrouter/behaviours.ts'
import { type Behaviour, type FakeOpenRouter, startFakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { samplePng } from '../support/sample-pictures.ts'
import { openProvider } from './open-provider.ts'

let fake: FakeOpenRouter
let provider: ReturnType<typeof openProvider>
let hasty: ReturnType<typeof openProvider>
beforeAll(async () => {
  fake = await startFakeOpenRouter()
  provider = openProvider(fake)
  hasty = openProvider(fake, { timeoutMs: 300, silenceMs: 250 })
  // The first call of a process loads undici, which would count against the short deadlines.
  await provider.write()
  await hasty.write()
  await Promise.all(fake.requests.map((request) => request.finished))
  fake.reset()
})
afterEach(() => fake.reset())
afterAll(async () => {
  await provider.close()
  await hasty.close()
  await fake.close()
})

const chunks = ['Füchse 🦊', ' sind', ' 狐', '', ' schön.']
const words = chunks.join('')

describe('an answer arrives whole', () => {
  const forms: [name: string, behaviour: Behaviour][] = [
    ['as it mostly does', textStream({ chunks })],
    ['with comments before every chunk', textStream({ chunks, comments: 3 })],
    ['with CR LF', textStream({ chunks, crlf: true })],
    ['cut inside every character', textStream({ chunks, splitUtf8: true })],
    ['in pieces of one byte', textStream({ chunks, pieceBytes: 1 })],
    ['without [DONE]', textStream({ chunks, done: false })],
    ['with usage beside an empty choice', textStream({ chunks, usage: 'empty-choice' })],
    ['with usage on the finish chunk', textStream({ chunks, usage: 'on-finish' })],
    ['with reasoning first, which is not shown', textStream({ chunks, reasoning: 'Hm, foxes.' })],
    ['under a wrong content type', wrongContentType({ of: textStream({ chunks }) })],
    ['as one JSON document though a stream was asked for', text({ chunks, as: 'json' })],
  ]
  it.each(forms)('%s', async (_, behaviour) => {
    fake.next(behaviour)
    const { text, end, error, ids } = await provider.write()
    expect(error).toBeUndefined()
    expect(text).toBe(words)
    await fake.requests[0]?.finished
    const costMicro = Math.round((fake.bills[0]?.total_cost ?? -1) * 1e6)
    expect(end).toMatchObject({ finish: 'stop', spent: { costMicro, upstreamId: ids[0] } })
    expect(ids).toEqual([fake.bills[0]?.id])
  })

  it('that was cut by max_tokens says so', async () => {
    fake.next(textStream({ chunks, finishReason: 'length' }))
    expect((await provider.write()).end).toMatchObject({ finish: 'length' })
  })

  it('without a cost leaves the cost unknown', async () => {
    fake.next(textStream({ chunks, cost: null }))
    expect((await provider.write()).end).toMatchObject({ spent: { costMicro: undefined } })
  })

  it('beside a picture of megabytes in one line', async () => {
    fake.next(pictureStream({ bytes: await samplePng({ minBytes: 2_000_000 }) }))
    expect(await provider.write()).toMatchObject({ text: 'Here you go.', error: undefined })
  })

  it('handing on each part as it comes', async () => {
    const steered = steeredStream()
    fake.next(steered.behaviour)
    const first = Promise.withResolvers<void>()
    const second = Promise.withResolvers<void>()
    const writing = provider.write({ onText: (text) => (text === 'one' ? first : second).resolve() })
    await steered.send('one')
    await first.promise
    await steered.comment()
    await steered.send('two')
    await second.promise
    await steered.finish()
    expect(await writing).toMatchObject({ texts: ['one', 'two'], end: { finish: 'stop' } })
  })
})

describe('an answer that is none', () => {
  const cutOff = {
    code: 'openrouter_error',
    reason: 'bad_response',
    message: expect.stringMatching('cut off'),
  }
  const down = { code: 'openrouter_error', reason: 'unavailable' }
  const policy = { code: 'openrouter_error', reason: 'content_policy' }
  const empty = { code: 'empty_response' }
  const rows: [name: string, behaviour: Behaviour, error: object, text: string][] = [
    ['an error in the stream', midStreamError(), down, 'Half of'],
    ['an error in the stream with [DONE]', midStreamError({ done: true }), down, 'Half of'],
    ['an error whose code is a word', midStreamError({ error: { code: 'server_error' } }), down, 'Half of'],
    [
      'a rate limit in the stream',
      midStreamError({ error: { code: 429, metadata: null } }),
      { ...down, reason: 'rate_limited' },
      'Half of',
    ],
    ['an error on the choice only', errorOnlyOnChoiceMidStream(), down, 'Half of'],
    ['a stream without an end', cut({ of: textStream({ chunks }), afterBytes: 300 }), cutOff, ''],
    ['a reset connection', cut({ of: textStream({ chunks }), afterBytes: 300, reset: true }), cutOff, ''],
    ['a body that ends cleanly but without a finish', endsEarly(), cutOff, 'Half'],
    ['headers and no body', cut({ of: textStream({ chunks }), afterBytes: 0 }), cutOff, ''],
    ['a connection closed without a word', hangUp(), down, ''],
    ['half a JSON document', truncatedJson(), { ...down, reason: 'bad_response' }, ''],
    ['nonsense in a line', nonsense(), { ...down, reason: 'bad_response' }, 'Half'],
    ['no choices', emptyChoices(), empty, ''],
    ['no choices at all', emptyChoices('missing'), empty, ''],
    ['no words', textStream({ chunks: [''] }), empty, ''],
    ['reasoning only', textStream({ chunks: [''], reasoning: 'Hm.' }), empty, ''],
    ['a filter', textStream({ chunks: ['Half'], finishReason: 'content_filter' }), policy, 'Half'],
    ['a refusal without words', noPicture({ refusal: 'I cannot.' }), policy, ''],
    ['a native reason without words', noPicture({ nativeReason: 'PROHIBITED_CONTENT' }), policy, ''],
    ['an endless line', hugeBody(61), { ...down, reason: 'bad_response' }, ''],
  ]
  it.each(rows)('%s', async (_, behaviour, error, text) => {
    fake.next(behaviour)
    const written = await provider.write()
    expect(written.error).toBeInstanceOf(Problem)
    expect(written.error).toMatchObject(error)
    expect(written.end).toBeUndefined()
    expect(written.text).toBe(text)
    expect(fake.requests).toHaveLength(1)
  })

  it('a break behind the last word takes nothing away', async () => {
    fake.next(breaksAfterFinish())
    expect(await provider.write()).toMatchObject({ text: 'All', end: { finish: 'stop' } })
  })
})

describe('an answer that does not come in time', () => {
  const late: [name: string, behaviour: Behaviour, purpose: 'chat' | 'refine'][] = [
    ['silence before the headers', stall(), 'chat'],
    ['silence behind the headers', stall({ afterBytes: 0 }), 'chat'],
    ['silence in the body', stall({ of: textStream({ chunks }), afterBytes: 300 }), 'chat'],
    ['comments for ever', commentsForever(), 'chat'],
    ['a refinement that takes longer in all', textStream({ chunks, paceMs: 60 }), 'refine'],
  ]
  it.each(late)('%s is a timeout', async (_, behaviour, purpose) => {
    fake.next(behaviour)
    const { error, end } = await hasty.write({ purpose })
    expect(error).toMatchObject({ code: 'timeout', message: expect.stringMatching('timeout') })
    expect(end).toBeUndefined()
    await fake.requests[0]?.finished
    expect(fake.requests).toMatchObject([{ aborted: true }])
  })

  it('a chat may take as long as it likes while it makes progress', async () => {
    fake.next(textStream({ chunks, paceMs: 60 }))
    expect(await hasty.write()).toMatchObject({ text: words, error: undefined })
  })
})

describe('a call that nobody wants any more', () => {
  it('ends upstream with the reason of its signal', async () => {
    const held = hold({ of: textStream({ chunks }), afterBytes: 300 })
    fake.next(held.behaviour)
    const stop = new AbortController()
    const writing = provider.write({ signal: stop.signal })
    await held.reached
    const reason = new Error('cancelled')
    stop.abort(reason)
    expect((await writing).error).toBe(reason)
    await fake.requests[0]?.finished
    expect(fake.requests).toMatchObject([{ aborted: true }])
  })

  it('is not even sent when it was aborted before', async () => {
    const reason = new Error('cancelled')
    expect((await provider.write({ signal: AbortSignal.abort(reason) })).error).toBe(reason)
    expect(fake.requests).toEqual([])
  })

  it('tells nothing more from then on', async () => {
    const steered = steeredStream()
    fake.next(steered.behaviour)
    const stop = new AbortController()
    const writing = provider.write({ signal: stop.signal, onText: () => stop.abort(new Error('enough')) })
    await steered.send('one')
    expect(await writing).toMatchObject({ texts: ['one'], error: new Error('enough'), end: undefined })
    await fake.requests[0]?.finished
    expect(fake.requests).toMatchObject([{ aborted: true }])
  })
})

describe('the request', () => {
  it('is what OpenRouter takes, with the key and the app’s name', async () => {
    await provider.write({
      messages: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'Hi' },
      ],
      temperature: 0.4,
      maxTokens: 500,
    })
    expect(fake.requests).toMatchObject([
      {
        method: 'POST',
        path: '/api/v1/chat/completions',
        headers: {
          authorization: `Bearer ${fake.key}`,
          'http-referer': 'https://easel.example',
          'x-openrouter-title': 'Easel',
          'content-type': 'application/json',
        },
      },
    ])
    expect(fake.requests[0]?.body).toEqual({
      model: 'anthropic/claude-haiku-4.5',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      stream: true,
      temperature: 0.4,
      max_tokens: 500,
      user: 'u_1',
    })
  })

  it('shows pictures behind the words of the user', async () => {
    const picture = await fox()
    await provider.write({ messages: [{ role: 'user', text: 'What is it?', pictures: [picture] }] })
    const url = `data:image/png;base64,${Buffer.from(picture.bytes).toString('base64')}`
    expect(fake.requests[0]?.body).toMatchObject({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image_url', image_url: { url } },
          ],
        },
      ],
    })
  })

  it('describes pictures to a model that does not see, and those on the side of the model', async () => {
    await provider.listModels?.(new AbortController().signal)
    fake.reset()
    const pictures = [await fox()]
    const model = 'mistralai/mistral-small-2603'
    await provider.write({ model, messages: [{ role: 'user', text: 'What is it?', pictures }] })
    await provider.write({ messages: [{ role: 'assistant', text: 'Here.', pictures }] })
    expect(fake.requests.map((request) => request.body)).toMatchObject([
      { messages: [{ role: 'user', content: 'What is it?\n[Picture: A fox.]' }] },
      { messages: [{ role: 'assistant', content: 'Here.\n[Picture: A fox.]' }] },
    ])
  })
})

async function fox(): Promise<InputPicture> {
  return { mime: 'image/png', bytes: await samplePng({ width: 8, height: 8 }), description: 'A fox.' }
}

function sse(...lines: string[]): string {
  return lines.map((line) => `data: ${line}\n\n`).join('')
}
const half = JSON.stringify({ choices: [{ delta: { content: 'Half' } }] })

function raw(body: string, then: 'end' | 'cut' = 'end'): Behaviour {
  return {
    async answer(exchange) {
      exchange.start(200, { 'content-type': 'text/event-stream' })
      await exchange.write(body)
      if (then === 'cut') exchange.cut()
      else await exchange.end()
    },
  }
}
function endsEarly(): Behaviour {
  return raw(sse(half))
}
function nonsense(): Behaviour {
  return raw(sse(half, '{"choices":[{'))
}
function breaksAfterFinish(): Behaviour {
  return raw(sse(JSON.stringify({ choices: [{ delta: { content: 'All' }, finish_reason: 'stop' }] })), 'cut')
}
