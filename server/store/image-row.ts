import { z } from 'zod'
import { ContextUsed, type ImageSource } from '../contract/images.ts'

/** A stored picture with its recipe. Times are milliseconds since 1970, money is micro-dollars. */
export interface ImageRow {
  seq: number
  id: string
  userId: string
  /** Null where it stands in no conversation. */
  conversationId: string | null
  messageId: string | null
  turnId: string | null
  generationId: string | null
  /** 1, 2, 3 … within its conversation. */
  number: number | null
  /** Relative to the storage folder. */
  path: string
  filename: string
  mime: string
  /** Of the file's bytes, lower-case hex. */
  sha256: string
  width: number
  height: number
  bytes: number
  thumbhash: string | null
  /** Empty: nobody wrote one yet. */
  alt: string
  caption: string
  description: string
  described: boolean
  source: ImageSource
  rawPrompt: string
  refinedPrompt: string | null
  revisedPrompt: string | null
  refineFallback: boolean
  context: ContextUsed | null
  parameters: Record<string, unknown>
  model: string | null
  provider: string | null
  parentId: string | null
  durationMs: number | null
  costMicro: number
  starred: boolean
  /** When an unused upload or an unkept picture of the dialog goes; null: it stays. */
  expiresAt: number | null
  createdAt: number
}

/** A picture to record; `number` is given out by the conversation. */
export type NewImage = Omit<ImageRow, 'seq' | 'number' | 'described' | 'starred'>

const Parameters = z.record(z.string(), z.unknown())

/** The row as SQLite has it. */
export type StoredImage = Omit<
  ImageRow,
  'described' | 'refineFallback' | 'starred' | 'context' | 'parameters'
> & {
  described: number
  refineFallback: number
  starred: number
  context: string | null
  parameters: string
}

/** All of `ImageRow`, of a table called `i`. */
export const imageColumns = `
  i.seq, i.id, i.user_id as userId, i.conversation_id as conversationId, i.message_id as messageId,
  i.turn_id as turnId, i.generation_id as generationId, i.number, i.path, i.filename, i.mime, i.sha256,
  i.width, i.height, i.bytes, i.thumbhash, i.alt, i.caption, i.description, i.described, i.source,
  i.raw_prompt as rawPrompt, i.refined_prompt as refinedPrompt, i.revised_prompt as revisedPrompt,
  i.refine_fallback as refineFallback, i.context, i.parameters, i.model, i.provider,
  i.parent_id as parentId, i.duration_ms as durationMs, i.cost_micro as costMicro, i.starred,
  i.expires_at as expiresAt, i.created_at as createdAt`

export function imageFrom(row: StoredImage): ImageRow {
  return {
    ...row,
    described: row.described === 1,
    refineFallback: row.refineFallback === 1,
    starred: row.starred === 1,
    context: row.context === null ? null : ContextUsed.parse(JSON.parse(row.context)),
    parameters: Parameters.parse(JSON.parse(row.parameters)),
  }
}
