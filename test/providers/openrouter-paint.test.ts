import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Problem } from '../../server/errors.ts'
import {
  cut,
  emptyChoices,
  errorOnChoice,
  hangUp,
  hold,
  hugeBody,
  noPicture,
  picture,
  pictureStream,
  stall,
  text,
  truncatedBase64,
  truncatedJson,
  wrongContentType,
} from '../support/fake-openrouter/behaviours.ts'
import { type Behaviour, type FakeOpenRouter, startFakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { sampleJpeg, samplePng, sampleWebp } from '../support/sample-pictures.ts'
import { flash, openProvider } from './open-provider.ts'

let fake: FakeOpenRouter
let provider: ReturnType<typeof openProvider>
let hasty: ReturnType<typeof openProvider>
let png: Buffer
let other: Buffer
beforeAll(async () => {
  fake = await startFakeOpenRouter()
  provider = openProvider(fake)
  hasty = openProvider(fake, { timeoutMs: 200, silenceMs: 100 })
  png = await samplePng({ minBytes: 2_000_000 })
  other = await samplePng({ width: 64, height: 64, seed: 2 })
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

describe('pictures arrive byte for byte', () => {
  const forms: [name: string, options: Parameters<typeof picture>[0], count: number][] = [
    ['with no words', { content: '' }, 1],
    ['with null for words', { content: null }, 1],
    ['two of them', { count: 2 }, 2],
    ['four of them', { count: 4 }, 4],
    ['without an index', { withoutIndex: true }, 1],
    ['as a bare address', { bareUrl: true }, 1],
    ['under a wrong label', { mimeLabel: 'image/webp' }, 1],
    ['under a label with parameters', { mimeLabel: 'image/png;charset=utf-8' }, 1],
    ['with reasoning beside them', { reasoning: 'data:image/ hm' }, 1],
    ['as a stream that nobody asked for', { as: 'stream' }, 1],
    ['as a stream that repeats them at its end', { as: 'stream', repeatImages: true }, 1],
    ['as a stream in small pieces with CR LF', { as: 'stream', crlf: true, pieceBytes: 1000 }, 1],
  ]
  it.each(forms)('%s', async (_, options, count) => {
    const bytes = [png, other, await sampleJpeg({ width: 80 }), await sampleWebp({ width: 80 })].slice(
      0,
      count,
    )
    fake.next(picture({ ...options, bytes }))
    const { answer, error, ids, receiving, pictures } = await provider.paint()
    expect(error).toBeUndefined()
    const kept = pictures.filter((one) => one.state === 'finished')
    expect(kept.map((one) => one.bytes.length)).toEqual(bytes.map((one) => one.length))
    expect(kept.every((one, index) => one.bytes.equals(bytes[index] ?? Buffer.alloc(0)))).toBe(true)
    expect(answer?.pictures).toHaveLength(count)
    expect(answer?.refused).toBe(false)
    await fake.requests[0]?.finished
    const costMicro = Math.round((fake.bills[0]?.total_cost ?? -1) * 1e6)
    expect(answer?.spent).toMatchObject({ costMicro, upstreamId: fake.bills[0]?.id })
    expect(answer?.spent.completionTokens).toBeGreaterThan(0)
    expect({ ids, receiving }).toEqual({ ids: [fake.bills[0]?.id], receiving: 1 })
  })

  it('through a sink that makes the provider wait', async () => {
    fake.next(picture({ bytes: [png, other], content: 'Here you go.' }))
    const { answer, pictures } = await provider.paint({ slow: true })
    expect(answer?.text).toBe('Here you go.')
    expect(pictures[0]?.bytes.equals(png)).toBe(true)
    expect(pictures[1]?.bytes.equals(other)).toBe(true)
  })

  it('under a wrong content type', async () => {
    fake.next(wrongContentType({ of: picture({ bytes: other }) }))
    expect((await provider.paint()).pictures).toMatchObject([{ bytes: other, state: 'finished' }])
  })

  it('behind white space that kept the connection alive', async () => {
    const held = hold({ of: spaced(picture({ bytes: other })), afterBytes: 3 })
    fake.next(held.behaviour)
    const painting = provider.paint()
    await held.reached
    held.release()
    expect(await painting).toMatchObject({ receiving: 1, pictures: [{ bytes: other, state: 'finished' }] })
  })

  it('where the words belong', async () => {
    fake.next(text({ as: 'json', chunks: [dataUri(other)] }))
    expect(await provider.paint()).toMatchObject({
      answer: { pictures: [{ bytes: other.length }], text: '' },
      pictures: [{ bytes: other, state: 'finished' }],
    })
  })

  it('and one that the answer does not name is thrown away', async () => {
    fake.next(picture({ bytes: other, reasoning: dataUri(png) }))
    const { answer, pictures } = await provider.paint()
    expect(answer?.pictures).toHaveLength(1)
    expect(pictures.map((one) => one.state)).toEqual(expect.arrayContaining(['finished', 'discarded']))
  })
})

describe('an answer without a picture', () => {
  const rows: [name: string, behaviour: Behaviour, answer: { refused: boolean; text: string }][] = [
    [
      'that the model gave in words',
      text({ chunks: ['Which fox?'] }),
      { refused: false, text: 'Which fox?' },
    ],
    ['that a safety rule held back', noPicture(), { refused: true, text: '' }],
    [
      'that was filtered',
      noPicture({ nativeReason: 'OTHER', finishReason: 'content_filter' }),
      { refused: true, text: '' },
    ],
    [
      'that the model refused',
      noPicture({ refusal: 'No.', nativeReason: 'STOP', content: 'No.' }),
      { refused: true, text: 'No.' },
    ],
    ['without any reason', noPicture({ nativeReason: 'STOP' }), { refused: false, text: '' }],
  ]
  it.each(rows)('%s', async (_, behaviour, expected) => {
    fake.next(behaviour)
    const { answer, error } = await provider.paint()
    expect(error).toBeUndefined()
    expect(answer).toMatchObject({ pictures: [], ...expected })
  })
})

describe('an answer that cannot be used', () => {
  const bad = { code: 'bad_image' }
  const unreadable = { code: 'openrouter_error', reason: 'bad_response' }
  const down = { code: 'openrouter_error', reason: 'unavailable' }
  const rows: [name: string, behaviour: () => Behaviour, error: object][] = [
    ['no choices', () => emptyChoices(), { code: 'empty_response' }],
    ['no choices at all', () => emptyChoices('missing'), { code: 'empty_response' }],
    ['an error on the choice', () => errorOnChoice(), down],
    ['five pictures', () => picture({ bytes: Array(5).fill(other) }), bad],
    [
      'a link',
      () => picture({ urls: ['https://evil.example/fox.png'] }),
      { ...bad, message: expect.stringMatching('a link') },
    ],
    ['a picture and a link', () => picture({ urls: [dataUri(other), 'http://127.0.0.1/fox.png'] }), bad],
    ['an address that is nothing', () => picture({ urls: ['fox.png'] }), bad],
    ['a forged mark', () => picture({ urls: ['easel-picture:7'] }), bad],
    ['no base64', () => picture({ urls: ['data:image/png;base64,%%%%'] }), bad],
    ['a picture without base64', () => picture({ urls: ['data:image/svg+xml,<svg/>'] }), bad],
    ['base64 that stops within a group', () => picture({ urls: ['data:image/png;base64,iVBORw0KG'] }), bad],
    ['half a JSON document', () => truncatedJson(), unreadable],
    [
      'a connection cut in the picture',
      () => cut({ of: picture({ bytes: png }), afterBytes: 700_000 }),
      unreadable,
    ],
    [
      'a reset connection',
      () => cut({ of: picture({ bytes: png }), afterBytes: 700_000, reset: true }),
      unreadable,
    ],
    [
      'a stream cut in the picture',
      () => cut({ of: pictureStream({ bytes: png }), afterBytes: 700_000 }),
      unreadable,
    ],
    ['a connection closed without a word', () => hangUp(), down],
    ['words without end', () => hugeBody(20), unreadable],
    ['more than 60 MB', () => spaced(picture({ bytes: other }), 61_000_000), unreadable],
  ]
  it.each(rows)('%s', async (_, behaviour, error) => {
    fake.next(behaviour())
    const painted = await provider.paint()
    expect(painted.error).toBeInstanceOf(Problem)
    expect(painted.error).toMatchObject(error)
    expect(painted.pictures.every((one) => one.state === 'discarded')).toBe(true)
    expect(fake.requests).toHaveLength(1)
  })

  it('leaves to the sink to find that a picture is not whole', async () => {
    fake.next(truncatedBase64({ bytes: other, keep: 0.5 }))
    const { pictures } = await provider.paint()
    expect(pictures[0]?.bytes.length).toBeLessThan(other.length)
  })

  it('passes on what the sink throws, and hangs up', async () => {
    const full = new Problem('storage_full', 'The disk is full.')
    fake.next(hold({ of: picture({ bytes: png }), afterBytes: 1_000_000 }).behaviour)
    const { error, pictures } = await provider.paint({ fail: () => full })
    expect(error).toBe(full)
    expect(pictures).toMatchObject([{ state: 'discarded' }])
    await fake.requests[0]?.finished
    expect(fake.requests).toMatchObject([{ aborted: true }])
  })
})

describe('a picture that does not come in time', () => {
  const late: [name: string, behaviour: () => Behaviour][] = [
    ['silence before the headers', () => stall()],
    ['silence behind the headers', () => stall({ afterBytes: 0 })],
    ['silence in the picture', () => stall({ of: picture({ bytes: png }), afterBytes: 700_000 })],
    ['white space for ever', () => whiteSpaceForEver()],
  ]
  it.each(late)('%s is a timeout', async (_, behaviour) => {
    fake.next(behaviour())
    const { error, pictures } = await hasty.paint()
    expect(error).toMatchObject({ code: 'timeout', message: expect.stringMatching('timeout') })
    expect(pictures.every((one) => one.state === 'discarded')).toBe(true)
    await fake.requests[0]?.finished
    expect(fake.requests).toMatchObject([{ aborted: true }])
  })

  it('silence behind an error’s status does not hide the error', async () => {
    fake.next({
      async answer(exchange) {
        exchange.start(429, { 'content-type': 'application/json', 'retry-after': '9' })
        await exchange.write('{"error":')
        await exchange.until(new Promise(() => undefined))
      },
    })
    expect((await hasty.paint()).error).toMatchObject({ reason: 'rate_limited', retryAfter: 9 })
  })
})

it('a cancelled call ends upstream with the reason of its signal and keeps nothing', async () => {
  const held = hold({ of: picture({ bytes: png }), afterBytes: 1_000_000 })
  fake.next(held.behaviour)
  const stop = new AbortController()
  const painting = provider.paint({ signal: stop.signal, slow: true })
  await held.reached
  const reason = new Error('cancelled')
  stop.abort(reason)
  const { error, pictures } = await painting
  expect(error).toBe(reason)
  expect(pictures.every((one) => one.state === 'discarded')).toBe(true)
  await fake.requests[0]?.finished
  expect(fake.requests).toMatchObject([{ aborted: true }])
})

describe('the request', () => {
  it('is the one of the original', async () => {
    await provider.paint()
    expect(fake.requests[0]?.body).toEqual({
      model: flash,
      messages: [{ role: 'user', content: 'A fox in the snow' }],
      modalities: ['image', 'text'],
      max_tokens: 4096,
      stream: false,
      user: 'u_1',
    })
  })

  it('carries shape and pictures where they are asked for', async () => {
    const input = { mime: 'image/png' as const, bytes: other, description: 'A fox.' }
    await provider.paint({ aspectRatio: '16:9', inputs: [input] })
    expect(fake.requests[0]?.body).toMatchObject({
      image_config: { aspect_ratio: '16:9' },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'A fox in the snow' },
            { type: 'image_url', image_url: { url: dataUri(other) } },
          ],
        },
      ],
    })
  })

  it('asks a model for pictures alone that gives nothing else', async () => {
    await provider.listModels?.(new AbortController().signal)
    fake.reset()
    await provider.paint({ model: 'black-forest-labs/flux.2-pro' })
    expect(fake.requests[0]?.body).toMatchObject({ modalities: ['image'] })
  })
})

function dataUri(bytes: Buffer): string {
  return `data:image/png;base64,${bytes.toString('base64')}`
}

/** The answer with white space in front. */
function spaced(of: Behaviour, bytes = 10): Behaviour {
  return {
    async answer(exchange) {
      const pass = exchange.outlet
      let first = true
      exchange.start = (status) => {
        exchange.response.writeHead(status, { 'content-type': 'application/json' })
        exchange.response.flushHeaders()
      }
      exchange.outlet = async (piece) => {
        if (first) {
          first = false
          for (let sent = 0; sent < bytes; sent += 1_000_000) {
            await pass(Buffer.alloc(Math.min(1_000_000, bytes - sent), ' '))
          }
        }
        await pass(piece)
      }
      await of.answer(exchange)
    },
  }
}

function whiteSpaceForEver(): Behaviour {
  return {
    async answer(exchange) {
      exchange.start(200, { 'content-type': 'application/json' })
      for (;;) {
        await exchange.write('\n')
        await exchange.wait(5)
      }
    },
  }
}
