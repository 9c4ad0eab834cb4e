import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import type { ProblemBody } from '../contract/problem.ts'
import { asProblem, Problem } from '../errors.ts'
import { requestIdOf } from './request-id.ts'

/** The body of an error, as section 1 of the contract has it. */
export function problemBody(problem: Problem, requestId: string, turnId?: string): ProblemBody {
  return {
    status: 'error',
    code: problem.code,
    message: problem.message,
    request_id: requestId,
    retryable: problem.retryable,
    ...(problem.reason === undefined ? {} : { reason: problem.reason }),
    ...(problem.retryAfter === undefined ? {} : { retry_after: problem.retryAfter }),
    ...(problem.details === undefined ? {} : { details: problem.details }),
    ...(turnId === undefined ? {} : { turn_id: turnId }),
  }
}

/** The one place where an error becomes an answer. What is not safe to show goes to the log only. */
export function sendProblem(
  thrown: unknown,
  req: Request,
  res: Response,
  log: Logger,
  turnId?: string,
): void {
  const problem = asProblem(fromBodyParser(thrown))
  const requestId = requestIdOf(res)
  const line = {
    request: requestId,
    user: req.user?.id,
    route: req.route?.path ?? req.path,
    status: problem.status,
    code: problem.code,
  }
  if (problem.status >= 500) log.error({ ...line, err: problem, cause: problem.cause }, 'request failed')
  else log.info(line, 'request refused')
  if (res.headersSent) {
    // An answer that had begun cannot be taken back; cutting it tells the client that it is not whole.
    res.destroy()
    return
  }
  if (problem.retryAfter !== undefined) res.setHeader('Retry-After', String(problem.retryAfter))
  res.removeHeader('ETag')
  res.status(problem.status).json(problemBody(problem, requestId, turnId))
}

/** What Express's body reader and router throw, in our words. */
function fromBodyParser(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof Problem) return thrown
  const type = 'type' in thrown ? thrown.type : undefined
  const status = 'status' in thrown ? thrown.status : undefined
  switch (type) {
    case 'entity.too.large':
      return new Problem(
        'payload_too_large',
        'The body is too large. Send less, or upload pictures by themselves.',
      )
    case 'entity.parse.failed':
      return new Problem('invalid_request', 'The body is not valid JSON.', {
        details: [{ field: '', message: 'not JSON' }],
      })
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new Problem('unsupported_media_type', 'Send the body as UTF-8 JSON.')
    case 'request.aborted':
    case 'request.size.invalid':
      return new Problem('invalid_request', 'The body was cut off.')
    default:
      return status === 400
        ? new Problem('invalid_request', 'The address or the body cannot be read.', { cause: thrown })
        : thrown
  }
}
