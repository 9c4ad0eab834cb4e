import { z } from 'zod'
import { Id, listOf, Time } from './basics.ts'
import { Attachment, GeneratedImage } from './images.ts'
import { ProblemBody } from './problem.ts'

export const messageStates = ['complete', 'streaming', 'failed', 'cancelled', 'interrupted'] as const
export type MessageState = (typeof messageStates)[number]

export const Message = z.object({
  id: Id,
  conversation_id: Id,
  parent_id: Id.nullable(),
  turn_id: Id.nullable(),
  sender: z.enum(['user', 'model']),
  text: z.string(),
  /** `chat`, or the name of the command that made it; a command's answer is kept out of the models' context. */
  kind: z.string(),
  model: z.string().optional(),
  created_at: Time,
  warning: z.string().optional(),
  state: z.enum(messageStates),
  error: ProblemBody.partial({ request_id: true }).optional(),
  attachments: z.array(Attachment),
  generated_images: z.array(GeneratedImage),
  cost_usd: z.number().optional(),
  /** Only where the message is one of several answers or versions. */
  siblings: z.object({ index: z.number().int(), total: z.number().int(), ids: z.array(Id) }).optional(),
  /** True on the last message that the running summary covers. */
  summarized: z.boolean().optional(),
})
export type Message = z.infer<typeof Message>

export const MessagePatch = z.strictObject({ text: z.string().min(1).max(32_000) })
/** Where on the shown branch to read: before a cursor, after one, or around a message; its end unless told. */
export const MessagesQuery = z
  .strictObject({
    before: z.string().max(200).optional(),
    cursor: z.string().max(200).optional(),
    after: z.string().max(200).optional(),
    around: Id.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .refine(
    ({ before, cursor, after, around }) =>
      [before ?? cursor, after, around].filter((place) => place !== undefined).length <= 1,
    'takes only one of `before`, `after` and `around`',
  )

/** Oldest first. `next_cursor` is what `before` takes; `newer_cursor` what `after` takes, where something follows. */
export const MessagePage = listOf(Message).extend({ newer_cursor: z.string().nullable().optional() })
export type MessagePage = z.infer<typeof MessagePage>
