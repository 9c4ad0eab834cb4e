import { z } from 'zod'
import { Id } from './basics.ts'
import { AspectRatio } from './images.ts'

/** `POST /api/generate-image`: the dialog. */
export const GenerateImageRequest = z.strictObject({
  prompt: z.string().max(8000).default(''),
  model: z.string().max(200).nullish(),
  conversation_id: Id.nullish(),
  include_summary: z.boolean().default(false),
  include_messages: z.boolean().default(false),
  include_memory_pad: z.boolean().default(false),
  history_count: z.number().int().min(0).max(100).default(10),
  deep_context: z.boolean().default(false),
  better_context: z.boolean().default(true),
  aspect_ratio: AspectRatio.optional(),
  /** Image ids, or PNG, JPEG and WebP data URIs. */
  input_images: z.array(z.string().max(36_000_000)).max(4).default([]),
})
export type GenerateImageRequest = z.infer<typeof GenerateImageRequest>

/** Both answers of the dialog: with pictures as data URIs, or without one and a `warning`. */
export const GenerateImageAnswer = z.object({
  status: z.literal('success'),
  images: z.array(z.string()),
  /** Under which the pictures can be kept or put into a conversation, for 24 hours. */
  image_ids: z.array(Id),
  text: z.string(),
  warning: z.string().optional(),
  model: z.string(),
  refined_prompt: z.string().nullable(),
})
export type GenerateImageAnswer = z.infer<typeof GenerateImageAnswer>

export const noImageWarning = 'Model did not return any images. Try a different prompt or model.'
