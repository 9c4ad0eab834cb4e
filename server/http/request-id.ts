import type { RequestHandler, Response } from 'express'
import type { NewId } from '../ids.ts'

declare global {
  namespace Express {
    interface Locals {
      requestId?: string
    }
  }
}

/** Gives every request an id of ours and says it in `X-Request-Id`; one that the client sends is not taken over. */
export function requestId(newId: NewId): RequestHandler {
  return (_req, res, next) => {
    const id = newId()
    res.locals.requestId = id
    res.setHeader('X-Request-Id', id)
    next()
  }
}

/** The id that `requestId` gave, for error bodies and log lines. */
export function requestIdOf(res: Response): string {
  return res.locals.requestId ?? ''
}
