import type { TurnEvent } from '../../server/contract/turns.ts'
import { EaselError, isAbort } from './easel-error.ts'
import { readEvents } from './read-events.ts'

export type Connection = 'connected' | 'reconnecting'

export interface Following {
  /** Opens the stream; called again after a cut as long as the turn's id is unknown. */
  start: () => Promise<Response>
  /** Opens the stream of a known turn after the event `after` (0: from the first). */
  resume: (turnId: string, after: number) => Promise<Response>
  /** Waits before the next try; rejects when the signal is aborted, may return early when the net is back. */
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** 0 to 1. */
  random: () => number
  /** How often a start is tried again when no answer comes at all. */
  startTries: number
  /** Milliseconds of silence after which a connection counts as dead. */
  silence: number
  onConnection?: ((connection: Connection) => void) | undefined
  signal?: AbortSignal | undefined
}

/**
 * A turn's events, each once and in order, until `done`. Cut connections are mended: before the turn is
 * known by sending the same request again (its idempotency key makes that free), after it by asking for
 * what came after the last event seen.
 * @throws EaselError when the server refuses, or when it cannot be reached before the turn began; the
 * signal's reason when aborted
 */
export async function* followTurn(following: Following): AsyncGenerator<TurnEvent> {
  const { signal, onConnection } = following
  let turnId: string | undefined
  let last = 0
  let failures = 0
  for (;;) {
    try {
      const response = turnId === undefined ? await following.start() : await following.resume(turnId, last)
      onConnection?.('connected')
      if (!response.body) throw new Error('the answer has no body')
      for await (const { id, event } of readEvents(response.body, following.silence)) {
        failures = 0
        if (id <= last) continue
        last = id
        if (event.type === 'turn') turnId = event.turn_id
        yield event
        if (event.type === 'done') return
      }
    } catch (thrown) {
      if (isAbort(thrown, signal) || isFinal(thrown)) throw thrown
      if (turnId === undefined && failures + 1 >= following.startTries) throw thrown
    }
    failures += 1
    onConnection?.('reconnecting')
    await following.sleep(pause(failures, following.random()), signal)
  }
}

/** An answer that will not change by asking again. */
function isFinal(thrown: unknown): boolean {
  if (!(thrown instanceof EaselError)) return false
  return thrown.status !== 0 && thrown.status !== 429 && ![502, 503, 504].includes(thrown.status)
}

/** Milliseconds before the n-th new try: a quarter of a second, doubling up to ten, spread by a quarter. */
export function pause(failures: number, random: number): number {
  return Math.round(Math.min(10_000, 250 * 2 ** (failures - 1)) * (0.75 + random / 2))
}
