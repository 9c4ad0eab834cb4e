import type { TurnRow } from '../store/turns.ts'
import type { GenerationRow } from '../store/generations.ts'
import type { NewImage } from '../store/images.ts'
import type { OwnerLock } from '../store/owner-lock.ts'
import { imageMarkdown } from '../images/present-image.ts'
import { newImages, storedSettlement, type ReceivedNote } from './image-draft.ts'
import type { AsideAnswer } from './paint-aside.ts'
import type { TurnParts } from './turn.ts'

/**
 * Takes up what processes left behind that do not live any more: pictures that were received are kept and
 * recorded, what they had reserved is given back, and no turn goes on reading `running`.
 */
export async function recover(parts: TurnParts, owners: OwnerLock): Promise<void> {
  const { store } = parts
  const dead = new Set(
    [...store.generations.openOwners(), ...store.turns.running().map((turn) => turn.owner)].filter(
      (owner) => !owners.isAlive(owner),
    ),
  )
  for (const owner of dead) await takeUp(parts, owner)
  owners.sweep()
}

/** Also for this process's own calls that were received and could not be kept at first. */
async function takeUp(parts: TurnParts, owner: string): Promise<void> {
  const { store, clock, log } = parts
  const received = new Map<string | null, Finished[]>()
  for (const generation of store.generations.openOf(owner)) {
    const finished = await finishReceived(parts, generation)
    if (finished) {
      const list = received.get(generation.turnId) ?? []
      received.set(generation.turnId, [...list, finished])
    } else if (generation.state !== 'received') {
      settleInterrupted(parts, generation)
    }
  }
  for (const turn of store.turns.runningOf(owner)) {
    finishTurn(parts, turn, received.get(turn.id) ?? [])
    received.delete(turn.id)
    log.warn({ turn: turn.id }, 'a turn that a stopped server left was ended')
  }
  // Received for a dialog, or for a turn that had already told its user that it failed.
  for (const list of received.values()) {
    for (const { images, generation, note } of list) {
      store.turns.recordImages(images, generation.id, storedSettlement(note, clock.now()))
      if (note.aside) {
        const answer: AsideAnswer = {
          images: images.map((image) => image.id),
          text: note.text,
          model: note.model,
          refinedPrompt: note.aside.refinedPrompt,
          warning: undefined,
        }
        store.idempotency.keepAnswer(generation.userId, note.aside.key, 200, JSON.stringify(answer))
      }
    }
  }
}

interface Finished {
  generation: GenerationRow
  note: ReceivedNote
  images: NewImage[]
}

async function finishReceived(parts: TurnParts, generation: GenerationRow): Promise<Finished | undefined> {
  if (generation.state !== 'received' || generation.received === null) return undefined
  // Written by this server, and by nobody else.
  const note = JSON.parse(generation.received) as ReceivedNote
  try {
    const kept = []
    for (const spooled of note.pictures) kept.push(await parts.pictures.keep(spooled))
    return { generation, note, images: newImages(note, generation.id, kept, parts.newId, parts.clock.now()) }
  } catch (cause) {
    // The disk may be full: the picture stays where it is, and the ledger row stays open for the next start.
    parts.log.error({ err: cause, generation: generation.id }, 'a received picture could not be kept')
    return undefined
  }
}

/** A call that was reserved never left; one that was running may be billed, and that is the operator's. */
function settleInterrupted(parts: TurnParts, generation: GenerationRow): void {
  parts.store.generations.settle(generation.id, {
    state: 'interrupted',
    costMicro: 0,
    operatorMicro: generation.state === 'running' ? generation.reservedMicro : 0,
    promptTokens: 0,
    completionTokens: 0,
    errorCode: null,
    now: parts.clock.now(),
  })
}

function finishTurn(parts: TurnParts, turn: TurnRow, finished: readonly Finished[]): void {
  const { store, clock } = parts
  const now = clock.now()
  const message = store.messages.find(turn.conversationId, turn.modelMessageId)
  const earlier = store.images.byMessages([turn.modelMessageId]).get(turn.modelMessageId) ?? []
  const images = finished.flatMap((call) => call.images)
  const all = [...earlier, ...images]
  const paid = store.generations
    .ofTurn(turn.id)
    .filter((call) => call.kind === 'image' && call.state !== 'failed')
  const cost =
    finished.reduce((sum, call) => sum + call.note.costMicro, 0) +
    earlier.reduce((sum, image) => sum + image.costMicro, 0)
  const isWhole = all.length > 0 && all.length >= paid.length
  // What was saved of the text may lack the pictures that were recorded since.
  const saved = message?.text ?? ''
  const missing = all.map(imageMarkdown).filter((markdown) => !saved.includes(markdown.trim()))
  const words = finished.map((call) => call.note.text).join('')
  store.turns.finish({
    turnId: turn.id,
    messageId: turn.modelMessageId,
    state: isWhole ? 'complete' : 'interrupted',
    message: {
      text: saved + missing.join('') + words,
      state: isWhole ? 'complete' : 'interrupted',
      model: finished[0]?.note.model ?? null,
      warning: null,
      error: isWhole
        ? null
        : {
            status: 'error',
            code: 'interrupted',
            message:
              'The server was stopped while it answered. What had come is kept; try again for the rest.',
            retryable: true,
          },
      costMicro: cost > 0 ? cost : null,
    },
    images,
    settlements: finished.map(({ generation, note }) => ({
      generationId: generation.id,
      settlement: storedSettlement(note, now),
    })),
    now,
  })
}
