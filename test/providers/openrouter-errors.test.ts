import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Problem, type UpstreamReason } from '../../server/errors.ts'
import { isModelGone } from '../../server/providers/model-gone.ts'
import { problemOf } from '../../server/providers/openrouter-errors.ts'
import {
  errorIn200,
  errorOnChoice,
  errorStatus,
  htmlError,
  knownErrors,
} from '../support/fake-openrouter/behaviours.ts'
import { type Behaviour, type FakeOpenRouter, startFakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { flash, openProvider } from './open-provider.ts'

let fake: FakeOpenRouter
let provider: ReturnType<typeof openProvider>
beforeAll(async () => {
  fake = await startFakeOpenRouter()
  provider = openProvider(fake)
})
afterEach(() => fake.reset())
afterAll(async () => {
  await provider.close()
  await fake.close()
})

interface Row {
  reason: UpstreamReason
  says: RegExp
  retryable: boolean
  retryAfter?: number | ((seconds: number) => boolean)
}

const refused = { reason: 'invalid_prompt', says: /^Invalid prompt/, retryable: false } as const
const down = { reason: 'unavailable', says: /^Service unavailable/, retryable: true } as const
const late = { reason: 'unavailable', says: /^Service unavailable.*timeout/, retryable: true } as const
const policy = { reason: 'content_policy', says: /content policy/, retryable: false } as const
const limited = { reason: 'rate_limited', says: /rate limit/, retryable: true } as const

const rows: Record<keyof typeof knownErrors, Row> = {
  badRequest: refused,
  contentRefused: policy,
  wrongEndpoint: { ...down, retryable: false },
  unauthorized: { reason: 'unauthorized', says: /OPENROUTER_API_KEY/, retryable: false },
  noCredits: { reason: 'insufficient_credits', says: /credits/, retryable: false },
  tooMuchInFlight: { reason: 'insufficient_credits', says: /credits/, retryable: true, retryAfter: 3 },
  moderated: policy,
  keyLimit: { reason: 'insufficient_credits', says: /limit/, retryable: false },
  noModalities: { ...down, retryable: false },
  timeout: late,
  tooLarge: refused,
  rateLimited: { ...limited, says: /rate limit.*7 seconds/, retryAfter: 7 },
  rateLimitedUntil: { ...limited, retryAfter: (seconds) => seconds >= 1 },
  freeDay: { ...limited, retryAfter: (seconds) => seconds >= 1 },
  internal: down,
  providerFailed: down,
  noProvider: { ...down, retryAfter: 30 },
  edgeTimeout: late,
  overloaded: down,
  withoutCode: { ...down, retryAfter: 5 },
  nullMetadata: down,
  codeAsString: down,
}

const others: [name: string, behaviour: Behaviour, row: Row][] = [
  ['an error inside a 200', errorIn200(), down],
  ['a rate limit inside a 200', errorIn200({ code: 429 }), limited],
  ['a refusal inside a 200', errorIn200({ code: 403, metadata: { reasons: ['violence'] } }), policy],
  ['an error without a code inside a 200', errorIn200({ code: null }), down],
  ['a page of HTML', htmlError(502), down],
  ['a redirect', htmlError(302), { reason: 'bad_response', says: /could not be used/, retryable: true }],
  ['a teapot', htmlError(418), { reason: 'bad_response', says: /could not be used/, retryable: true }],
  [
    'a refusal that only the provider words',
    errorStatus(400, {
      message: 'Provider returned error',
      metadata: { raw: '{"error":{"code":"moderation_blocked"}}' },
    }),
    policy,
  ],
]

describe.each([['writing'], ['painting']] as const)('an error while %s', (doing) => {
  async function errorOf(behaviour: Behaviour): Promise<unknown> {
    fake.next(behaviour)
    const { error } = doing === 'writing' ? await provider.write() : await provider.paint()
    return error
  }

  const behaviours: Readonly<Record<string, Behaviour>> = knownErrors
  const known = Object.entries(rows).map(([name, row]): [string, Behaviour, Row] => {
    const behaviour = behaviours[name]
    if (!behaviour) throw new Error(`The fake knows no error ${name}.`)
    return [name, behaviour, row]
  })
  it.each([...known, ...others])('%s', async (_, behaviour, row) => {
    const error = await errorOf(behaviour)
    expect(error).toBeInstanceOf(Problem)
    expect(error).toMatchObject({
      code: 'openrouter_error',
      reason: row.reason,
      retryable: row.retryable,
      message: expect.stringMatching(row.says),
      retryAfter: typeof row.retryAfter === 'function' ? expect.toSatisfy(row.retryAfter) : row.retryAfter,
    })
    expect(isModelGone(error)).toBe(false)
    // Once: nothing that may have been billed is sent again.
    expect(fake.requests).toHaveLength(1)
  })

  it('shows and logs nothing of the provider’s own: no raw error, no user id, no key', async () => {
    const error = await errorOf(
      errorStatus(401, {
        message: `Incorrect API key provided: ${fake.key}, or sk-or-v1-0123abcd.`,
        metadata: { raw: 'RAW', provider_name: 'Google' },
      }),
    )
    const shown = JSON.stringify(error, ['message', 'cause', 'stack', 'code', 'reason']) + String(error)
    const logged = error instanceof Error ? String(error.cause) : ''
    expect(logged).toMatch(/401/)
    for (const secret of ['RAW', 'user_2x', fake.key, 'sk-or-v1'])
      expect(shown + logged).not.toContain(secret)
  })

  it('tells a model that is gone from everything else', async () => {
    fake.gone.add(flash)
    const { error } =
      doing === 'writing' ? await provider.write({ model: flash }) : await provider.paint({ model: flash })
    expect(isModelGone(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'openrouter_error',
      reason: 'unavailable',
      retryable: false,
      model: flash,
    })
    expect(fake.requests).toHaveLength(1)
  })
})

it('an error on the choice of a whole answer is an error', async () => {
  fake.next(errorOnChoice())
  expect((await provider.paint()).error).toMatchObject({ code: 'openrouter_error', reason: 'unavailable' })
})

describe('a model is gone', () => {
  it.each([
    [true, 404, { message: 'No endpoints found for a/b.' }],
    [true, 404, undefined],
    [true, 404, { availability: { code: 'model_deprecated' } }],
    [true, 400, { availability: { code: 'model_not_found' } }],
    [true, 400, { message: 'a/b is not a valid model ID' }],
    [true, 200, { code: 404, message: 'No endpoints found for a/b.' }],
    [false, 404, { message: 'No endpoints found that support tool use.' }],
    [false, 404, { message: 'No endpoints found matching your data policy.' }],
    [false, 404, { metadata: { failed_routing_step: 'Filter by Price' } }],
    [false, 404, { availability: { code: 'privacy_restricted' } }],
    [false, 400, { message: 'Bad request' }],
    [false, 503, { availability: { code: 'temporarily_unavailable' } }],
  ])('%s: %i %o', (gone, status, error) => {
    const problem = problemOf({ status, headers: {}, error, model: 'a/b', apiKey: 'key', now: 0 })
    expect(isModelGone(problem)).toBe(gone)
  })
})

describe('the wait before the next try', () => {
  const now = Date.parse('2026-11-20T12:00:00Z')
  const waitOf = (headers: Record<string, string>, error: unknown = {}) =>
    problemOf({ status: 429, headers, error, model: 'a/b', apiKey: 'key', now }).retryAfter
  it.each([
    ['whole seconds', { 'retry-after': '28' }, 28],
    ['fractions, rounded up', { 'retry-after': '0.2' }, 1],
    ['a date', { 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT' }, 30],
    ['a past date', { 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' }, 1],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
    ['a reset in milliseconds', { 'x-ratelimit-reset': String(now + 12_300) }, 13],
    ['a reset in seconds', { 'x-ratelimit-reset': String(now / 1000 + 12) }, 12],
    ['far too long', { 'retry-after': '99999999' }, 86_400],
    ['nothing', {}, undefined],
  ])('%s', (_, headers, seconds) => {
    expect(waitOf(headers as Record<string, string>)).toBe(seconds)
  })
})
