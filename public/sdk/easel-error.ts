import type { ProblemBody } from '../../server/contract/problem.ts'

/** `ProblemBody` as it may really arrive: a proxy in between can answer anything. */
export type ProblemLike = Partial<Omit<ProblemBody, 'status'>>

/** What a problem is told by. */
export interface ProblemWords {
  code: string
  message: string
  reason?: string | undefined
  retry_after?: number | undefined
}

/**
 * Everything that goes wrong in the client, in one shape. `code` is one of the server's codes, or
 * `network` (no answer came; `status` is 0) or `bad_answer` (an answer that is not Easel's). `message` is a
 * sentence that may be shown.
 */
export class EaselError extends Error {
  override name = 'EaselError'
  readonly code: string
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  readonly reason: string | undefined
  /** Whole seconds until trying again makes sense. */
  readonly retryAfter: number | undefined
  readonly retryable: boolean
  readonly details: readonly { field: string; message: string }[]
  readonly requestId: string | undefined
  /** The turn that failed, where the error is a turn's. */
  readonly turnId: string | undefined

  constructor(status: number, body: ProblemLike & { code: string; message: string }, cause?: unknown) {
    super(body.message, cause === undefined ? {} : { cause })
    this.code = body.code
    this.status = status
    this.reason = body.reason
    this.retryAfter = body.retry_after
    this.retryable = body.retryable ?? (status === 0 || status === 429 || status >= 500)
    this.details = body.details ?? []
    this.requestId = body.request_id
    this.turnId = body.turn_id
  }

  /** The same error with other words. */
  inWords(message: string, details: EaselError['details']): EaselError {
    const { code, reason, retryAfter, retryable, requestId, turnId } = this
    return new EaselError(
      this.status,
      {
        code,
        message,
        retryable,
        details: [...details],
        ...(reason === undefined ? {} : { reason }),
        ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
        ...(requestId === undefined ? {} : { request_id: requestId }),
        ...(turnId === undefined ? {} : { turn_id: turnId }),
      },
      this.cause,
    )
  }
}

/** No answer came at all. */
export function networkError(cause: unknown): EaselError {
  return new EaselError(
    0,
    { code: 'network', message: 'The server cannot be reached. Check the connection.' },
    cause,
  )
}

/** True for what an aborted `fetch` rejects with, whatever reason the signal was given. */
export function isAbort(thrown: unknown, signal?: AbortSignal): boolean {
  return signal?.aborted === true || (thrown instanceof Error && thrown.name === 'AbortError')
}
