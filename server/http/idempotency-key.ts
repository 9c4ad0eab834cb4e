import { hash } from 'node:crypto'
import type { Request } from 'express'
import { Problem } from '../errors.ts'

export interface IdempotencyClaim {
  key: string
  /** Of everything that makes the request what it is. */
  bodyHash: string
}

/**
 * The request's `Idempotency-Key` with a hash of what it stands for.
 * @throws Problem `invalid_request` for a key that is empty or too long.
 */
export function readIdempotencyKey(req: Request, request: unknown): IdempotencyClaim | undefined {
  const key = req.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new Problem('invalid_request', 'Idempotency-Key takes 1 to 200 printable characters.', {
      details: [{ field: 'Idempotency-Key', message: '1 to 200 printable characters' }],
    })
  }
  return { key, bodyHash: hash('sha256', JSON.stringify(request)) }
}
