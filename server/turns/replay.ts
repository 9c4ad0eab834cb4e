import type { TurnEvent } from '../contract/turns.ts'
import type { TurnRow } from '../store/turns.ts'
import type { Store } from '../store/store.ts'
import { eventFrame, portion } from './live-turn.ts'
import type { Message } from '../contract/messages.ts'

/** More than a turn can hand out between two savings, so made-up ids are above all that were sent. */
const beyondAnyId = 1_000_000

/** Frames to send, in order, as one string. */
interface Stored {
  text: string
  lastId: number
  /** Whether `done` is among them. */
  isOver: boolean
}

/** The saved frames of a turn after an id, in portions. */
export function* storedFrames(store: Store, turnId: string, afterId: number): Generator<Stored> {
  let lastId = afterId
  for (;;) {
    const piece = store.turns.nextEvents(turnId, lastId)
    if (!piece) return
    const frames = piece.body.split('\n\n').slice(0, -1)
    let text = ''
    for (const [index, frame] of frames.entries()) {
      const id = piece.firstId + index
      if (id <= lastId) continue
      text += `${frame}\n\n`
      if (text.length < portion && id < piece.lastId) continue
      yield { text, lastId: id, isOver: id === piece.lastId && isDone(frame) }
      text = ''
      lastId = id
    }
  }
}

/** Whoever has had `done` gets nothing more. */
export function hasReadTheEnd(store: Store, turnId: string, afterId: number): boolean {
  const last = store.turns.lastEventId(turnId)
  if (last === 0 || afterId < last) return false
  const body = store.turns.nextEvents(turnId, last - 1)?.body ?? ''
  return isDone(body.split('\n\n').at(-2))
}

function isDone(frame: string | undefined): boolean {
  return frame !== undefined && /^event: done$/m.test(frame)
}

/**
 * The end of a turn whose own last events were never saved, because the server was killed or because they
 * were kept a day and are gone: what came of it, from the database.
 */
export function madeUpEnd(row: TurnRow, message: Message, afterId: number): string {
  const events: TurnEvent[] = []
  if (row.error) events.push({ type: 'error', ...row.error })
  events.push({ type: 'done', message })
  const first = afterId >= beyondAnyId ? afterId + 1 : afterId + beyondAnyId
  return events.map((event, index) => eventFrame(first + index, event)).join('')
}
