import { Problem } from '../errors.ts'
import { contentPolicyProblem, unreadableAnswer } from './openrouter-errors.ts'
import type { Line } from './openrouter-line.ts'
import { spentIn, upstreamIdIn, wasBlocked } from './openrouter-reply.ts'
import { writeBody } from './openrouter-request.ts'
import type { WriteEvent, Writer, WriteRequest } from './provider.ts'
import { StreamedAnswer } from './streamed-answer.ts'

/** `sees` tells whether a model takes pictures; one that does not is given their descriptions. */
export function openrouterWriter(line: Line, sees: (model: string) => boolean): Writer {
  return { write: (request) => write(line, request, sees(request.model)) }
}

async function* write(line: Line, request: WriteRequest, sees: boolean): AsyncGenerator<WriteEvent> {
  request.signal.throwIfAborted()
  const answer = new StreamedAnswer()
  let upstreamId: string | undefined
  let wake: (() => void) | undefined
  let over = false
  let failure: { reason: unknown } | undefined

  function learnId(found: unknown): void {
    if (upstreamId !== undefined) return
    upstreamId = upstreamIdIn(found)
    if (upstreamId !== undefined) request.onUpstreamId?.(upstreamId)
  }
  function finish(reason?: { reason: unknown }): void {
    if (over) return
    failure = reason
    over = true
    wake?.()
  }

  const exchange = line.ask(request, writeBody(request, sees), (head, exchange) => {
    learnId(head.headers['x-generation-id'])
    return {
      push(chunk) {
        const before = answer.events
        answer.push(chunk)
        // Comments keep the connection alive but are no progress: they may come for ever. What is not a
        // chat has one deadline for the whole of it.
        if (answer.events > before && request.purpose === 'chat') exchange.extend()
        learnId(answer.reply.id)
        if (answer.reply.error !== undefined) throw line.problem(request.model, head, answer.reply.error)
        if (answer.done) finish()
        else wake?.()
        return undefined
      },
    }
  })
  exchange.ended
    .then(() => answer.end())
    .then(
      () => finish(),
      // A connection that breaks behind the last word takes nothing away.
      (reason: unknown) => finish(isWhole(answer) && !request.signal.aborted ? undefined : { reason }),
    )
  try {
    for (;;) {
      const text = answer.takeText()
      if (text !== '') yield { type: 'text', text }
      else if (over) break
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
    if (failure) throw failure.reason
    learnId(answer.reply.id)
    if (answer.reply.error !== undefined || answer.reply.finish === 'error') {
      throw line.problem(request.model, { status: 200, headers: {} }, answer.reply.error ?? {})
    }
    const finished = finishOf(answer)
    yield { type: 'end', spent: spentIn(answer.reply.usage, upstreamId), finish: finished }
  } finally {
    // What follows a finished answer is a few bytes; reading them keeps the connection for the next call.
    if (!answer.done) exchange.stop()
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
