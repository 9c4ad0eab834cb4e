import { setImmediate } from 'node:timers/promises'
import type { CopiedConversation, CopiedImage, CopiedMessage, CopiedPiece } from '../store/copies.ts'
import type { OwnerLock } from '../store/owner-lock.ts'
import type { Store } from '../store/store.ts'

/** All that a fork or an import writes. */
export interface CopiedRows {
  conversation: CopiedConversation
  /** Parents before their children. */
  messages: CopiedMessage[]
  images: CopiedImage[]
  attachments: { messageId: string; imageIds: string[] }[]
}

/** So much is written or removed at once: a few milliseconds of work. */
const rowsAtOnce = 100
const charactersAtOnce = 256 * 1024

/**
 * Writes a conversation whole or not at all, although others get their turn in between: nobody sees it before
 * its last piece, and what a stopped process leaves of it is taken away.
 */
export async function writeInPieces(store: Store, rows: CopiedRows, now: number): Promise<void> {
  const { id } = rows.conversation
  try {
    store.copies.begin(rows.conversation)
    for (const piece of piecesOf(rows)) {
      store.copies.add(piece, now)
      await setImmediate()
    }
    store.copies.show(id)
    store.copies.letGo(id)
  } catch (error) {
    await removeInPieces(store, id)
    throw error
  }
}

/** Takes a hidden conversation away; the caller removes the files. */
export async function removeInPieces(store: Store, id: string): Promise<void> {
  try {
    while (store.copies.removeSome(id, rowsAtOnce)) await setImmediate()
  } finally {
    store.copies.letGo(id)
  }
}

/** Takes away what was left half written or half removed, by a process that stopped or for a fault, files too. */
export async function removeHidden(
  store: Store,
  files: { removeConversation(id: string): Promise<void> },
  owners: Pick<OwnerLock, 'isAlive'>,
): Promise<void> {
  for (const { id, other } of store.copies.hidden()) {
    if (other !== undefined && owners.isAlive(other)) continue
    await removeInPieces(store, id)
    await files.removeConversation(id)
  }
}

/** Messages, then the pictures on them, then what was attached of those. */
function* piecesOf({ messages, images, attachments }: CopiedRows): Generator<CopiedPiece> {
  const nothing = { messages: [], images: [], attachments: [] }
  for (const some of portions(messages, ({ text }) => text.length)) yield { ...nothing, messages: some }
  for (const some of portions(images)) yield { ...nothing, images: some }
  for (const some of portions(attachments)) yield { ...nothing, attachments: some }
}

function* portions<Row>(
  rows: readonly Row[],
  charactersOf: (row: Row) => number = () => 0,
): Generator<Row[]> {
  let some: Row[] = []
  let characters = 0
  for (const row of rows) {
    some.push(row)
    characters += charactersOf(row)
    if (some.length < rowsAtOnce && characters < charactersAtOnce) continue
    yield some
    some = []
    characters = 0
  }
  if (some.length > 0) yield some
}
