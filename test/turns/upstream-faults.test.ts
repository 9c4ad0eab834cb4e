import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { eventsOf, type Answer, type Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import {
  asksForPicture,
  asksForRefinement,
  asksForText,
  commentsForever,
  cut,
  emptyChoices,
  errorIn200,
  errorOnChoice,
  errorOnlyOnChoiceMidStream,
  errorStatus,
  hangUp,
  hugeBody,
  knownErrors,
  midStreamError,
  noPicture,
  picture,
  stall,
  text,
  truncatedBase64,
  truncatedJson,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import type { Behaviour, ChatRequest } from '../support/fake-openrouter/index.ts'
import { assertLedgerAtRest, comesToRest } from '../support/ledger-at-rest.ts'
import { pictureCalls } from '../support/picture-calls.ts'
import { samplePng } from '../support/sample-pictures.ts'

interface Told {
  code: string
  reason?: string
  retryable: boolean
  retryAfter?: number
}

const unavailable: Told = { code: 'openrouter_error', reason: 'unavailable', retryable: true }
const unusable: Told = { code: 'openrouter_error', reason: 'bad_response', retryable: true }
const invalid: Told = { code: 'openrouter_error', reason: 'invalid_prompt', retryable: false }
const refused: Told = { code: 'openrouter_error', reason: 'content_policy', retryable: false }
const unauthorized: Told = { code: 'openrouter_error', reason: 'unauthorized', retryable: false }
const poor: Told = { code: 'openrouter_error', reason: 'insufficient_credits', retryable: false }
const tooOften: Told = { code: 'openrouter_error', reason: 'rate_limited', retryable: true }
const nothing: Told = { code: 'empty_response', retryable: true }
const late: Told = { code: 'timeout', retryable: true }
const badImage: Told = { code: 'bad_image', retryable: true }

/** What the wire's error answers become, whatever was asked for. */
const errorAnswers: Record<keyof typeof knownErrors, Told> = {
  badRequest: invalid,
  contentRefused: refused,
  wrongEndpoint: { ...unavailable, retryable: false },
  unauthorized,
  noCredits: poor,
  tooMuchInFlight: { ...poor, retryable: true, retryAfter: 3 },
  moderated: refused,
  keyLimit: poor,
  noModalities: { ...unavailable, retryable: false },
  timeout: unavailable,
  tooLarge: invalid,
  rateLimited: { ...tooOften, retryAfter: 7 },
  rateLimitedUntil: { ...tooOften, retryAfter: 86_400 },
  freeDay: { ...tooOften, retryAfter: 86_400 },
  internal: unavailable,
  providerFailed: unavailable,
  noProvider: { ...unavailable, retryAfter: 30 },
  edgeTimeout: unavailable,
  overloaded: unavailable,
  withoutCode: { ...unavailable, retryAfter: 5 },
  nullMetadata: unavailable,
  codeAsString: unavailable,
}

type Fault = [name: string, behaviour: Behaviour, told: Told]

const anyCall: Fault[] = [
  ...Object.entries(errorAnswers).map(
    // The record has exactly these names.
    ([name, told]): Fault => [name, knownErrors[name as keyof typeof knownErrors], told],
  ),
  ['an error in a 200', errorIn200(), unavailable],
  ['an error on the choice', errorOnChoice(), unavailable],
  ['no choices', emptyChoices(), nothing],
  ['choices that are missing', emptyChoices('missing'), nothing],
  ['a broken connection', hangUp(), unavailable],
  ['a connection that is reset', hangUp({ reset: true }), unavailable],
  ['a cut after the headers', cut({ afterBytes: 0 }), unusable],
  ['truncated JSON', truncatedJson(), unusable],
  ['silence', stall(), late],
]

const textCall: Fault[] = [
  ...anyCall,
  ['an error in mid-stream', midStreamError(), unavailable],
  ['an error on the choice in mid-stream', errorOnlyOnChoiceMidStream(), unavailable],
  ['a cut in the middle', cut({ afterBytes: 700, of: text() }), unusable],
  ['comments for ever', commentsForever(), late],
  ['no words', text({ chunks: [''] }), nothing],
  ['a body without end', hugeBody(64), unusable],
]

const pictureCall: Fault[] = [
  ...anyCall,
  ['neither picture nor words', noPicture({ nativeReason: 'STOP' }), unusable],
  ['a picture held back', noPicture(), { ...refused }],
  ['half a picture in whole JSON', truncatedBase64(), badImage],
  ['bytes that are no picture', picture({ bytes: Buffer.from('GIF89a, honestly') }), badImage],
  ['a link instead of a picture', picture({ urls: ['https://example.org/fox.png'] }), badImage],
  ['a cut in the middle of the picture', cut({ afterBytes: 20_000, of: picture() }), unusable],
  ['silence in the middle of the picture', stall({ afterBytes: 20_000, of: picture() }), late],
  ['a body without end', hugeBody(64), unusable],
]

let easel: Easel
let anna: Client
/** One that gives its provider a second, for the faults that are told by the clock. */
let hasty: Easel
let henry: Client
let whole: Buffer
beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
  hasty = await startEasel({ env: { PROVIDER_TIMEOUT_SECONDS: '1' } })
  henry = await hasty.user('henry')
  whole = await samplePng({ width: 64, height: 64 })
})
// After all of them, in whichever order they ran: the ledger comes to rest, and the key is in no log.
afterAll(async () => {
  try {
    for (const one of [easel, hasty]) {
      await vi.waitFor(() => assertLedgerAtRest(one.storageDir), { timeout: 30_000, interval: 20 })
      expect(one.log()).not.toContain('sk-or-test')
    }
  } finally {
    await hasty.close()
    await easel.close()
  }
})

