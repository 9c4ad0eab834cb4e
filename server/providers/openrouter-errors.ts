import { Problem, type UpstreamReason } from '../errors.ts'
import { isObject, listIn, numberIn, objectIn, textIn } from './loose-json.ts'
import { ModelGone } from './model-gone.ts'

/** What OpenRouter answered instead of a completion. */
export interface Refusal {
  /** Of the HTTP answer; 200 for errors inside a body or a stream. */
  status: number
  /** `Retry-After` and `X-RateLimit-Reset` are read. */
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** The `error` object, or whatever stood there. */
  error: unknown
  model: string
  /** Kept out of everything that is logged. */
  apiKey: string
  /** Milliseconds since 1970, to tell how far a reset lies ahead. */
  now: number
}

type Kind = UpstreamReason | 'timed_out' | 'model_gone' | 'no_endpoint'

/**
 * Names the reason of a refusal (wire.md section 1.6): the canonical type first, then the status, then words.
 * Only sentences of our own are shown; OpenRouter's go into the cause, without `raw`, user ids and keys.
 */
export function problemOf(refusal: Refusal): Problem {
  const error = objectIn(refusal.error)
  const metadata = objectIn(error.metadata)
  const code = numberIn(error.code)
  const status = refusal.status >= 400 || code === undefined ? refusal.status : code
  const words = textIn(error.message) ?? textIn(refusal.error) ?? ''
  const cause = new Error(
    `OpenRouter answered ${status} ${typeOf(error)}: ${withoutSecrets(words, refusal.apiKey)}`,
  )
  const kind = kindOf(status, error, `${words} ${textIn(metadata.raw) ?? ''}`)
  if (kind === 'model_gone') return new ModelGone('openrouter_error', 'OpenRouter', refusal.model, cause)

  const retryAfter = secondsToWait(refusal, status)
  const reason: UpstreamReason = kind === 'timed_out' || kind === 'no_endpoint' ? 'unavailable' : kind
  const final = kind === 'no_endpoint' || (kind === 'insufficient_credits' && retryAfter === undefined)
  return new Problem('openrouter_error', sentence(kind, retryAfter), {
    reason,
    retryAfter,
    cause,
    ...(final ? { retryable: false } : {}),
  })
}

/** The problem of a request or an answer that OpenRouter's content rules stopped. */
export function contentPolicyProblem(): Problem {
  return new Problem('openrouter_error', sentence('content_policy', undefined), { reason: 'content_policy' })
}

/** The problem of an answer that is no answer; `why` ends the sentence "…could not be used: ". */
export function unreadableAnswer(why: string): Problem {
  return new Problem('openrouter_error', `The answer of OpenRouter could not be used: ${why}. Try again.`, {
    reason: 'bad_response',
  })
}

const sentences: Readonly<Record<Exclude<Kind, 'model_gone' | 'rate_limited'>, string>> = {
  insufficient_credits:
    "OpenRouter refused: its account's credits or spending limit are used up. They have to be raised at OpenRouter.",
  content_policy:
    'The provider refused this under its content policy. Put it in other words or leave out what it may object to.',
  invalid_prompt:
    'Invalid prompt: the model did not accept the request. Shorten or rephrase it, or choose another model.',
  unauthorized:
    'OpenRouter did not accept the API key, or the key may not use this model. Check OPENROUTER_API_KEY.',
  timed_out: 'Service unavailable: OpenRouter reports a timeout of the model. Try again in a moment.',
  unavailable: 'Service unavailable: OpenRouter or the model behind it failed. Try again in a moment.',
  no_endpoint:
    'Service unavailable: OpenRouter has no provider that serves this model in this way. Choose another model.',
  bad_response: 'The answer of OpenRouter could not be used. Try again.',
}

function sentence(kind: Exclude<Kind, 'model_gone'>, retryAfter: number | undefined): string {
  if (kind !== 'rate_limited') return sentences[kind]
  const wait = retryAfter === undefined ? 'Wait a little' : `Please wait ${retryAfter} seconds`
  return `OpenRouter's rate limit is reached. ${wait} before trying again.`
}

