import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { TurnEvent } from '../../server/contract/turns.ts'

/** One event of a turn and its number within the turn. */
export interface NumberedEvent {
  id: number
  event: TurnEvent
}

/** Longer than any event may be; a stream that exceeds it is not Easel's. */
const longestEvent = 8_000_000

/**
 * Reads a turn's server-sent events as they arrive. Ends when the body ends.
 * @param silence milliseconds without a byte after which the connection counts as dead (the server sends a
 * comment every 15 s)
 * @throws whatever the body throws when it is cut, or an Error after `silence` or for an unreadable event
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  silence: number,
): AsyncGenerator<NumberedEvent> {
  const ready: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (event) => ready.push(event), maxBufferSize: longestEvent })
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await withinTime(reader.read(), silence)
      if (done) return
      parser.feed(decoder.decode(value, { stream: true }))
      for (const message of ready.splice(0)) {
        const event = decode(message)
        if (event) yield event
      }
    }
  } finally {
    // The connection is given up; that a body which broke cannot be cancelled cleanly is no news.
    reader.cancel().catch(() => undefined)
  }
}

function decode(message: EventSourceMessage): NumberedEvent | undefined {
  const id = Number(message.id)
  if (!message.event || !Number.isSafeInteger(id) || id < 1) return undefined
  // The event's name is its type, and its data the rest of the contract's union.
  const event: TurnEvent = { ...JSON.parse(message.data), type: message.event }
  return { id, event }
}

function withinTime<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing came for ${milliseconds} ms`)), milliseconds)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
