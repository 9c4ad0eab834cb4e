import { noImageWarning } from '../contract/generate-image.ts'
import type { AspectRatio } from '../contract/images.ts'
import type { Language } from '../contract/language.ts'
import type { InputPicture } from '../providers/provider.ts'
import { forecastImage } from '../quotas/prices.ts'
import type { ConversationRow } from '../store/conversations.ts'
import type { ImageRow } from '../store/image-row.ts'
import { gatherContext, type ContextWish } from './gather-context.ts'
import { draftRecipe } from './image-draft.ts'
import { surely } from './ledger-writes.ts'
import { paintOnce, type PaintedCall } from './paint-once.ts'
import { joinPlainly, refinePrompt, type RefinedPrompt } from './refine-prompt.ts'
import type { TurnParts } from './turn.ts'

/** How long a picture of the dialog stays when nobody keeps it: a lost answer can be fetched again. */
const unkeptForMs = 24 * 60 * 60 * 1000

export interface AsideWish {
  userId: string
  language: Language
  prompt: string
  model: string | undefined
  /** Undefined where no conversation gives context. */
  conversation: ConversationRow | undefined
  context: ContextWish
  betterContext: boolean
  aspectRatio: AspectRatio | undefined
  inputs: readonly InputPicture[]
  /** The request's Idempotency-Key, under which its answer is kept. */
  key: string | undefined
}

export interface AsideAnswer {
  /** Ids of the pictures. */
  images: readonly string[]
  text: string
  model: string
  refinedPrompt: string | null
  warning: string | undefined
}

/**
 * The dialog's picture: the same gathering, refining and painting as a turn's, with both steps adjustable,
 * and nothing saved into the conversation.
 * @throws Problem as a turn would fail with
 */
export async function paintAside(
  parts: TurnParts,
  wish: AsideWish,
  signal: AbortSignal,
): Promise<AsideAnswer> {
  const { store, catalogue, clock, newId } = parts
  const { userId, conversation } = wish
  parts.contentFilter(wish.prompt)
  const model = catalogue.imageModel(wish.model)
  await parts.pictures.assertSpace()
  const call = { id: newId(), model, reservedMicro: forecastImage(model) }
  store.generations.reserve({
    id: call.id,
    userId,
    conversationId: conversation?.id ?? null,
    turnId: null,
    kind: 'image',
    provider: model.provider,
    model: model.id,
    state: 'reserved',
    position: 0,
    reservedMicro: call.reservedMicro,
    now: clock.now(),
  })
  let painted: PaintedCall | undefined
  try {
    const { prompt, context } = await preparePrompt(parts, wish, signal)
    parts.contentFilter(prompt.text)
    const refinedPrompt = wish.betterContext && !prompt.fallback ? prompt.text : null
    painted = await paintOnce(
      parts,
      { id: undefined, userId, language: wish.language, conversation: undefined },
      call,
      {
        plan: { aspectRatio: wish.aspectRatio },
        prompt,
        parent: undefined,
        inputs: wish.inputs,
        aside: wish.key === undefined ? undefined : { key: wish.key, refinedPrompt },
        draft: {
          ...draftRecipe({
            prompt,
            context,
            raw: !wish.betterContext,
            parameters: wish.aspectRatio ? { aspect_ratio: wish.aspectRatio } : {},
          }),
          userId,
          conversationId: null,
          messageId: null,
          turnId: null,
          source: 'api',
          parentId: null,
          expiresAt: clock.now() + unkeptForMs,
        },
      },
      signal,
      { onReceiving: () => undefined, onSaving: () => undefined },
    )
    const answer: AsideAnswer = {
      images: painted.images.map((image) => image.id),
      text: painted.images.length === 0 ? '' : painted.answer.text,
      model: painted.model.id,
      refinedPrompt,
      warning: painted.images.length === 0 ? noImageWarning : painted.note,
    }
    const { images, generationId, settlement } = painted
    await surely(parts, generationId, () => {
      store.turns.recordImages(images, generationId, settlement)
      if (wish.key !== undefined) store.idempotency.keepAnswer(userId, wish.key, 200, JSON.stringify(answer))
    })
    return answer
  } catch (thrown) {
    const how = signal.aborted ? 'cancelled' : 'failed'
    const { generationId } = painted ?? { generationId: call.id }
    await surely(parts, call.id, () => {
      store.generations.release(call.id, how, clock.now())
      store.generations.leave(generationId)
    })
    throw thrown
  }
}

async function preparePrompt(parts: TurnParts, wish: AsideWish, signal: AbortSignal) {
  const { conversation, userId, prompt: raw } = wish
  const nothing = {
    summary: '',
    memoryPad: '',
    recent: [],
    deep: '',
    used: { summary: false, memory_pad: false, deep: false, message_ids: [], characters: 0 },
  }
  const context = conversation
    ? await gatherContext(
        parts,
        {
          conversation,
          userId,
          turnId: undefined,
          key: wish.key,
          afterMessageId: conversation.activeMessageId,
          ownMessageId: undefined,
          prompt: raw,
        },
        wish.context,
        signal,
      )
    : nothing
  const prompt: RefinedPrompt = wish.betterContext
    ? await refinePrompt(parts, {
        raw,
        context,
        userId,
        conversationId: conversation?.id ?? null,
        turnId: undefined,
        key: wish.key,
        signal,
      })
    : { raw, text: joinPlainly(raw, context), fallback: false, model: null }
  return { prompt, context }
}

/** The rows of a dialog's pictures, as long as they are there. */
export function asideImages(
  parts: Pick<TurnParts, 'store'>,
  userId: string,
  ids: readonly string[],
): ImageRow[] {
  return ids.map((id) => parts.store.images.byId(userId, id)).filter((row) => row !== undefined)
}
