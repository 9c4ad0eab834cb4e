import type { ImagePlan } from '../commands/command.ts'
import type { ImageSource } from '../contract/images.ts'
import { noImageWarning } from '../contract/generate-image.ts'
import { imageStages, type ImageStage, type TurnEvent } from '../contract/turns.ts'
import { Problem, asProblem } from '../errors.ts'
import type { ImageRow } from '../store/image-row.ts'
import type { Context } from './gather-context.ts'
import { draftRecipe, type ImageDraft } from './image-draft.ts'
import { imageMarkdown } from '../images/present-image.ts'
import { imageEvent } from './image-event.ts'
import { settleSurely, surely } from './ledger-writes.ts'
import { paintOnce, type PaintedCall } from './paint-once.ts'
import type { RefinedPrompt } from './refine-prompt.ts'
import {
  emptyOutcome,
  TurnStopped,
  type PendingImage,
  type ReservedCall,
  type Turn,
  type TurnOutcome,
  type TurnParts,
  type TurnRun,
} from './turn.ts'

interface Order {
  plan: ImagePlan
  prompt: RefinedPrompt
  context: Context
  /** The picture to change, where one was named. */
  parent: ImageRow | undefined
  source: ImageSource
}

const labels: Record<ImageStage, string> = {
  queued: 'Waiting',
  initializing: 'Writing the prompt',
  generating: 'Painting',
  processing: 'Receiving the picture',
  saving: 'Saving',
  complete: 'Done',
}

/** A step of an image's way, as the stream tells it. */
export function stage(name: ImageStage, image?: { index: number; total: number }): TurnEvent {
  return {
    type: 'progress',
    stage: name,
    percent: imageStages[name],
    label: labels[name],
    ...(image ? { image } : {}),
  }
}

type Painted = { call: PaintedCall; problem?: undefined } | { problem: Problem; call?: undefined }

/**
 * Paints all pictures of a turn at once, one call each. A picture is kept and recorded as soon as it is
 * there; the last one is left to be recorded together with the end of the turn.
 * @throws Problem when there is neither a picture nor a word; the signal's reason when nothing came before
 * the turn was stopped.
 */
export async function paint(parts: TurnParts, run: TurnRun, order: Order): Promise<TurnOutcome> {
  const { turn, signal } = run
  const total = turn.calls.length
  const place = (index: number) => (total > 1 ? { index, total } : undefined)
  const aspect = await expectedShape(parts, turn, order)
  for (const index of turn.calls.keys()) {
    run.publish({ type: 'image_start', index, total, prompt: order.prompt.text, aspect_ratio: aspect })
    run.publish(stage('generating', place(index)))
  }

  const { plan, prompt, context, parent } = order
  const draft: ImageDraft = {
    ...draftRecipe({ prompt, context, raw: plan.raw, parameters: parametersOf(plan) }),
    userId: turn.userId,
    conversationId: turn.conversation.id,
    messageId: turn.modelMessageId,
    turnId: turn.id,
    source: order.source,
    parentId: parent?.id ?? null,
    expiresAt: null,
  }
  const painting = { plan, prompt, parent, draft }
  const outcome = new Outcome(parts, run)
  let open = total
  const givenUp = new AbortController()
  const anyStop = AbortSignal.any([signal, givenUp.signal])
  async function paintOne(index: number, call: ReservedCall): Promise<void> {
    let ended: Painted
    try {
      const painted = await paintOnce(
        parts,
        { ...turn, language: turn.ask.language },
        call,
        painting,
        anyStop,
        {
          onReceiving: () => run.publish(stage('processing', place(index))),
          onSaving: () => run.publish(stage('saving', place(index))),
        },
      )
      ended = { call: painted }
    } catch (thrown) {
      ended = {
        problem: signal.aborted
          ? new Problem('internal_error', 'stopped', { cause: thrown })
          : asProblem(thrown),
      }
    }
    open -= 1
    try {
      // The last call's pictures are recorded by the turn's end; every other is recorded at once.
      await outcome.take({ index, isLast: open === 0, ...ended })
    } catch (thrown) {
      // Where one call's end could not be recorded, the others must not go on without a turn.
      givenUp.abort(new TurnStopped('cancelled'))
      throw thrown
    }
  }
  const ends = await Promise.allSettled(turn.calls.map((call, index) => paintOne(index, call)))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return outcome.close()
}

/**
 * The shape that the pictures will have, as `16:9`, so that they can be shown in it from the start: the one that was
 * asked for, else that of the picture to change, else the one that the painter chooses; null where nobody knows.
 */
