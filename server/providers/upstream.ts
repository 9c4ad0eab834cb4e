import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher, Pool } from 'undici'
import { Problem } from '../errors.ts'
import { Patience } from './patience.ts'

export interface UpstreamOptions {
  /** Scheme, host and path before every path that is asked for; nothing else is ever connected to. */
  baseUrl: string
  headers: Readonly<Record<string, string>>
  /** The code and the name that its failures bear. */
  code: 'openrouter_error' | 'provider_error'
  service: string
  connectMs?: number
  /** How long a body may be silent once it has begun. */
  silenceMs?: number
  maxBytes?: number
}

interface Ask {
  method: 'GET' | 'POST'
  /** Begins with a slash; goes behind the base URL. */
  path: string
  /** JSON. */
  body?: string
  /** Milliseconds until the whole answer is there, `extend` aside. */
  deadlineMs: number
  signal: AbortSignal
  /** Called once, when the status and the headers are there; what it throws ends the exchange. */
  onHead: (head: Head, exchange: Exchange) => BodyReader
}

export interface Head {
  status: number
  headers: IncomingHttpHeaders
}

export interface BodyReader {
  /** Takes the next bytes; no more come before a promise is resolved. What it throws ends the exchange. */
  push(chunk: Buffer): Promise<void> | undefined
}

export interface Exchange {
  /**
   * Resolves when the whole body was read, or after `stop`.
   * Rejects with a Problem (`timeout`; else the service's code with reason `unavailable` or `bad_response`),
   * with what a reader threw, or with the signal's own reason.
   */
  readonly ended: Promise<void>
  /** Starts the deadline anew. */
  extend(): void
  /** Reads no further and drops the connection. */
  stop(): void
}

/** One service: its connections, its time limits, and its failures as Problems. */
export interface Upstream {
  /**
   * Sends one request. It is sent again, once, only when no connection came about; never after a byte of it
   * may have left.
   */
  begin(ask: Ask): Exchange
  close(): Promise<void>
}

const reconnectAfterMs = 100

