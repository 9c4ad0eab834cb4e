import type { InputPicture, PaintRequest, PromptMessage, WriteRequest } from './provider.ts'

/** The body of a streamed `POST /chat/completions` (wire.md section 1.2), as JSON. */
export function writeBody(request: WriteRequest, sees: boolean): string {
  return JSON.stringify({
    model: request.model,
    messages: request.messages.map((message) => chatMessage(message, sees)),
    stream: true,
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.maxTokens === undefined ? {} : { max_tokens: request.maxTokens }),
    user: request.user,
  })
}

/** The body of a `POST /chat/completions` that asks for a picture (wire.md section 1.3), as JSON. */
export function paintBody(request: PaintRequest, modalities: readonly string[]): string {
  return JSON.stringify({
    model: request.model,
    messages: [{ role: 'user', content: content(request.prompt, request.inputs) }],
    modalities,
    ...(request.aspectRatio === undefined ? {} : { image_config: { aspect_ratio: request.aspectRatio } }),
    max_tokens: request.maxTokens,
    stream: false,
    user: request.user,
  })
}

function chatMessage(message: PromptMessage, sees: boolean): { role: string; content: unknown } {
  const pictures = message.pictures ?? []
  if (sees && message.role === 'user') return { role: message.role, content: content(message.text, pictures) }
  const descriptions = pictures.map((picture) => `[Picture: ${picture.description}]`)
  return { role: message.role, content: [message.text, ...descriptions].join('\n') }
}

/** Plain text, or parts: the text first, as OpenRouter advises, then the pictures. */
function content(text: string, pictures: readonly InputPicture[]): unknown {
  if (pictures.length === 0) return text
  return [
    { type: 'text', text },
    ...pictures.map((picture) => ({ type: 'image_url', image_url: { url: dataUri(picture) } })),
  ]
}

function dataUri({ mime, bytes }: InputPicture): string {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  return `data:${mime};base64,${base64}`
}
