import { z } from 'zod'
import { Id } from './basics.ts'
import { AspectRatio, GeneratedImage } from './images.ts'
import { Message } from './messages.ts'
import { ProblemBody } from './problem.ts'

/** The most characters of one message, and of the prompt of one image. */
export const messageTextLimit = 32_000
export const imagePromptLimit = 8000

/** An open map may hold anything, but what has no end of brackets can neither be hashed nor logged. */
const deepestFlag = 16

function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => isWithin(inner, levels - 1))
}

export const ImageOptions = z.strictObject({
  model: z.string().max(200).optional(),
  n: z.number().int().min(1).max(4).optional(),
  aspect_ratio: AspectRatio.optional(),
  better_context: z.boolean().optional(),
  edit: Id.optional(),
})
export type ImageOptions = z.infer<typeof ImageOptions>

export const SendMessageRequest = z.strictObject({
  messageText: z.string().max(messageTextLimit),
  checkboxes: z
    .record(z.string().max(100), z.unknown())
    .refine((flags) => isWithin(flags, deepestFlag), `takes at most ${deepestFlag} levels`)
    .default({}),
  model: z.string().max(200).optional(),
  image_options: ImageOptions.optional(),
  attachments: z.array(Id).max(10).default([]),
  image_context: z
    .strictObject({ pin: z.array(Id).max(20).default([]), drop: z.array(Id).max(100).default([]) })
    .default({ pin: [], drop: [] }),
  parent_id: Id.nullable().optional(),
})
export type SendMessageRequest = z.infer<typeof SendMessageRequest>

export const turnStates = ['running', 'complete', 'failed', 'cancelled', 'interrupted'] as const
export type TurnState = (typeof turnStates)[number]

/** A turn for polling. */
export const TurnStatus = z.object({
  turn_id: Id,
  conversation_id: Id,
  kind: z.string(),
  state: z.enum(turnStates),
  stage: z.string().nullable(),
  percent: z.number().int(),
  label: z.string().nullable(),
  message: Message.optional(),
  error: ProblemBody.partial({ request_id: true }).optional(),
})
export type TurnStatus = z.infer<typeof TurnStatus>

/** The stages of an image and where each stands in percent. */
export const imageStages = {
  queued: 10,
  initializing: 30,
  generating: 60,
  processing: 80,
  saving: 90,
  complete: 100,
} as const
export type ImageStage = keyof typeof imageStages

export const EventError = z.object({
  status: z.literal('error'),
  code: z.string(),
  message: z.string(),
  request_id: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  retry_after: z.number().int().exactOptional(),
  retryable: z.boolean(),
})
export type EventError = z.infer<typeof EventError>

const place = { index: z.number().int(), total: z.number().int() }

/**
 * What a turn's stream carries. Each goes out as one server-sent event: `id` is its number within the turn,
 * `event` its type, `data` the rest as one line of JSON.
 */
export const TurnEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('turn'),
    turn_id: Id,
    conversation_id: Id,
    user_message: Message,
    model_message: Message,
    kind: z.string(),
  }),
  z.object({
    type: z.literal('progress'),
    stage: z.string(),
    percent: z.number(),
    label: z.string(),
    image: z.object(place).exactOptional(),
  }),
  z.object({
    type: z.literal('context'),
    summary: z.boolean(),
    messages: z.number().int(),
    deep: z.boolean(),
    memory_pad: z.boolean(),
    characters: z.number().int(),
  }),
  z.object({
    type: z.literal('prompt'),
    raw: z.string(),
    refined: z.string(),
    fallback: z.boolean(),
    model: z.string().nullable(),
  }),
  z.object({ type: z.literal('delta'), text: z.string() }),
  z.object({ type: z.literal('message'), ...place, text: z.string() }),
  z.object({
    type: z.literal('image_start'),
    ...place,
    prompt: z.string(),
    aspect_ratio: z.string().nullable(),
  }),
  GeneratedImage.extend({ type: z.literal('image'), ...place }),
  z.object({
    type: z.literal('image_error'),
    index: z.number().int(),
    code: z.string(),
    reason: z.string().exactOptional(),
    message: z.string(),
    retryable: z.boolean(),
    retry_after: z.number().int().exactOptional(),
  }),
  z.object({
    type: z.literal('usage'),
    prompt_tokens: z.number().int(),
    completion_tokens: z.number().int(),
    cost_usd: z.number(),
    quota: z.null(),
  }),
  EventError.extend({ type: z.literal('error') }),
  z.object({ type: z.literal('done'), message: Message }),
])
export type TurnEvent = z.infer<typeof TurnEvent>
export type TurnEventType = TurnEvent['type']
