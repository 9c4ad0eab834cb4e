import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { ChatRequest } from './chat-request.ts'
import { type Usage, expectedUsage } from './usage.ts'

/** One way to answer a request. */
export interface Behaviour {
  /** Which requests it answers; any, where it is missing. */
  match?: (request: ChatRequest) => boolean
  /** Answers; resolves when the answer is complete or cut off. */
  answer: (exchange: Exchange) => Promise<void> | void
}

/** How long things take, so that a person sees them happen. Tests have 0. */
export interface Delays {
  pictureMs: number
  tokenMs: number
}

interface ExchangeParts {
  request: IncomingMessage
  response: ServerResponse
  body: ChatRequest
  id: string
  created: number
  delays: Delays
  varied: boolean
}

/**
 * One request and its answer under way. All bytes of the answer go through `outlet`, so that a behaviour can
 * wrap another one and slow it down, hold it or cut it.
 * Every method that waits or writes rejects as soon as the client has hung up; that ends the behaviour.
 */
export class Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: ChatRequest
  /** `gen-…`, in the body and in `X-Generation-Id`. */
  readonly id: string
  /** Seconds since 1970, the same in every run. */
  readonly created: number
  readonly delays: Delays
  /** The same prompt gives another picture each time. */
  readonly varied: boolean
  /** Aborted when the client hung up before the answer was complete. */
  readonly gone: AbortSignal
  /** Resolves when the answer is complete or the connection broken. */
  readonly closed: Promise<void>
  /** What the bill will say; undefined when nothing is generated: then there is neither id nor bill. */
  usage: Usage | undefined
  finishReason = 'stop'
  nativeFinishReason: string | null = 'STOP'
  /** Sent instead of the right Content-Type. */
  contentType: string | undefined
  outlet: (bytes: Buffer) => Promise<void> = (bytes) => this.#send(bytes)
  #cut = false

  constructor(parts: ExchangeParts) {
    this.request = parts.request
    this.response = parts.response
    this.body = parts.body
    this.id = parts.id
    this.created = parts.created
    this.delays = parts.delays
    this.varied = parts.varied
    this.usage = expectedUsage(parts.body)
    const gone = new AbortController()
    this.gone = gone.signal
    const closed = Promise.withResolvers<void>()
    this.closed = closed.promise
    const settle = () => {
      if (!this.response.writableFinished && !this.#cut) gone.abort(new Error('The client hung up.'))
      closed.resolve()
    }
    // The client may have gone while it still sent the request.
    if (this.response.closed) settle()
    else this.response.once('close', settle)
  }

  /** Whether the fake itself broke the connection. */
  get wasCut(): boolean {
    return this.#cut
  }

  get streamed(): boolean {
    return this.body.stream === true
  }

  /** Sends status and headers at once. */
  start(status: number, headers: Record<string, string>): void {
    const all: Record<string, string> = this.usage
      ? { 'x-generation-id': this.id, ...headers }
      : { ...headers }
    if (this.contentType !== undefined) all['content-type'] = this.contentType
    this.response.writeHead(status, all)
    this.response.flushHeaders()
  }

  /** Resolves when the bytes have left this process: as one chunk of the body, which clients see as one read. */
  async write(data: string | Buffer): Promise<void> {
    await this.outlet(Buffer.from(data))
  }

  async end(): Promise<void> {
    await this.until(new Promise<void>((resolve) => this.response.end(resolve)))
  }

  /** A whole answer with its length. */
  async reply(
    status: number,
    contentType: string,
    text: string,
    headers: Record<string, string> = {},
  ): Promise<void> {
    const length = String(Buffer.byteLength(text))
    this.start(status, { 'content-type': contentType, 'content-length': length, ...headers })
    await this.write(text)
    await this.end()
  }

  async json(status: number, body: unknown, headers: Record<string, string> = {}): Promise<void> {
    await this.reply(status, 'application/json', JSON.stringify(body), headers)
  }

  /** Breaks the connection: with FIN after what was written, or with `reset` with RST. */
  cut(how: { reset?: boolean } = {}): void {
    this.#cut = true
    if (how.reset) this.request.socket.resetAndDestroy()
    else this.request.socket.destroy()
  }

  async wait(ms: number): Promise<void> {
    if (ms > 0) await wait(ms, undefined, { signal: this.gone })
  }

  /** Waits for a promise, but no longer than the client does. */
  async until<T>(promise: Promise<T>): Promise<T> {
    const gone = new Promise<never>((_, reject) => {
      if (this.gone.aborted) reject(this.gone.reason)
      this.gone.addEventListener('abort', () => reject(this.gone.reason), { once: true })
    })
    return await Promise.race([promise, gone])
  }

  async #send(bytes: Buffer): Promise<void> {
    await this.until(
      new Promise<void>((resolve, reject) => {
        this.response.write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
    )
  }
}
