/** Every code that an answer under /api may carry, with its HTTP status. */
export const statusOf = {
  missing_prompt: 400,
  invalid_request: 400,
  invalid_filename: 400,
  unauthenticated: 401,
  forbidden: 403,
  forbidden_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  turn_in_progress: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unknown_host: 421,
  content_policy: 422,
  idempotency_mismatch: 422,
  rate_limited: 429,
  cooldown: 429,
  quota_exceeded: 429,
  budget_exceeded: 429,
  too_many_active: 429,
  headers_too_large: 431,
  missing_api_key: 500,
  internal_error: 500,
  openrouter_error: 502,
  provider_error: 502,
  empty_response: 502,
  bad_image: 502,
  shutting_down: 503,
  timeout: 504,
  storage_full: 507,
} as const

export type ProblemCode = keyof typeof statusOf

/** Why a provider refused or failed, in the words that clients may rely on. */
export type UpstreamReason =
  | 'rate_limited'
  | 'insufficient_credits'
  | 'content_policy'
  | 'invalid_prompt'
  | 'unauthorized'
  | 'unavailable'
  | 'bad_response'

export interface FieldDetail {
  field: string
  message: string
}

interface ProblemExtras {
  cause?: unknown
  reason?: UpstreamReason | undefined
  /** Whole seconds until trying again makes sense. */
  retryAfter?: number | undefined
  details?: FieldDetail[]
  retryable?: boolean
}

const retryableByNature = new Set<ProblemCode>([
  'request_timeout',
  'rate_limited',
  'cooldown',
  'too_many_active',
  'turn_in_progress',
  'internal_error',
  'openrouter_error',
  'provider_error',
  'empty_response',
  'bad_image',
  'shutting_down',
  'timeout',
])
const finalReasons = new Set<UpstreamReason>(['content_policy', 'invalid_prompt', 'unauthorized'])

/**
 * The one error that Easel raises on purpose. `message` is a sentence a person can act on and safe to
 * show; whatever is not safe goes into `cause`, which only the log sees.
 */
export class Problem extends Error {
  override name = 'Problem'
  readonly code: ProblemCode
  readonly reason: UpstreamReason | undefined
  readonly retryAfter: number | undefined
  readonly details: FieldDetail[] | undefined
  readonly retryable: boolean

  constructor(code: ProblemCode, message: string, more: ProblemExtras = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause })
    this.code = code
    this.reason = more.reason
    this.retryAfter = more.retryAfter
    this.details = more.details
    this.retryable =
      more.retryable ?? (retryableByNature.has(code) && !(more.reason && finalReasons.has(more.reason)))
  }

  get status(): number {
    return statusOf[this.code]
  }
}

/** Turns whatever was thrown into a Problem; an unforeseen error keeps its words for the log only. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  if (saysDiskFull(thrown)) {
    return new Problem('storage_full', 'The disk of the server is full. Ask the administrator for space.', {
      cause: thrown,
    })
  }
  return new Problem(
    'internal_error',
    'Something went wrong on the server. Try again; the details are in its log.',
    {
      cause: thrown,
    },
  )
}

/** What SQLite and the operating system say when nothing more can be written. */
function saysDiskFull(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    'code' in thrown &&
    (thrown.code === 'SQLITE_FULL' || thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT')
  )
}
