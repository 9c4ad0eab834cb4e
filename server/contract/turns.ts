import { z } from 'zod'
import { Id } from './basics.ts'
import { AspectRatio, type GeneratedImage } from './images.ts'
import { Message } from './messages.ts'
import { ProblemBody } from './problem.ts'

/** The most characters of one message, and of the prompt of one image. */
export const messageTextLimit = 32_000
export const imagePromptLimit = 8000

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
  checkboxes: z.record(z.string().max(100), z.unknown()).default({}),
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

export interface EventError {
  status: 'error'
  code: string
  message: string
  request_id?: string
  reason?: string
  retry_after?: number
  retryable: boolean
}

/**
 * What a turn's stream carries. Each goes out as one server-sent event: `id` is its number within the turn,
 * `event` its type, `data` the rest as one line of JSON.
 */
export type TurnEvent =
  | {
      type: 'turn'
      turn_id: string
      conversation_id: string
      user_message: Message
      model_message: Message
      kind: string
    }
  | {
      type: 'progress'
      stage: string
      percent: number
      label: string
      image?: { index: number; total: number }
    }
  | {
      type: 'context'
      summary: boolean
      messages: number
      deep: boolean
      memory_pad: boolean
      characters: number
    }
  | { type: 'prompt'; raw: string; refined: string; fallback: boolean; model: string | null }
  | { type: 'delta'; text: string }
  | { type: 'message'; index: number; total: number; text: string }
  | { type: 'image_start'; index: number; total: number; prompt: string; aspect_ratio: string | null }
  | ({ type: 'image'; index: number; total: number } & GeneratedImage)
  | {
      type: 'image_error'
      index: number
      code: string
      reason?: string
      message: string
      retryable: boolean
      retry_after?: number
    }
  | { type: 'usage'; prompt_tokens: number; completion_tokens: number; cost_usd: number; quota: null }
  | ({ type: 'error' } & EventError)
  | { type: 'done'; message: Message }
export type TurnEventType = TurnEvent['type']