async function expectedShape(
  parts: TurnParts,
  turn: Turn,
  { plan, parent, prompt }: Order,
): Promise<string | null> {
  if (plan.aspectRatio) return plan.aspectRatio
  if (parent) return `${parent.width}:${parent.height}`
  const model = turn.calls[0]?.model
  return (model && (await parts.providers.shapeOf(model, prompt.text))) ?? null
}

/** Gathers what the calls of a turn gave. */
class Outcome {
  readonly #parts: TurnParts
  readonly #run: TurnRun
  readonly #problems: Problem[] = []
  #pending: PendingImage[] = []
  #last: PaintedCall | undefined
  #images = 0
  #words = ''
  #refused = false
  #model: string | null = null
  #notes: string[] = []
  #promptTokens = 0
  #completionTokens = 0
  #costMicro = 0

  constructor(parts: TurnParts, run: TurnRun) {
    this.#parts = parts
    this.#run = run
  }

  async take(ended: Painted & { index: number; isLast: boolean }): Promise<void> {
    const run = this.#run
    const total = run.turn.calls.length
    if (ended.problem) {
      this.#problems.push(ended.problem)
      if (!run.signal.aborted && total > 1) run.publish(imageError(ended.index, ended.problem))
      return
    }
    const { call, index, isLast } = ended
    this.#model = call.model.id
    if (call.note !== undefined) this.#notes.push(call.note)
    this.#promptTokens += call.settlement.promptTokens
    this.#completionTokens += call.settlement.completionTokens
    this.#costMicro += call.settlement.costMicro
    if (call.answer.text !== '') this.#words ||= call.answer.text
    this.#refused ||= call.answer.refused
    if (call.images.length === 0) {
      await settleSurely(this.#parts, call.generationId, call.settlement)
      if (total > 1) run.publish(imageError(index, withoutPicture(call.answer.refused)))
      return
    }
    this.#images += call.images.length
    if (isLast) {
      this.#last = call
      this.#pending = call.images.map((image) => ({ image, index, total }))
      return
    }
    await surely(this.#parts, call.generationId, () =>
      this.#parts.store.turns.recordImages(call.images, call.generationId, call.settlement),
    )
    for (const image of call.images) {
      run.publish({ type: 'delta', text: imageMarkdown(image) })
      run.publish(imageEvent(this.#parts.store, image, index, total))
    }
    run.publish(stage('complete', total > 1 ? { index, total } : undefined))
  }

  close(): TurnOutcome {
    const { signal } = this.#run
    const failed = this.#problems[0]
    if (this.#images === 0) {
      signal.throwIfAborted()
      if (failed) throw failed
      if (this.#words === '') throw withoutPicture(this.#refused)
    } else if (signal.aborted && this.#pending.length === 0) {
      signal.throwIfAborted()
    }
    const warnings = [...this.#notes]
    if (this.#images === 0) warnings.unshift(noImageWarning)
    else if (failed)
      warnings.push(`${this.#problems.length} of the pictures could not be painted: ${failed.message}`)
    return {
      ...emptyOutcome,
      model: this.#model,
      warning: warnings.length === 0 ? null : warnings.join(' '),
      words: this.#words,
      images: this.#pending,
      settlements: this.#last
        ? [{ generationId: this.#last.generationId, settlement: this.#last.settlement }]
        : [],
      promptTokens: this.#promptTokens,
      completionTokens: this.#completionTokens,
      costMicro: this.#costMicro,
    }
  }
}

/** What of the plan goes into a picture's recipe. */
function parametersOf(plan: Pick<ImagePlan, 'aspectRatio' | 'raw'>): Record<string, unknown> {
  return {
    ...(plan.aspectRatio ? { aspect_ratio: plan.aspectRatio } : {}),
    ...(plan.raw ? { raw: true } : {}),
  }
}

function withoutPicture(refused: boolean): Problem {
  return refused
    ? new Problem(
        'openrouter_error',
        'The provider refused this picture for its content policy. Say it in other words; you were not charged.',
        { reason: 'content_policy' },
      )
    : new Problem('openrouter_error', `${noImageWarning} You were not charged.`, { reason: 'bad_response' })
}

function imageError(index: number, problem: Problem): TurnEvent {
  return {
    type: 'image_error',
    index,
    code: problem.code,
    message: problem.message,
    retryable: problem.retryable,
    ...(problem.reason === undefined ? {} : { reason: problem.reason }),
    ...(problem.retryAfter === undefined ? {} : { retry_after: problem.retryAfter }),
  }
}
