import { z } from 'zod'
import { AspectRatio } from './images.ts'
import { Id, OneLine, Paging, QueryFlag, Time } from './basics.ts'

/** What a user may set per conversation. */
export const ConversationSettings = z.strictObject({
  image_model: z.string().max(200).nullable().optional(),
  aspect_ratio: AspectRatio.nullable().optional(),
  auto_images: z.boolean().optional(),
})
export type ConversationSettings = z.infer<typeof ConversationSettings>

export const Conversation = z.object({
  id: Id,
  title: z.string(),
  summary: z.string(),
  memory_pad: z.string(),
  chat_model: z.string().nullable(),
  settings: ConversationSettings,
  active_message_id: Id.nullable(),
  active_turn_id: Id.nullable(),
  pinned: z.boolean(),
  archived: z.boolean(),
  message_count: z.number().int(),
  created_at: Time,
  updated_at: Time,
  hits: z.array(z.object({ message_id: Id, snippet: z.string() })).optional(),
})
export type Conversation = z.infer<typeof Conversation>

/** The most characters of the memory pad. */
export const memoryPadLimit = 20_000

const Title = OneLine.min(1).max(200)

export const ConversationCreate = z.strictObject({ title: Title.optional() })
export const ConversationPatch = z.strictObject({
  title: Title.optional(),
  memory_pad: z.string().max(memoryPadLimit).optional(),
  chat_model: z.string().max(200).nullable().optional(),
  settings: ConversationSettings.optional(),
  active_message_id: Id.optional(),
  pinned: z.boolean().optional(),
  archived: z.boolean().optional(),
})
export type ConversationPatch = z.infer<typeof ConversationPatch>

export const ConversationsQuery = Paging.extend({
  q: z.string().trim().max(200).optional(),
  archived: QueryFlag.optional(),
  pinned: QueryFlag.optional(),
})
export type ConversationsQuery = z.infer<typeof ConversationsQuery>

export const ForkRequest = z.strictObject({ message_id: Id })
export const ExportQuery = z.strictObject({ format: z.enum(['json', 'markdown']).default('json') })
