import type { Request } from 'express'
import type { z } from 'zod'
import { sayIssue } from '../contract/say-issue.ts'
import { Problem, type FieldDetail } from '../errors.ts'
import type { Route } from './route.ts'

/**
 * Checks what a request brings against its route's schemas.
 * @throws Problem `invalid_request` that names each bad field; `not_found` for an id that cannot be one.
 */
export function readInput(route: Route, req: Request): { params: unknown; query: unknown; body: unknown } {
  return {
    params: route.params ? readParams(route.params, req.params) : undefined,
    query: route.query ? read(route.query, req.query) : undefined,
    // Express leaves the body undefined where there is none.
    body: route.body ? read(route.body, req.body ?? {}) : undefined,
  }
}

/** An id of another form is nobody's, and is answered like one that does not exist. */
function readParams(schema: z.ZodType, params: unknown): unknown {
  const parsed = schema.safeParse(params)
  if (parsed.success) return parsed.data
  throw new Problem('not_found', 'It does not exist, or it is not yours.')
}

function read(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const details = parsed.error.issues.slice(0, 20).map(describeIssue)
  const first = details[0]
  throw new Problem(
    'invalid_request',
    first ? `${first.field || 'The body'} ${first.message}.` : 'The request is not of the expected form.',
    { details },
  )
}

function describeIssue(issue: z.core.$ZodIssue): FieldDetail {
  const unknown = issue.code === 'unrecognized_keys' ? [issue.keys.join(', ')] : []
  return { field: [...issue.path.map(String), ...unknown].join('.'), message: sayIssue(issue) }
}
