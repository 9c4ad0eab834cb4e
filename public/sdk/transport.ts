import { EaselError, isAbort, networkError, type ProblemLike, type ProblemWords } from './easel-error.ts'

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>

/** Says a problem in the words of whoever reads it. */
export type Say = (problem: ProblemWords) => string

export interface CallOptions {
  signal?: AbortSignal | undefined
}

/** What may stand in a query; undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface Call extends CallOptions {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Query
  json?: unknown
  headers?: Record<string, string>
}

/** Sends calls to one server and turns every failure into an `EaselError`. */
export class Transport {
  readonly #baseUrl: string
  readonly #fetch: Fetch
  readonly #say: Say | undefined
  readonly #language: (() => string) | undefined

  constructor(baseUrl: string, fetch: Fetch, say?: Say, language?: () => string) {
    this.#say = say
    this.#language = language
    this.#baseUrl = baseUrl.replace(/\/+$/, '')
    this.#fetch = fetch
  }

  /** What goes with every call: the language that its answer is wanted in, where one was told. */
  get headers(): Record<string, string> {
    return this.#language ? { 'accept-language': this.#language() } : {}
  }

  url(path: string, query: Query = {}): string {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) search.set(name, String(value))
    const tail = search.toString()
    return `${this.#baseUrl}${path}${tail === '' ? '' : `?${tail}`}`
  }

  /**
   * The answer's JSON.
   * @throws EaselError, or the signal's reason when it was aborted.
   */
  async json<Answer>(call: Call): Promise<Answer> {
    const response = await this.response({
      ...call,
      headers: { accept: 'application/json', ...call.headers },
    })
    try {
      // The server's own schemas made this answer, and the types are inferred from them.
      const answer: Answer = response.status === 204 ? undefined : JSON.parse(await response.text())
      return answer
    } catch (thrown) {
      if (isAbort(thrown, call.signal)) throw thrown
      if (thrown instanceof SyntaxError) throw this.told(notOurs(response.status, thrown))
      throw this.told(networkError(thrown))
    }
  }

  /** A successful answer, its body unread. Throws as `json` does. */
  async response(call: Call): Promise<Response> {
    const headers = { ...this.headers, ...call.headers }
    const init: RequestInit = { method: call.method, headers, credentials: 'same-origin' }
    if (call.signal) init.signal = call.signal
    // What was deleted goes even when the page closes right after.
    if (call.method === 'DELETE') init.keepalive = true
    if (call.json !== undefined) {
      init.body = JSON.stringify(call.json)
      init.headers = { 'content-type': 'application/json', ...headers }
    }
    let response: Response
    try {
      response = await this.#fetch(this.url(call.path, call.query), init)
    } catch (thrown) {
      if (isAbort(thrown, call.signal)) throw thrown
      throw this.told(networkError(thrown))
    }
    if (!response.ok) throw this.told(await problemOf(response))
    return response
  }

  /** The error in the words that people here are spoken to in. */
  told(error: EaselError): EaselError {
    if (!this.#say) return error
    const { code, message, reason, retryAfter, details } = error
    const say = this.#say
    return error.inWords(
      say({ code, message, reason, retry_after: retryAfter }),
      details.map((detail) => ({ ...detail, message: say({ code: '', message: detail.message }) })),
    )
  }
}

/** Reads an error answer; one that is not Easel's becomes `bad_answer`. */
export async function problemOf(response: Response): Promise<EaselError> {
  let body: unknown
  try {
    body = await response.json()
  } catch (thrown) {
    return notOurs(response.status, thrown)
  }
  if (!isProblem(body)) return notOurs(response.status)
  return new EaselError(response.status, body)
}

function isProblem(body: unknown): body is ProblemLike & { code: string; message: string } {
  if (typeof body !== 'object' || body === null || !('code' in body) || !('message' in body)) return false
  return typeof body.code === 'string' && typeof body.message === 'string'
}

function notOurs(status: number, cause?: unknown): EaselError {
  const message = `The server gave an answer that could not be read (HTTP ${status}). Try again in a moment.`
  return new EaselError(status, { code: 'bad_answer', message }, cause)
}
