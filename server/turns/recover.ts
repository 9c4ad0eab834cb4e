import type { Logger } from 'pino'
import { imageMarkdown } from '../images/present-image.ts'
import type { SpooledPicture } from '../providers/provider.ts'
import type { GenerationRow } from '../store/generations.ts'
import type { NewImage } from '../store/image-row.ts'
import type { OwnerLock } from '../store/owner-lock.ts'
import type { TurnEnd, TurnRow } from '../store/turns.ts'
import { newImages, storedSettlement, type ReceivedNote } from './image-draft.ts'
import { interruptedError, lostAside } from './interrupted-error.ts'
import type { AsideAnswer } from './paint-aside.ts'
import type { PicturePlace } from './pictures.ts'
import type { TurnParts } from './turn.ts'

/**
 * Takes up what processes left behind that do not live any more: pictures that were received are kept and
 * recorded, what was reserved is given back, half pictures are removed, and no turn goes on reading
 * `running`. Also takes up what a living process had to leave because its disk was full. One thing that
 * cannot be taken up is logged and does not stop the others. Where another process is at it already, that
 * one is waited for, so many milliseconds at the most.
 */
export async function recover(parts: TurnParts, owners: OwnerLock, patienceMs: number): Promise<void> {
  const inTime = await owners.inTurn(() => takeUpAll(parts, owners), patienceMs)
  if (!inTime && patienceMs > 0) parts.log.warn('another process is still taking up what was left')
}

async function takeUpAll(parts: TurnParts, owners: OwnerLock): Promise<void> {
  const { store, log } = parts
  const dead = new Set(
    [
      ...store.generations.openOwners(),
      ...store.turns.runningOwners(),
      ...store.idempotency.waitingOwners(),
    ].filter((owner) => !owners.isAlive(owner)),
  )
  for (const owner of dead) await takeUp(parts, owner, owners)
  if (dead.size > 0) log.info({ owners: dead.size }, 'what stopped servers had left is taken up')
}

async function takeUp(parts: TurnParts, owner: string, owners: OwnerLock): Promise<void> {
  const { store, log } = parts
  const received = new Map<string | null, Finished[]>()
  const places = new Map<string, PicturePlace>()
  for (const generation of store.generations.openOf(owner)) {
    if (generation.kind === 'image') places.set(generation.turnId ?? generation.userId, placeOf(generation))
    const finished = await finishReceived(parts, generation)
    if (finished) received.set(generation.turnId, [...(received.get(generation.turnId) ?? []), finished])
  }
  for (const turn of store.turns.runningOf(owner)) {
    await orLog(log, { turn: turn.id }, () => finishTurn(parts, turn, received.get(turn.id) ?? []))
    received.delete(turn.id)
  }
  // Received for a dialog, or for a turn that had already told its user that it failed.
  for (const finished of [...received.values()].flat()) {
    await orLog(log, { generation: finished.generation.id }, () => recordLate(parts, finished))
  }
  store.idempotency.releaseUnsent(owner)
  // A received picture that cannot be kept now will be the answer yet.
  if (store.generations.openOf(owner).length === 0)
    store.idempotency.giveUp(owner, 500, JSON.stringify(lostAside))
  for (const place of places.values()) {
    await orLog(log, { ...place }, () => parts.pictures.sweep(place, sweepBefore(owners), stillNeeded(parts)))
  }
}

async function orLog(log: Logger, what: object, work: () => void | Promise<void>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    log.error({ ...what, err: cause }, 'what a stopped server left could not be taken up')
  }
}

function placeOf(generation: GenerationRow): PicturePlace {
  return generation.turnId !== null && generation.conversationId !== null
    ? { conversationId: generation.conversationId }
    : { userId: generation.userId }
}

/** How long a picture that arrives for a living process may be silent, at the most. */
const longestSilenceMs = 2 * 60 * 1000

/** Half pictures that were last written before this are a dead process's. */
export function sweepBefore(owners: Pick<OwnerLock, 'since' | 'livingSince'>): number {
  return Math.max(owners.livingSince(), owners.since - longestSilenceMs)
}

/** Pictures that were received and still wait for their name. */
export function stillNeeded({ store }: Pick<TurnParts, 'store'>): SpooledPicture[] {
  return store.generations.received().flatMap((note) => readNote(note).pictures)
}

/** Written by this server, and by nobody else. */
function readNote(note: string): ReceivedNote {
  return JSON.parse(note) as ReceivedNote
}