function serverFor(told: Told): { easel: Easel; client: Client } {
  return told === late ? { easel: hasty, client: henry } : { easel, client: anna }
}

/** A chat, and none of the side questions that are asked in the background. */
function asksForChat(request: ChatRequest): boolean {
  return asksForText(request) && request.temperature === undefined
}

describe('a fault while a text is written', () => {
  it.for(textCall)('%s', async ([, behaviour, told]) => {
    await failsAndGoesOn('tell me a story', when(asksForChat, behaviour), told, when(asksForChat, text()))
  })
})

describe('a fault while a picture is painted', () => {
  it.for(pictureCall)('%s', async ([, behaviour, told]) => {
    const painted = when(asksForPicture, picture({ bytes: whole }))
    await failsAndGoesOn('/image a fox --raw', when(asksForPicture, behaviour), told, painted)
  })
})

/** The message is kept with what can be done about it, nothing is charged, and a retry works. */
async function failsAndGoesOn(said: string, fault: Behaviour, told: Told, good: Behaviour): Promise<void> {
  const { easel, client } = serverFor(told)
  const conversation = await client.conversation()
  easel.fake?.next(fault)
  const streamed = await client.stream(conversation, said)
  const error = {
    status: 'error',
    code: told.code,
    retryable: told.retryable,
    ...(told.reason === undefined ? {} : { reason: told.reason }),
    ...(told.retryAfter === undefined ? {} : { retry_after: told.retryAfter }),
  }
  expect(eventsOf(streamed, 'error')).toEqual([expect.objectContaining(error)])
  const [done] = eventsOf(streamed, 'done')
  expect(done?.message).toMatchObject({ state: 'failed', error, generated_images: [] })
  expect(done?.message.cost_usd).toBeUndefined()
  expect(JSON.stringify(streamed)).not.toContain('sk-or-test')
  if (told.retryAfter === undefined) expect(done?.message.error?.retry_after).toBeUndefined()

  easel.fake?.next(good)
  const again = await client.post(`/api/turns/${done?.message.turn_id}/retry`, undefined, {
    accept: 'application/json',
  })
  expect(again).toMatchObject({ status: 200, body: { state: 'complete' } })
}

