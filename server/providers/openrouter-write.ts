import { Problem } from '../errors.ts'
import { contentPolicyProblem, unreadableAnswer } from './openrouter-errors.ts'
import type { Line } from './openrouter-line.ts'
import { spentIn, upstreamIdIn, wasBlocked } from './openrouter-reply.ts'
import { writeBody } from './openrouter-request.ts'
import type { Writer, WriteRequest, Written } from './provider.ts'
import { StreamedAnswer } from './streamed-answer.ts'
import type { BodyReader, Exchange, Head } from './upstream.ts'

/** `sees` tells whether a model takes pictures; one that does not is given their descriptions. */
export function openrouterWriter(line: Line, sees: (model: string) => boolean): Writer {
  return { write: (request) => new Writing(line, request).run(sees(request.model)) }
}

/** One call. */
class Writing {
  readonly #line: Line
  readonly #request: WriteRequest
  readonly #answer = new StreamedAnswer()
  /** Resolves when the answer said that it is over; its connection may go on for a few bytes. */
  readonly #said = Promise.withResolvers<void>()
  #upstreamId: string | undefined

  constructor(line: Line, request: WriteRequest) {
    this.#line = line
    this.#request = request
  }

  async run(sees: boolean): Promise<Written> {
    const request = this.#request
    const answer = this.#answer
    request.signal.throwIfAborted()
    const exchange = this.#line.ask(request, writeBody(request, sees), (head, exchange) =>
      this.#reader(head, exchange),
    )
    try {
      await Promise.race([this.#said.promise, exchange.ended.then(() => answer.end())])
    } catch (reason) {
      // A connection that breaks behind the last word takes nothing away.
      if (!isWhole(answer) || request.signal.aborted) throw reason
    } finally {
      // What follows a finished answer is a few bytes; reading them keeps the connection for the next call.
      if (!answer.done) exchange.stop()
      if (!request.signal.aborted) this.#tell()
    }
    return this.#written()
  }

  #reader(head: Head, exchange: Exchange): BodyReader {
    const answer = this.#answer
    const { model, purpose } = this.#request
    this.#learnId(head.headers['x-generation-id'])
    return {
      push: (chunk) => {
        const before = answer.events
        try {
          answer.push(chunk)
        } finally {
          // What came before the fault is told before it.
          this.#tell()
        }
        // Comments keep the connection alive but are no progress: they may come for ever. What is not a
        // chat has one deadline for the whole of it.
        if (answer.events > before && purpose === 'chat') exchange.extend()
        this.#learnId(answer.reply.id)
        if (answer.reply.error !== undefined) throw this.#line.problem(model, head, answer.reply.error)
        if (answer.done) this.#said.resolve()
        return undefined
      },
    }
  }

  #learnId(found: unknown): void {
    if (this.#upstreamId !== undefined) return
    this.#upstreamId = upstreamIdIn(found)
    if (this.#upstreamId !== undefined) this.#request.onUpstreamId?.(this.#upstreamId)
  }

  #tell(): void {
    const text = this.#answer.takeText()
    if (text !== '') this.#request.onText(text)
  }

  #written(): Written {
    const { reply } = this.#answer
    this.#learnId(reply.id)
    if (reply.error !== undefined || reply.finish === 'error') {
      throw this.#line.problem(this.#request.model, { status: 200, headers: {} }, reply.error ?? {})
    }
    const finish = finishOf(this.#answer)
    return { spent: spentIn(reply.usage, this.#upstreamId), finish }
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
