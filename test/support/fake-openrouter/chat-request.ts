import { z } from 'zod'

const TextPart = z.looseObject({ type: z.literal('text'), text: z.string() })
const ImagePart = z.looseObject({
  type: z.literal('image_url'),
  image_url: z.looseObject({ url: z.string(), detail: z.string().optional() }),
})
const Message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z
    .union([z.string(), z.null(), z.array(z.discriminatedUnion('type', [TextPart, ImagePart]))])
    .optional(),
})

/** The fields of `POST /chat/completions` that matter here (wire.md 1.2); all others are kept as they came. */
export const ChatRequest = z.looseObject({
  model: z.string().optional(),
  messages: z.array(Message).min(1),
  modalities: z.array(z.enum(['text', 'image', 'audio'])).optional(),
  image_config: z
    .looseObject({ aspect_ratio: z.string().optional(), image_size: z.string().optional() })
    .optional(),
  max_tokens: z.number().int().positive().optional(),
  temperature: z.number().min(0).max(2).optional(),
  stream: z.boolean().optional(),
  tools: z.array(z.unknown()).optional(),
  user: z.string().optional(),
})
export type ChatRequest = z.infer<typeof ChatRequest>

/** A behaviour's `match`: the request asks for a picture. */
export function asksForPicture(request: ChatRequest): boolean {
  return request.modalities?.includes('image') ?? false
}

/** A behaviour's `match`: the refining call before a picture, known by its temperature of 0.4. */
export function asksForRefinement(request: ChatRequest): boolean {
  return !asksForPicture(request) && request.temperature === 0.4
}

/** A behaviour's `match`: any other text, a chat turn or a title for example. */
export function asksForText(request: ChatRequest): boolean {
  return !asksForPicture(request) && !asksForRefinement(request)
}

/** A behaviour's `match`: the answer of a chat turn, the one call that leaves the temperature to the model. */
export function asksForAnswer(request: ChatRequest): boolean {
  return !asksForPicture(request) && request.temperature === undefined
}

/** The words of the last message of the user. */
export function lastUserText(request: ChatRequest): string {
  const message = request.messages.findLast((one) => one.role === 'user')
  return message ? textOf(message) : ''
}

/** All words of all messages. */
export function allText(request: ChatRequest): string {
  return request.messages.map(textOf).join('\n')
}

/** The addresses (data: URIs, mostly) of all pictures shown, in order. */
export function shownPictures(request: ChatRequest): string[] {
  return request.messages.flatMap((message) =>
    Array.isArray(message.content)
      ? message.content.flatMap((part) => (part.type === 'image_url' ? [part.image_url.url] : []))
      : [],
  )
}

function textOf(message: z.infer<typeof Message>): string {
  if (typeof message.content === 'string') return message.content
  return (message.content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
}