describe('a fault while the dialog paints', () => {
  const status: Record<string, number> = {
    openrouter_error: 502,
    empty_response: 502,
    bad_image: 502,
    timeout: 504,
  }
  // Ten requests a minute are each one's; every row has a user of its own.
  const unanswered = new Set(['neither picture nor words', 'a picture held back'])
  it.for(pictureCall.filter(([name]) => !unanswered.has(name)))('%s', async ([name, behaviour, told]) => {
    const { easel } = serverFor(told)
    const user = await easel.user(`u${pictureCall.findIndex((row) => row[0] === name)}`)
    easel.fake?.next(when(asksForPicture, behaviour))
    const answer = await user.post('/api/generate-image', { prompt: 'a fox', better_context: false })
    expect(answer.status).toBe(status[told.code])
    expect(answer.body).toMatchObject({ status: 'error', code: told.code })
    expect(answer.body.reason).toBe(told.reason)
    expectRetryAfter(answer, told)
    expect(answer.text).not.toContain('sk-or-test')
  })

  it.each([
    ['that has neither picture nor words', noPicture({ nativeReason: 'STOP' })],
    ['that is held back', noPicture()],
  ])('answers one %s with a warning and no charge', async (name, behaviour) => {
    const bert = await easel.user(`bert${name.length}`)
    easel.fake?.next(when(asksForPicture, behaviour))
    const answer = await bert.post('/api/generate-image', { prompt: 'a fox', better_context: false })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'success',
        images: [],
        text: '',
        warning: 'Model did not return any images. Try a different prompt or model.',
      },
    })
  })
})

function expectRetryAfter({ headers, body }: Answer, { retryAfter }: Told): void {
  expect(body.retry_after).toBe(retryAfter)
  expect(headers['retry-after']).toBe(retryAfter === undefined ? undefined : String(retryAfter))
}

it('answers a program that waits with the status of the fault, and Retry-After', async () => {
  const conversation = await anna.conversation()
  easel.fake?.next(when(asksForPicture, knownErrors.rateLimited))
  const answer = await anna.say(conversation, '/image a fox --raw')
  expect(answer.status).toBe(502)
  expect(answer.body).toMatchObject({
    code: 'openrouter_error',
    reason: 'rate_limited',
    turn_id: expect.any(String),
  })
  expectRetryAfter(answer, { ...tooOften, retryAfter: 7 })
})

it('goes on to the replacement of a model that is gone, once, and says so', async () => {
  const conversation = await anna.conversation()
  const before = pictureCalls(easel.fake!)
  const goneId = 'google/gemini-2.5-flash-image'
  easel.fake?.gone.add(goneId)
  easel.fake?.next(when(asksForPicture, picture({ bytes: whole })))
  const streamed = await anna.stream(conversation, '/image a fox --raw', {
    body: { image_options: { model: goneId } },
  })
  const message = eventsOf(streamed, 'done')[0]?.message
  expect(message).toMatchObject({ state: 'complete', generated_images: [{ number: 1 }] })
  expect(message?.warning).toContain(`${goneId} is no longer offered`)
  expect(pictureCalls(easel.fake!) - before).toBe(2)
  await comesToRest(easel.storageDir)
})

it('tries once more where no connection came about, and says that the service cannot be reached', async () => {
  const alone = await startEasel({ env: { OPENROUTER_BASE_URL: 'http://127.0.0.1:9/api/v1' } })
  try {
    const carl = await alone.user('carl')
    const conversation = await carl.conversation()
    for (const said of ['hello', '/image a fox']) {
      const streamed = await carl.stream(conversation, said)
      expect(eventsOf(streamed, 'done')[0]?.message).toMatchObject({
        state: 'failed',
        error: { code: 'openrouter_error', reason: 'unavailable', retryable: true },
      })
    }
    await comesToRest(alone.storageDir)
  } finally {
    await alone.close()
  }
})

it('joins the words plainly when the refining call fails in any way, and paints all the same', async () => {
  for (const fault of [errorStatus(503), stall(), truncatedJson(), hangUp()]) {
    const conversation = await henry.conversation()
    hasty.fake?.next(when(asksForRefinement, fault), when(asksForPicture, picture({ bytes: whole })))
    const streamed = await henry.stream(conversation, '/image a fox')
    expect(eventsOf(streamed, 'prompt')[0]).toMatchObject({ refined: 'a fox', fallback: true })
    expect(eventsOf(streamed, 'done')[0]?.message.state).toBe('complete')
  }
})

it('writes into the log that a turn failed, and not with which key', async () => {
  easel.fake?.next(when(asksForChat, errorStatus(503)))
  const streamed = await anna.stream(await anna.conversation(), 'tell me a story')
  expect(eventsOf(streamed, 'done')[0]?.message.state).toBe('failed')
  expect(easel.log()).toContain('turn failed')
  expect(easel.log()).not.toContain('sk-or-test')
})
