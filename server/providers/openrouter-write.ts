import { Problem } from '../errors.ts'
import { contentPolicyProblem, unreadableAnswer } from './openrouter-errors.ts'
import type { Line } from './openrouter-line.ts'
import { spentIn, upstreamIdIn, wasBlocked } from './openrouter-reply.ts'
import { writeBody } from './openrouter-request.ts'
import type { WriteEvent, Writer, WriteRequest } from './provider.ts'
import { StreamedAnswer } from './streamed-answer.ts'
import type { BodyReader, Exchange, Head } from './upstream.ts'

/** `sees` tells whether a model takes pictures; one that does not is given their descriptions. */
export function openrouterWriter(line: Line, sees: (model: string) => boolean): Writer {
  return { write: (request) => new Writing(line, request, sees(request.model)) }
}

type Next = IteratorResult<WriteEvent, undefined>

/**
 * One call, sent when its first event is asked for; events are asked for one after another. It is written out
 * by hand since an async generator's further awaits cost as much per token as the parsing.
 */
class Writing implements AsyncIterableIterator<WriteEvent, undefined> {
  readonly #line: Line
  readonly #request: WriteRequest
  readonly #sees: boolean
  readonly #answer = new StreamedAnswer()
  #exchange: Exchange | undefined
  #upstreamId: string | undefined
  /** Whoever waits for the next event. */
  #waiting: { resolve: (next: Next) => void; reject: (reason: unknown) => void } | undefined
  /** Set when no more text comes; a failure is thrown behind the text. */
  #over: { failure?: { reason: unknown } } | undefined
  #told = false

  constructor(line: Line, request: WriteRequest, sees: boolean) {
    this.#line = line
    this.#request = request
    this.#sees = sees
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Next> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      if (!this.#exchange && !this.#over) this.#begin()
      this.#tell()
    })
  }

  /** Called when the reader stops early. */
  return(): Promise<Next> {
    this.#told = true
    this.#over ??= {}
    this.#exchange?.stop()
    return Promise.resolve({ done: true, value: undefined })
  }

  #begin(): void {
    const request = this.#request
    if (request.signal.aborted) return this.#finish({ failure: { reason: request.signal.reason } })
    const answer = this.#answer
    this.#exchange = this.#line.ask(request, writeBody(request, this.#sees), (head, exchange) =>
      this.#reader(head, exchange),
    )
    this.#exchange.ended
      .then(() => answer.end())
      .then(
        () => this.#finish({}),
        // A connection that breaks behind the last word takes nothing away.
        (reason: unknown) =>
          this.#finish(isWhole(answer) && !request.signal.aborted ? {} : { failure: { reason } }),
      )
  }

  #reader(head: Head, exchange: Exchange): BodyReader {
    const answer = this.#answer
    const { model, purpose } = this.#request
    this.#learnId(head.headers['x-generation-id'])
    return {
      push: (chunk) => {
        const before = answer.events
        answer.push(chunk)
        // Comments keep the connection alive but are no progress: they may come for ever. What is not a
        // chat has one deadline for the whole of it.
        if (answer.events > before && purpose === 'chat') exchange.extend()
        this.#learnId(answer.reply.id)
        if (answer.reply.error !== undefined) throw this.#line.problem(model, head, answer.reply.error)
        if (answer.done) this.#finish({})
        else this.#tell()
        return undefined
      },
    }
  }

  #learnId(found: unknown): void {
    if (this.#upstreamId !== undefined) return
    this.#upstreamId = upstreamIdIn(found)
    if (this.#upstreamId !== undefined) this.#request.onUpstreamId?.(this.#upstreamId)
  }

  #finish(over: { failure?: { reason: unknown } }): void {
    this.#over ??= over
    // What follows a finished answer is a few bytes; reading them keeps the connection for the next call.
    if (!this.#answer.done) this.#exchange?.stop()
    this.#tell()
  }

  /** Gives the one who waits what there is. */
  #tell(): void {
    const waiting = this.#waiting
    if (!waiting) return
    const text = this.#told ? '' : this.#answer.takeText()
    if (text === '' && !this.#over) return
    this.#waiting = undefined
    if (text !== '') return waiting.resolve({ done: false, value: { type: 'text', text } })
    if (this.#told) return waiting.resolve({ done: true, value: undefined })
    this.#told = true
    try {
      waiting.resolve({ done: false, value: this.#end() })
    } catch (error) {
      waiting.reject(error)
    }
  }

  #end(): WriteEvent {
    if (this.#over?.failure) throw this.#over.failure.reason
    const { reply } = this.#answer
    this.#learnId(reply.id)
    if (reply.error !== undefined || reply.finish === 'error') {
      throw this.#line.problem(this.#request.model, { status: 200, headers: {} }, reply.error ?? {})
    }
    const finish = finishOf(this.#answer)
    return { type: 'end', spent: spentIn(reply.usage, this.#upstreamId), finish }
  }
}

function isWhole({ done, reply }: StreamedAnswer): boolean {
  return (done || reply.finish !== undefined) && reply.error === undefined
}

function finishOf(answer: StreamedAnswer): 'stop' | 'length' {
  const { reply, sawText } = answer
  if (!isWhole(answer)) throw unreadableAnswer('it was cut off')
  if (reply.finish === 'content_filter' || (!sawText && wasBlocked(reply))) throw contentPolicyProblem()
  if (!sawText) {
    throw new Problem('empty_response', 'The model answered nothing. Try again or choose another model.')
  }
  return reply.finish === 'length' ? 'length' : 'stop'
}
