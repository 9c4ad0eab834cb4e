import type { ConversationRow } from '../store/conversations.ts'
import type { MessageRow, MessageStore } from '../store/messages.ts'

/** Where on the shown branch to read; its end where neither is told. */
export interface BranchPlace {
  /** Up to and with this message. */
  end?: string | null
  /** What follows this message. */
  after?: string
  /** This message with what is before and after it. */
  around?: string
  limit: number
}

/** A part of the shown branch, oldest first. */
export interface BranchPage {
  rows: MessageRow[]
  /** Whether there is more before it, and after it. */
  hasOlder: boolean
  hasNewer: boolean
}

const nothing: BranchPage = { rows: [], hasOlder: false, hasNewer: false }

/** Reads a part of the branch that a conversation shows; empty for a place that is not on it. */
export function branchPage(
  messages: Pick<MessageStore, 'pathFrom' | 'pathAfter'>,
  { id, activeMessageId }: Pick<ConversationRow, 'id' | 'activeMessageId'>,
  { end = activeMessageId, after, around, limit }: BranchPlace,
): BranchPage {
  const from = after ?? around
  if (from === undefined) {
    const rows = end === null ? [] : messages.pathFrom(id, end, limit + 1)
    return { rows: rows.slice(0, limit).toReversed(), hasOlder: rows.length > limit, hasNewer: false }
  }
  // As much after the message as before it, and more before it where little follows.
  const wanted = around === undefined ? limit : Math.floor(limit / 2)
  const below = activeMessageId && messages.pathAfter(id, activeMessageId, from, wanted + 1)
  if (!below) return nothing
  const newer = below.slice(0, wanted)
  const hasNewer = below.length > wanted
  if (around === undefined) return { rows: newer, hasOlder: true, hasNewer }
  const above = branchPage(messages, { id, activeMessageId }, { end: around, limit: limit - newer.length })
  return { rows: [...above.rows, ...newer], hasOlder: above.hasOlder, hasNewer }
}
