import type { TurnEvent } from '../contract/turns.ts'
import type { TurnRow } from '../store/turns.ts'
import type { Store } from '../store/store.ts'
import { eventFrame } from './live-turn.ts'
import type { Message } from '../contract/messages.ts'

/** More than a turn can hand out between two savings, so made-up ids are above all that were sent. */
const beyondAnyId = 1_000_000

interface Stored {
  /** Frames to send, in order, as one string. */
  text: string
  lastId: number
  /** Whether `done` is among what was sent by now. */
  isOver: boolean
}

/** The saved frames of a turn after an id. */
export function storedFrames(store: Store, turnId: string, afterId: number): Stored {
  let text = ''
  let lastId = afterId
  let isOver = false
  for (const piece of store.turns.eventsAfter(turnId, afterId)) {
    const frames = piece.body.split('\n\n').slice(0, -1)
    const fresh = frames.slice(Math.max(0, afterId + 1 - piece.firstId))
    if (fresh.length > 0) text += `${fresh.join('\n\n')}\n\n`
    lastId = piece.lastId
    isOver = isDone(frames.at(-1))
  }
  return { text, lastId, isOver: isOver || (text === '' && hasReadTheEnd(store, turnId, afterId)) }
}

/** Whoever has had `done` gets nothing more. */
function hasReadTheEnd(store: Store, turnId: string, afterId: number): boolean {
  const last = store.turns.lastEventId(turnId)
  if (last === 0 || afterId < last) return false
  const body = store.turns.eventsAfter(turnId, last - 1).at(-1)?.body ?? ''
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