/** Opens nothing yet: undici (50 ms of start-up) is loaded by the first request. */
export function openUpstream(options: UpstreamOptions): Upstream {
  const base = new URL(options.baseUrl)
  const prefix = base.pathname.replace(/\/+$/, '')
  const limits: Limits = {
    silenceMs: options.silenceMs ?? 30_000,
    maxBytes: options.maxBytes ?? 60_000_000,
    code: options.code,
    service: options.service,
  }
  let pool: Pool | undefined
  let opening: Promise<Pool> | undefined

  async function open(): Promise<Pool> {
    const { Pool } = await import('undici')
    pool = new Pool(base.origin, {
      connect: { timeout: options.connectMs ?? 10_000 },
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      // Our own timers hold: undici's know nothing of keep-alive comments or of a whole call.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    return pool
  }

  return {
    begin(ask) {
      const call = new Call(ask, limits)
      const request: Dispatcher.DispatchOptions = {
        method: ask.method,
        path: prefix + ask.path,
        headers: ask.body === undefined ? options.headers : { ...options.headers, ...jsonBody },
        ...(ask.body === undefined ? {} : { body: ask.body }),
      }
      const send = (to: Pool): void => call.sendBy(() => to.dispatch(request, call))
      if (pool) send(pool)
      else (opening ??= open()).then(send, (error: unknown) => call.fail(error))
      return call
    },
    async close() {
      await (await opening)?.destroy()
    },
  }
}

const jsonBody = { 'content-type': 'application/json' }

interface Limits {
  silenceMs: number
  maxBytes: number
  code: 'openrouter_error' | 'provider_error'
  service: string
}

/** One request and its answer, from the first attempt to connect until the last byte. */
class Call implements Exchange, Dispatcher.DispatchHandler {
  readonly ended: Promise<void>
  readonly #ask: Ask
  readonly #limits: Limits
  readonly #deadline: Patience
  #silence: Patience | undefined
  #settle: { resolve: () => void; reject: (reason: unknown) => void } | undefined
  #send: (() => void) | undefined
  #controller: Dispatcher.DispatchController | undefined
  #attempts = 0
  #reader: BodyReader | undefined
  #received = 0
  /** The reader's unfinished work; the body waits for it. */
  #pending: Promise<void> | undefined
  #complete = false

  constructor(ask: Ask, limits: Limits) {
    this.#ask = ask
    this.#limits = limits
    this.ended = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.#deadline = new Patience(ask.deadlineMs, () => this.fail(this.#timeout()))
    ask.signal.addEventListener('abort', this.#onAbort, { once: true })
    if (ask.signal.aborted) this.#onAbort()
  }

  readonly #onAbort = (): void => this.fail(this.#ask.signal.reason)

  sendBy(send: () => void): void {
    this.#send = send
    this.#attempt()
  }

  extend(): void {
    this.#deadline.renew()
  }

  stop(): void {
    this.#finish()?.resolve()
    this.#controller?.abort(new Error('stopped'))
  }

  fail(reason: unknown): void {
    this.#finish()?.reject(reason)
    this.#controller?.abort(new Error('given up'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (!this.#settle) controller.abort(new Error('given up'))
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (!this.#settle || status < 200) return
    this.#guarded(() => {
      const encoding = headers['content-encoding']
      if (encoding !== undefined && encoding !== 'identity') {
        throw this.#broken(`the answer is packed (${encoding})`)
      }
      this.#reader = this.#ask.onHead({ status, headers }, this)
      return undefined
    })
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const reader = this.#reader
    if (!this.#settle || !reader) return
    if (this.#silence) this.#silence.renew()
    else this.#silence = new Patience(this.#limits.silenceMs, () => this.fail(this.#timeout()))
    this.#received += chunk.length
    if (this.#received > this.#limits.maxBytes) {
      return this.fail(this.#broken(`the answer is longer than ${this.#limits.maxBytes} bytes`))
    }
    // Bytes come despite the pause when the other side has closed; then they queue up behind it.
    const pending = this.#pending
    this.#guarded(() => (pending ? pending.then(() => reader.push(chunk)) : reader.push(chunk)))
  }

  onResponseEnd(): void {
    this.#complete = true
    if (!this.#pending) this.#succeed()
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (!this.#settle) return
    if (this.#controller)
      return this.fail(this.#reader ? this.#broken('it was cut off', error) : this.#lost(error))
    if (this.#attempts === 1 && !isConnectTimeout(error)) {
      setTimeout(() => this.#attempt(), reconnectAfterMs)
      return
    }
    this.fail(this.#unreachable(error))
  }

  #attempt(): void {
    if (!this.#settle) return
    this.#attempts += 1
    this.#guarded(() => {
      this.#send?.()
      return undefined
    })
  }

  /** Does the reader's work, holds the body back while it lasts, and ends the call when it fails. */
  #guarded(work: () => Promise<void> | undefined): void {
    let wait: Promise<void> | undefined
    try {
      wait = work()
    } catch (error) {
      return this.fail(error)
    }
    if (!wait) return
    this.#pending = wait
    this.#controller?.pause()
    wait.then(
      () => this.#resume(wait),
      (error: unknown) => this.fail(error),
    )
  }

  #resume(done: Promise<void>): void {
    if (this.#pending !== done) return
    this.#pending = undefined
    if (this.#complete) this.#succeed()
    else if (this.#settle) {
      this.#silence?.renew()
      this.#controller?.resume()
    }
  }

  #finish(): { resolve: () => void; reject: (reason: unknown) => void } | undefined {
    const settle = this.#settle
    this.#settle = undefined
    this.#deadline.end()
    this.#silence?.end()
    this.#ask.signal.removeEventListener('abort', this.#onAbort)
    return settle
  }

  /** Waits for the turn in which undici frees the connection, so that a call that follows at once may have it. */
  #succeed(): void {
    queueMicrotask(() => setImmediate(() => this.#finish()?.resolve()))
  }

  #timeout(): Problem {
    return new Problem('timeout', `${this.#limits.service} did not answer in time (timeout). Try again.`)
  }

  #broken(why: string, cause?: Error): Problem {
    const { code, service } = this.#limits
    const message = `The answer of ${service} could not be used: ${why}. Try again.`
    return new Problem(code, message, { reason: 'bad_response', cause })
  }

  #lost(cause: Error): Problem {
    const { code, service } = this.#limits
    const message = `Service unavailable: ${service} closed the connection without an answer. Try again in a moment.`
    return new Problem(code, message, { reason: 'unavailable', cause })
  }

  #unreachable(cause: Error): Problem {
    const { code, service } = this.#limits
    const message = `Service unavailable: ${service} could not be reached. Check the network and the configured address, then try again.`
    return new Problem(code, message, { reason: 'unavailable', cause })
  }
}

function isConnectTimeout(error: Error): boolean {
  return 'code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT'
}
