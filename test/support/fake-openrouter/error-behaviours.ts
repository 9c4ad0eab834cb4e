import type { Behaviour } from './exchange.ts'

export interface WireError {
  /** The status unless told; null leaves it away; some upstreams send a string. */
  code?: number | string | null
  message?: string
  metadata?: Record<string, unknown> | null
  availability?: Record<string, unknown>
}

/** The body of an error (wire.md 1.6). */
export function errorBody(status: number, error: WireError = {}): Record<string, unknown> {
  return { error: errorObject(status, error), user_id: 'user_2x' }
}

/** An HTTP error with OpenRouter's JSON body, also where a stream was asked for. */
export function errorStatus(
  status: number,
  error: WireError & { headers?: Record<string, string> } = {},
): Behaviour {
  return {
    async answer(exchange) {
      exchange.usage = undefined
      await exchange.json(status, errorBody(status, error), error.headers)
    },
  }
}

/** HTTP 200 whose body is nothing but an error. */
export function errorIn200(error: WireError = {}): Behaviour {
  return {
    async answer(exchange) {
      exchange.finishReason = 'error'
      await exchange.json(200, errorBody(502, { metadata: { provider_name: 'Google' }, ...error }))
    },
  }
}

/** HTTP 200 with the error on the only choice, `finish_reason: "error"`. */
export function errorOnChoice(error: WireError = {}): Behaviour {
  return {
    async answer(exchange) {
      exchange.finishReason = 'error'
      const { id, created, body } = exchange
      const choice = {
        index: 0,
        finish_reason: 'error',
        error: errorObject(502, { metadata: { error_type: 'provider_unavailable' }, ...error }),
        message: { role: 'assistant', content: '' },
      }
      await exchange.json(200, {
        id,
        model: body.model,
        object: 'chat.completion',
        created,
        choices: [choice],
      })
    },
  }
}

/** The page of the proxy before OpenRouter, as on 524. */
export function htmlError(status = 524): Behaviour {
  return {
    async answer(exchange) {
      const page = `<!DOCTYPE html>\n<html><head><title>openrouter.ai | ${status}: A timeout occurred</title></head><body><h1>Error ${status}</h1></body></html>\n`
      await exchange.reply(status, 'text/html; charset=UTF-8', page, { server: 'cloudflare' })
    },
  }
}

/** Every kind of error answer that wire.md sections 1.6 and 5 (items 8 and 9) know, by name. */
export const knownErrors = {
  badRequest: errorStatus(400, { metadata: { error_type: 'invalid_request' } }),
  contentRefused: errorStatus(400, {
    message: 'Provider returned error',
    metadata: {
      error_type: 'content_policy_violation',
      provider_name: 'OpenAI',
      raw: '{"error":{"message":"Your request was rejected by the safety system."}}',
    },
  }),
  wrongEndpoint: errorStatus(400, {
    code: null,
    message: 'This model is served by /images.',
    metadata: { error_type: 'invalid_request', http_status: 400 },
    availability: { code: 'wrong_endpoint', retryable: false, docs_url: 'https://openrouter.ai/docs' },
  }),
  unauthorized: errorStatus(401, { message: 'User not found.' }),
  noCredits: errorStatus(402, {
    metadata: { error_type: 'payment_required', limit_source: 'openrouter_credits' },
  }),
  tooMuchInFlight: errorStatus(402, {
    message: 'Too many requests in flight for the remaining credits.',
    metadata: { error_type: 'payment_required', limit_source: 'openrouter_in_flight_budget' },
    headers: { 'retry-after': '3' },
  }),
  moderated: errorStatus(403, {
    message: 'Input was flagged by moderation',
    metadata: {
      reasons: ['violence'],
      flagged_input: 'a very long prom…ends here',
      provider_name: 'OpenAI',
      model_slug: 'openai/gpt-5-image',
    },
  }),
  keyLimit: errorStatus(403, {
    message: 'Key limit exceeded',
    metadata: {
      limit_source: 'openrouter_key_limit',
      limit_usd: 25,
      spend_usd: 25.01,
      resets_at: '2026-12-01',
    },
  }),
  noModalities: errorStatus(404, {
    message: 'No endpoints found that support the requested output modalities: image, text',
    metadata: { routing_funnel: [], failed_routing_step: 'Filter by Model Output Modalities' },
  }),
  timeout: errorStatus(408, { metadata: { error_type: 'timeout' } }),
  tooLarge: errorStatus(413, { metadata: { error_type: 'payload_too_large' } }),
  rateLimited: errorStatus(429, {
    metadata: { error_type: 'rate_limit_exceeded', limit_source: 'upstream_provider_shared_pool' },
    headers: { 'retry-after': '7' },
  }),
  rateLimitedUntil: errorStatus(429, {
    message: 'Rate limit exceeded: free-models-per-min.',
    metadata: { error_type: 'rate_limit_exceeded', headers: rateLimit() },
    headers: rateLimit(),
  }),
  freeDay: errorStatus(429, {
    message: 'Rate limit exceeded: free-models-per-day.',
    metadata: {
      limit_source: 'openrouter_free_tier_daily',
      remedy_hint: 'Add credits.',
      headers: rateLimit(),
    },
    headers: rateLimit(),
  }),
  internal: errorStatus(500, { metadata: { error_type: 'server' } }),
  providerFailed: errorStatus(502, {
    message: 'Provider returned error',
    metadata: {
      provider_name: 'Google AI Studio',
      raw: '{"error":{"code":500,"message":"An internal error has occurred.","status":"INTERNAL"}}',
      is_byok: false,
      previous_errors: [],
    },
  }),
  noProvider: errorStatus(503, {
    metadata: { error_type: 'provider_overloaded' },
    headers: { 'retry-after': '30' },
  }),
  edgeTimeout: htmlError(524),
  overloaded: errorStatus(529, { metadata: { error_type: 'provider_overloaded' } }),
  withoutCode: errorStatus(503, {
    code: null,
    metadata: { error_type: 'provider_overloaded', http_status: 503 },
    availability: { code: 'temporarily_unavailable', retryable: true, retry_after: 5, requested_models: [] },
  }),
  nullMetadata: errorStatus(500, { metadata: null }),
  codeAsString: errorStatus(500, { code: 'server_error' }),
} as const satisfies Record<string, Behaviour>

/** What the error says inside a body or a chunk. */
export function errorObject(status: number, error: WireError): Record<string, unknown> {
  const {
    code = status,
    message = usualMessages[status] ?? 'Something went wrong',
    metadata,
    availability,
  } = error
  return {
    ...(code === null ? {} : { code }),
    message,
    ...(metadata === undefined ? {} : { metadata }),
    ...(availability === undefined ? {} : { availability }),
  }
}

const usualMessages: Record<number, string | undefined> = {
  400: 'Invalid request parameters',
  401: 'No auth credentials found',
  402: 'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
  403: 'Forbidden',
  404: 'Not found',
  408: 'Request timed out',
  413: 'Request payload is too large',
  429: 'Rate limit exceeded',
  500: 'Internal Server Error',
  502: 'Provider returned error',
  503: 'No provider is available at the moment',
  529: 'Provider is overloaded',
}

/** `X-RateLimit-Reset` is in milliseconds since 1970; this one lies long ahead. */
function rateLimit(): Record<string, string> {
  return { 'X-RateLimit-Limit': '20', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '4102444800000' }
}