interface Finished {
  generation: GenerationRow
  note: ReceivedNote
  images: NewImage[]
}

/** Keeps the pictures of a received call; every other open call is settled without a charge. */
async function finishReceived(parts: TurnParts, generation: GenerationRow): Promise<Finished | undefined> {
  if (generation.state !== 'received' || generation.received === null) {
    // A call that was reserved never left; one that was running may be billed, and that is the operator's.
    settleInterrupted(parts, generation, generation.state === 'running' ? generation.reservedMicro : 0)
    return undefined
  }
  const note = readNote(generation.received)
  try {
    const kept = []
    for (const spooled of note.pictures) kept.push(await parts.pictures.keep(spooled))
    return { generation, note, images: newImages(note, generation.id, kept, parts.newId, parts.clock.now()) }
  } catch (cause) {
    parts.log.error({ err: cause, generation: generation.id }, 'a received picture could not be kept')
    // Somebody removed the file. For any other fault the picture waits where it is, and the ledger with it.
    if (isGone(cause)) settleInterrupted(parts, generation, note.costMicro)
    return undefined
  }
}

function isGone(fault: unknown): boolean {
  return fault instanceof Error && (('code' in fault && fault.code === 'ENOENT') || isGone(fault.cause))
}

function settleInterrupted(parts: TurnParts, generation: GenerationRow, operatorMicro: number): void {
  parts.store.generations.settle(generation.id, {
    state: 'interrupted',
    costMicro: 0,
    operatorMicro,
    promptTokens: 0,
    completionTokens: 0,
    errorCode: null,
    now: parts.clock.now(),
  })
}

/** Ends a turn that nobody runs: complete where all its pictures are there, else interrupted with what came. */
function finishTurn(parts: TurnParts, turn: TurnRow, finished: readonly Finished[]): void {
  const { store, clock, log } = parts
  const now = clock.now()
  const message = store.messages.find(turn.conversationId, turn.modelMessageId)
  const earlier = store.images.byMessages([turn.modelMessageId]).get(turn.modelMessageId) ?? []
  const images = finished.flatMap((call) => call.images)
  const all = [...earlier, ...images]
  const ended = new Set(finished.map((call) => call.generation.id))
  const calls = store.generations.ofTurn(turn.id).filter((call) => call.kind === 'image')
  const isWhole =
    all.length > 0 &&
    calls.every((call) => call.state === 'stored' || call.state === 'failed' || ended.has(call.id))
  // What was saved of the text may lack the pictures that were recorded since.
  const saved = message?.text ?? ''
  const missing = all.map(imageMarkdown).filter((markdown) => !saved.includes(markdown.trim()))
  const words = finished.map((call) => call.note.text).join('')
  const cost = [...calls.map((call) => call.costMicro), ...finished.map((call) => call.note.costMicro)]
  const end: TurnEnd = {
    turnId: turn.id,
    messageId: turn.modelMessageId,
    state: isWhole ? 'complete' : 'interrupted',
    message: {
      text: saved + missing.join('') + words,
      state: isWhole ? 'complete' : 'interrupted',
      model: finished[0]?.note.model ?? null,
      warning: null,
      error: isWhole ? null : interruptedError,
      costMicro: cost.reduce((sum, micro) => sum + micro, 0) || null,
    },
    images,
    settlements: finished.map(({ generation, note }) => ({
      generationId: generation.id,
      settlement: storedSettlement(note, now),
    })),
    now,
  }
  store.together(() => store.turns.finish(end))
  log.warn({ turn: turn.id }, 'a turn that a stopped server left was ended')
}

/** A picture that comes after its request was answered: a message gets it as it is, a dialog under its key. */
function recordLate({ store, clock }: TurnParts, { generation, note, images }: Finished): void {
  const settlement = storedSettlement(note, clock.now())
  store.together(() => {
    store.turns.recordImages(images, generation.id, settlement)
    for (const image of images) {
      if (image.messageId !== null)
        store.messages.addLate(image.messageId, imageMarkdown(image), image.costMicro)
    }
    if (!note.aside) return
    const answer: AsideAnswer = {
      images: images.map((image) => image.id),
      text: note.text,
      model: note.model,
      refinedPrompt: note.aside.refinedPrompt,
      warning: undefined,
    }
    store.idempotency.keepAnswer(generation.userId, note.aside.key, 200, JSON.stringify(answer))
  })
}
