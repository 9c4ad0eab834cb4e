import type { AspectRatio } from '../contract/images.ts'
import type { Language } from '../contract/language.ts'
import { Problem, asProblem } from '../errors.ts'
import { isModelGone } from '../providers/model-gone.ts'
import type { InputPicture, Model, PaintAnswer, PictureSink, Spent } from '../providers/provider.ts'
import { forecastImage, settledCost } from '../quotas/prices.ts'
import type { Settlement } from '../store/generations.ts'
import type { ImageRow, NewImage } from '../store/image-row.ts'
import { newImages, receivedNote, storedSettlement, type AsideKey, type ImageDraft } from './image-draft.ts'
import { noteUpstreamId, settleSurely, surely } from './ledger-writes.ts'
import { patiently } from './patiently.ts'
import type { KeptPicture } from './pictures.ts'
import type { ReservedCall, TurnParts } from './turn.ts'

/** A call that was answered, its pictures under their names but not yet in the database. */
export interface PaintedCall {
  generationId: string
  model: Model
  answer: PaintAnswer
  /** Rows to be recorded together with the settlement. */
  images: readonly NewImage[]
  settlement: Settlement
  /** What the user should know: another model than the named one painted. */
  note: string | undefined
}

/** What one call is to paint. */
export interface PaintOrder {
  plan: { aspectRatio: AspectRatio | undefined }
  prompt: { text: string }
  parent: ImageRow | undefined
  /** Further pictures to take as a model. */
  inputs?: readonly InputPicture[]
  draft: ImageDraft
  aside?: AsideKey | undefined
}

/** For whom, and where the picture will stand. */
export interface PaintPlace {
  id: string | undefined
  userId: string
  /** Of whoever asked. */
  language: Language
  conversation: { id: string } | undefined
}

interface Steps {
  onReceiving: () => void
  onSaving: () => void
}

const paintMaxTokens = 4096

/** So many seconds a received picture waits for a disk that is full before its turn ends without it. */
const keepTries = 30

/**
 * One paid call: told to the ledger, sent, received, kept. A model that the provider definitely no longer
 * has is replaced once, by a call of its own; nothing else is ever sent twice.
 * @throws Problem of the provider or of keeping; the ledger row is settled then.
 */
export async function paintOnce(
  parts: TurnParts,
  place: PaintPlace,
  call: ReservedCall,
  order: PaintOrder,
  signal: AbortSignal,
  steps: Steps,
): Promise<PaintedCall> {
  try {
    return await paintWith(parts, place, call, order, signal, steps)
  } catch (thrown) {
    const next = isModelGone(thrown) ? parts.catalogue.replacementOf(call.model) : undefined
    if (!next || signal.aborted) throw thrown
    const again: ReservedCall = { id: parts.newId(), model: next, reservedMicro: forecastImage(next) }
    parts.store.generations.reserve({
      id: again.id,
      userId: place.userId,
      conversationId: place.conversation?.id ?? null,
      turnId: place.id ?? null,
      kind: 'image',
      provider: next.provider,
      model: next.id,
      state: 'reserved',
      position: 0,
      reservedMicro: again.reservedMicro,
      now: parts.clock.now(),
    })
    const painted = await paintWith(parts, place, again, order, signal, steps)
    return { ...painted, note: `${call.model.id} is no longer offered; ${next.id} painted instead.` }
  }
}

