import type { PaintAnswer, SpooledPicture } from '../providers/provider.ts'
import type { Settlement } from '../store/generations.ts'
import type { NewImage } from '../store/image-row.ts'
import type { Context } from './gather-context.ts'
import type { KeptPicture } from './pictures.ts'
import type { RefinedPrompt } from './refine-prompt.ts'
import { cut } from './say-message.ts'

/** What is known of a picture before it is painted: its recipe and its place. */
export type ImageDraft = Pick<
  NewImage,
  | 'userId'
  | 'conversationId'
  | 'messageId'
  | 'turnId'
  | 'alt'
  | 'caption'
  | 'source'
  | 'rawPrompt'
  | 'refinedPrompt'
  | 'refineFallback'
  | 'context'
  | 'parameters'
  | 'parentId'
  | 'expiresAt'
>

/**
 * What the ledger keeps of a call from the moment its pictures lie synced on the disk: enough to finish
 * it after a crash without asking the provider again.
 */
export interface ReceivedNote {
  pictures: readonly SpooledPicture[]
  draft: ImageDraft
  text: string
  revisedPrompt: string | null
  model: string
  provider: string
  costMicro: number
  promptTokens: number
  completionTokens: number
  startedAt: number
  /** The dialog's request, where it came with a key under which its answer is to be found. */
  aside: AsideKey | null
}

export interface AsideKey {
  key: string
  refinedPrompt: string | null
}

interface Recipe {
  prompt: RefinedPrompt
  context: Context
  parameters: Readonly<Record<string, unknown>>
  raw: boolean
}

/** The part of a draft that the prompt decides. */
export function draftRecipe({ prompt, context, parameters, raw }: Recipe) {
  return {
    // Empty until somebody writes one: what shows then is made from the prompt.
    alt: '',
    caption: cut(prompt.raw, 60),
    rawPrompt: prompt.raw,
    refinedPrompt: raw ? null : prompt.text,
    refineFallback: prompt.fallback,
    context: context.used,
    parameters,
  }
}

/** The note on an answer whose pictures were received. */
export function receivedNote(
  draft: ImageDraft,
  answer: PaintAnswer,
  model: { id: string; provider: string },
  costMicro: number,
  startedAt: number,
  aside: AsideKey | null,
): ReceivedNote {
  return {
    pictures: answer.pictures,
    draft,
    text: answer.text,
    revisedPrompt: answer.revisedPrompt ?? null,
    model: model.id,
    provider: model.provider,
    costMicro,
    promptTokens: answer.spent.promptTokens,
    completionTokens: answer.spent.completionTokens,
    startedAt,
    aside,
  }
}

/** The rows of the pictures of one call. What the answer cost stands once, on its first picture. */
export function newImages(
  note: ReceivedNote,
  generationId: string,
  kept: readonly KeptPicture[],
  newId: () => string,
  now: number,
): NewImage[] {
  return kept.map((picture, index) => ({
    ...note.draft,
    ...picture,
    id: newId(),
    generationId,
    mime: 'image/png',
    thumbhash: null,
    description: '',
    revisedPrompt: note.revisedPrompt,
    model: note.model,
    provider: note.provider,
    durationMs: now - note.startedAt,
    costMicro: index === 0 ? note.costMicro : 0,
    createdAt: now,
  }))
}

/** How a received call is settled once its pictures are recorded. */
export function storedSettlement(note: ReceivedNote, now: number): Settlement {
  return {
    state: 'stored',
    costMicro: note.costMicro,
    operatorMicro: 0,
    promptTokens: note.promptTokens,
    completionTokens: note.completionTokens,
    errorCode: null,
    now,
  }
}
