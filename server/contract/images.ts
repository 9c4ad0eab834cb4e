import { z } from 'zod'
import { Id, Paging, QueryFlag, Time } from './basics.ts'

export const imageSources = ['command', 'auto', 'edit', 'batch', 'upload', 'api'] as const
export const ImageSource = z.enum(imageSources)
export type ImageSource = z.infer<typeof ImageSource>

export const aspectRatios = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'] as const
export const AspectRatio = z.enum(aspectRatios)
export type AspectRatio = z.infer<typeof AspectRatio>

/** A picture that was made: on messages, in `image` events and in the gallery. */
export const GeneratedImage = z.object({
  id: Id,
  /** 1, 2, 3 … within its conversation; null where it stands in none. */
  number: z.number().int().nullable(),
  caption: z.string(),
  filename: z.string(),
  url: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number().int(),
  sha256: z.string(),
  /** ThumbHash (evanw/thumbhash), base64; null until it was computed. */
  thumbhash: z.string().nullable(),
  alt: z.string(),
  prompt: z.string(),
  refined_prompt: z.string().nullable(),
  model: z.string().nullable(),
  provider: z.string().nullable(),
  source: ImageSource,
  parent_id: Id.nullable(),
  cost_usd: z.number(),
  starred: z.boolean(),
  conversation_id: Id.nullable(),
  message_id: Id.nullable(),
  created_at: Time,
})
export type GeneratedImage = z.infer<typeof GeneratedImage>

/** A user's own picture on a message. */
export const Attachment = z.object({
  id: Id,
  url: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  alt: z.string(),
  thumbhash: z.string().nullable(),
})
export type Attachment = z.infer<typeof Attachment>

export const Upload = z.object({
  id: Id,
  url: z.string(),
  width: z.number().int(),
  height: z.number().int(),
})
export type Upload = z.infer<typeof Upload>

/** What a picture was grounded in: flags, and the ids of the messages that were used. */
export const ContextUsed = z.object({
  summary: z.boolean(),
  memory_pad: z.boolean(),
  deep: z.boolean(),
  message_ids: z.array(Id),
  characters: z.number().int(),
})
export type ContextUsed = z.infer<typeof ContextUsed>

export const ImageRecipe = GeneratedImage.extend({
  recipe: z.object({
    raw_prompt: z.string(),
    refined_prompt: z.string().nullable(),
    revised_prompt: z.string().nullable(),
    fallback: z.boolean(),
    context: ContextUsed.nullable(),
    model: z.string().nullable(),
    provider: z.string().nullable(),
    parameters: z.record(z.string(), z.unknown()),
    duration_ms: z.number().int().nullable(),
    cost_usd: z.number(),
  }),
  ancestors: z.array(GeneratedImage),
  children: z.array(GeneratedImage),
})
export type ImageRecipe = z.infer<typeof ImageRecipe>

export const GalleryQuery = Paging.extend({
  conversation_id: Id.optional(),
  q: z.string().trim().max(200).optional(),
  source: ImageSource.optional(),
  starred: QueryFlag.optional(),
  model: z.string().max(200).optional(),
  /** Made at this time or later, and before the other. */
  since: Time.optional(),
  until: Time.optional(),
})
export type GalleryQuery = z.infer<typeof GalleryQuery>

export const ImagePatch = z.strictObject({
  starred: z.boolean().optional(),
  alt: z.string().trim().max(1000).optional(),
  /** Keeps a picture of the dialog or an upload for good, which else goes after 24 hours. */
  kept: z.literal(true).optional(),
})
export type ImagePatch = z.infer<typeof ImagePatch>

/** `POST /api/conversations/:conv_id/images` */
export const InsertImageRequest = z.strictObject({ image_id: Id })

export const ImageExportRequest = z.strictObject({ ids: z.array(Id).min(1).max(500) })

/** `?w=` and `?download=` of the routes that answer bytes. */
export const ImageFileQuery = z.object({
  w: z.enum(['256', '512', '1024']).optional(),
  download: z.string().optional(),
})
export const previewWidths = [256, 512, 1024] as const
export type PreviewWidth = (typeof previewWidths)[number]