async function paintWith(
  parts: TurnParts,
  place: PaintPlace,
  call: ReservedCall,
  order: PaintOrder,
  signal: AbortSignal,
  steps: Steps,
): Promise<PaintedCall> {
  const { store, clock } = parts
  const startedAt = clock.now()
  let sent = false
  let received = false
  let told: Spent | undefined
  try {
    const painter = await parts.providers.painterOf(call.model)
    const sink = await sinkOf(parts, place)
    const parent = order.parent && (await parts.pictures.visionCopy(order.parent))
    if (order.parent && !parent) {
      throw new Problem('not_found', 'The picture to change is gone from the disk. Choose another one.')
    }
    const start = () => {
      if (order.aside) store.idempotency.noteSending(place.userId, order.aside.key)
      return store.generations.start(call.id, startedAt)
    }
    if (!store.togetherUnsynced(start)) throw new Error(`generation ${call.id} had already ended`)
    await store.onDisk()
    signal.throwIfAborted()
    sent = true
    const answer = await painter.paint({
      model: call.model.id,
      prompt: order.prompt.text,
      aspectRatio: order.plan.aspectRatio,
      inputs: [...(parent ? [parent] : []), ...(order.inputs ?? [])],
      maxTokens: paintMaxTokens,
      language: place.language,
      user: place.userId,
      signal,
      sink,
      onReceiving: steps.onReceiving,
      onUpstreamId: (upstreamId) => noteUpstreamId(parts, call.id, upstreamId),
    })
    told = answer.spent
    const cost = settledCost(answer.spent, forecastImage(call.model))
    if (answer.pictures.length === 0) {
      const settlement = withoutPicture(answer.spent, cost, clock.now())
      return { generationId: call.id, model: call.model, answer, images: [], settlement, note: undefined }
    }
    steps.onSaving()
    const pictures = answer.pictures.map((picture) => parts.pictures.noted(picture))
    const note = receivedNote(
      order.draft,
      { ...answer, pictures },
      call.model,
      cost,
      startedAt,
      order.aside ?? null,
    )
    if (!(await surely(parts, call.id, () => store.generations.receive(call.id, JSON.stringify(note))))) {
      for (const picture of pictures) await parts.pictures.discard(picture)
      throw new Error(`generation ${call.id} had already ended`)
    }
    received = true
    const kept: KeptPicture[] = []
    for (const picture of pictures) {
      const keep = () => parts.pictures.keep(picture)
      kept.push(
        await patiently(
          keep,
          (cause) => parts.log.error({ err: cause, generation: call.id }, 'a picture cannot be kept now'),
          { tries: keepTries },
        ),
      )
    }
    return {
      generationId: call.id,
      model: call.model,
      answer,
      images: newImages(note, call.id, kept, parts.newId, clock.now()),
      settlement: storedSettlement(note, clock.now()),
      note: undefined,
    }
  } catch (thrown) {
    // What was received stays open in the ledger: it is paid for, and is taken up again when the disk can.
    if (received) {
      await surely(parts, call.id, () => store.generations.leave(call.id))
      throw thrown
    }
    const problem = asProblem(thrown)
    await settleSurely(parts, call.id, {
      state: signal.aborted ? 'cancelled' : 'failed',
      costMicro: 0,
      operatorMicro: sent ? mayBeBilled(problem, told, call) : 0,
      promptTokens: told?.promptTokens ?? 0,
      completionTokens: told?.completionTokens ?? 0,
      errorCode: signal.aborted ? null : problem.code,
      now: clock.now(),
    })
    throw thrown
  }
}

/** An answer without a picture costs the user nothing, whatever the provider bills for it. */
function withoutPicture(spent: Spent, cost: number, now: number): Settlement {
  return {
    state: 'failed',
    costMicro: 0,
    operatorMicro: cost,
    promptTokens: spent.promptTokens,
    completionTokens: spent.completionTokens,
    errorCode: 'no_image',
    now,
  }
}

/** What a provider may bill for a call that gave the user nothing: nothing where it refused at once. */
function mayBeBilled(problem: Problem, told: Spent | undefined, call: ReservedCall): number {
  if (told) return settledCost(told, call.reservedMicro)
  const refusedAtOnce = problem.reason !== undefined && problem.reason !== 'bad_response'
  return refusedAtOnce ? 0 : call.reservedMicro
}

function sinkOf(parts: TurnParts, place: PaintPlace): Promise<PictureSink> {
  return place.conversation
    ? parts.pictures.sinkFor(place.conversation.id)
    : parts.pictures.looseSinkFor(place.userId)
}
