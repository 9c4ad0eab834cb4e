import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { User } from '../contract/accounts.ts'
import type { ProblemCode } from '../errors.ts'

/** Who may come in. `user` is anyone signed in; `public` routes check in their own way where they must. */
export type Access = 'public' | 'user' | 'admin'

/** How a route takes its body; `multipart` and `none` leave the stream alone. */
export type BodyKind = 'json' | 'large-json' | 'multipart' | 'none'

/** One checked request, as a handler sees it. */
interface Ask<Params, Query, Body> {
  user: User
  params: Params
  query: Query
  body: Body
  requestId: string
  req: Request
  res: Response
}

/** An answer other than 200 with JSON. */
export class Reply {
  readonly status: number
  readonly body: unknown
  constructor(status: number, body?: unknown) {
    this.status = status
    this.body = body
  }
}

/** The handler wrote its own answer (a stream, bytes). */
export const answered = Symbol('answered')

/**
 * A row of the route table. It validates, guards and documents one method and path; the list of all rows
 * mounts the server, generates the OpenAPI document and drives the ownership test.
 */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Express syntax: `/api/conversations/:conv_id`. */
  path: string
  access: Access
  summary: string
  params: z.ZodType | undefined
  query: z.ZodType | undefined
  body: z.ZodType | undefined
  bodyKind: BodyKind
  /** Status → schema of the answer, for the OpenAPI document. */
  answers: Record<number, z.ZodType | undefined>
  /** Media types of a good answer other than JSON: a stream of events, pictures, archives. */
  media: readonly string[]
  /** Codes of this route's own refusals and failures, beside those that follow from its access and its schemas. */
  problems: readonly ProblemCode[]
  handle: (ask: Ask<unknown, unknown, unknown>) => unknown
}

interface RouteInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  method: Route['method']
  path: string
  access: Access
  summary: string
  params?: P
  query?: Q
  body?: B
  bodyKind?: BodyKind
  answers: Record<number, z.ZodType | undefined>
  media?: readonly string[]
  problems?: readonly ProblemCode[]
  handle: (ask: Ask<z.output<P>, z.output<Q>, z.output<B>>) => unknown
}

/**
 * Declares a route. The handler gets checked input and returns a value (200, JSON), a `Reply`, or
 * `answered` when it wrote to `res` itself; it throws a `Problem` for everything else.
 */
export function route<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(input: RouteInput<P, Q, B>): Route {
  return {
    params: undefined,
    query: undefined,
    body: undefined,
    bodyKind: input.body ? 'json' : 'none',
    media: [],
    problems: [],
    ...input,
    // The server hands over exactly what these schemas gave out, so the wider type is sound.
    handle: (ask) => input.handle(ask as Ask<z.output<P>, z.output<Q>, z.output<B>>),
  }
}