const kindOfType: Readonly<Record<string, Kind>> = {
  content_policy_violation: 'content_policy',
  refusal: 'content_policy',
  invalid_request: 'invalid_prompt',
  invalid_prompt: 'invalid_prompt',
  context_length_exceeded: 'invalid_prompt',
  max_tokens_exceeded: 'invalid_prompt',
  token_limit_exceeded: 'invalid_prompt',
  string_too_long: 'invalid_prompt',
  payload_too_large: 'invalid_prompt',
  precondition_failed: 'invalid_prompt',
  unprocessable: 'invalid_prompt',
  invalid_image: 'invalid_prompt',
  image_too_large: 'invalid_prompt',
  image_too_small: 'invalid_prompt',
  unsupported_image_format: 'invalid_prompt',
  image_not_found: 'invalid_prompt',
  image_download_failed: 'invalid_prompt',
  authentication: 'unauthorized',
  permission_denied: 'unauthorized',
  payment_required: 'insufficient_credits',
  rate_limit_exceeded: 'rate_limited',
  timeout: 'timed_out',
  server: 'unavailable',
  unmapped: 'unavailable',
  server_error: 'unavailable',
  provider_unavailable: 'unavailable',
  provider_overloaded: 'unavailable',
}

const kindOfAvailability: Readonly<Record<string, Kind>> = {
  model_not_found: 'model_gone',
  model_deprecated: 'model_gone',
  model_unavailable_upstream: 'model_gone',
  free_variant_ended: 'model_gone',
  wrong_endpoint: 'no_endpoint',
  privacy_restricted: 'no_endpoint',
  constraint_filtered: 'no_endpoint',
  region_restricted: 'no_endpoint',
  capacity_exhausted: 'rate_limited',
  temporarily_unavailable: 'unavailable',
}

const kindOfStatus: Readonly<Record<number, Kind>> = {
  400: 'invalid_prompt',
  401: 'unauthorized',
  402: 'insufficient_credits',
  403: 'unauthorized',
  404: 'model_gone',
  408: 'timed_out',
  412: 'invalid_prompt',
  413: 'invalid_prompt',
  422: 'invalid_prompt',
  429: 'rate_limited',
  504: 'timed_out',
  524: 'timed_out',
}

const refusing = /content.?policy|moderation|flagged|safety|prohibited|nsfw|sexual|violen/i
const unfitting = /support|privacy|data policy|guardrail|restrict|modalit|tool/i

function kindOf(status: number, error: Readonly<Record<string, unknown>>, words: string): Kind {
  const metadata = objectIn(error.metadata)
  if (status === 400 || status === 403 || status === 422) {
    const flagged =
      'flagged_input' in metadata || 'patterns' in metadata || listIn(metadata.reasons).length > 0
    if (flagged || refusing.test(words)) return 'content_policy'
    if (/^openrouter_.*(budget|limit)$/.test(textIn(metadata.limit_source) ?? ''))
      return 'insufficient_credits'
  }
  const availability = kindOfAvailability[textIn(objectIn(error.availability).code) ?? '']
  if (availability) return availability
  const type = kindOfType[typeOf(error)]
  if (type) return type
  if (status === 404) {
    return 'failed_routing_step' in metadata || unfitting.test(words) ? 'no_endpoint' : 'model_gone'
  }
  if (status === 400 && /is not a valid model id/i.test(words)) return 'model_gone'
  const known = kindOfStatus[status]
  if (known) return known
  // An error inside a 200 that names no number is the provider's failure behind OpenRouter.
  return status >= 500 || (status < 300 && isObject(error)) ? 'unavailable' : 'bad_response'
}

function typeOf(error: Readonly<Record<string, unknown>>): string {
  const type = textIn(objectIn(error.metadata).error_type) ?? textIn(error.error_type)
  return type ?? (typeof error.code === 'string' && numberIn(error.code) === undefined ? error.code : '')
}

/** Whole seconds from 1 to a day; `X-RateLimit-Reset` is in milliseconds, below 10¹² in seconds. */
function secondsToWait(refusal: Refusal, status: number): number | undefined {
  const error = objectIn(refusal.error)
  const inner = objectIn(objectIn(error.metadata).headers)
  const hint = first(refusal.headers['retry-after']) ?? textIn(inner['Retry-After'])
  const spoken = numberIn(hint ?? objectIn(error.availability).retry_after)
  if (spoken !== undefined) return whole(spoken)
  const date = hint === undefined ? Number.NaN : Date.parse(hint)
  if (!Number.isNaN(date)) return whole((date - refusal.now) / 1000)
  if (status !== 429) return undefined
  const reset = numberIn(first(refusal.headers['x-ratelimit-reset']) ?? inner['X-RateLimit-Reset'])
  if (reset === undefined) return undefined
  return whole(((reset < 1e12 ? reset * 1000 : reset) - refusal.now) / 1000)
}

function whole(seconds: number): number {
  return Math.min(Math.max(Math.ceil(seconds), 1), 86_400)
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}

function withoutSecrets(words: string, apiKey: string): string {
  return words
    .replaceAll(apiKey, '…')
    .replaceAll(/\bsk-[\w-]+/g, 'sk-…')
    .slice(0, 300)
}
