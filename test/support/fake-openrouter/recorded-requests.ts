import type { IncomingHttpHeaders } from 'node:http'
import type { Exchange } from './exchange.ts'

export interface RecordedRequest {
  method: string
  /** As on the request line, the query too: `/api/v1/chat/completions`. */
  path: string
  headers: IncomingHttpHeaders
  /** What JSON.parse gave; undefined without a body, or when it was no JSON. */
  body: unknown
  /** When it had arrived, in milliseconds since the fake started. */
  at: number
  /** Set when the client hung up before the answer was complete. */
  aborted: boolean
  /** Resolves when the exchange is over: answered, cut, or aborted. */
  finished: Promise<void>
}

export type Match = (request: RecordedRequest) => boolean

/** Keeps what has arrived, and tells those who wait for it. */
export class RecordedRequests {
  readonly all: RecordedRequest[] = []
  readonly #startedAt = performance.now()
  #watchers: { count: number; match: Match; resolve: () => void }[] = []

  /** Records a request; what it returns is to be called when the exchange is over. */
  add({ request, gone }: Exchange, body: unknown): () => void {
    const finished = Promise.withResolvers<void>()
    const recorded: RecordedRequest = {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: request.headers,
      body,
      at: performance.now() - this.#startedAt,
      aborted: false,
      finished: finished.promise,
    }
    gone.addEventListener('abort', () => (recorded.aborted = true), { once: true })
    recorded.aborted = gone.aborted
    this.all.push(recorded)
    this.#tellWatchers()
    return finished.resolve
  }

  /** Resolves when so many matching requests are there. */
  arrived(count: number, match: Match): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#watchers.push({ count, match, resolve })
    this.#tellWatchers()
    return promise
  }

  clear(): void {
    this.all.length = 0
  }

  #tellWatchers(): void {
    this.#watchers = this.#watchers.filter(({ count, match, resolve }) => {
      const enough = this.all.filter(match).length >= count
      if (enough) resolve()
      return !enough
    })
  }
}
