import { isoTime } from '../clock.ts'
import type { Attachment, GeneratedImage, ImageRecipe, Upload } from '../contract/images.ts'
import type { ImageRow } from '../store/image-row.ts'

/** Where a picture's bytes are fetched: by its conversation and file name, or by its id where it stands in none. */
export function imageUrl(row: Pick<ImageRow, 'id' | 'conversationId' | 'filename'>): string {
  return row.conversationId === null
    ? `/api/images/${row.id}/file`
    : `/api/conversation-image/${row.conversationId}/${row.filename}`
}

/** How a picture stands in the text of the message that brought it. */
export function imageMarkdown(row: Pick<ImageRow, 'id' | 'conversationId' | 'filename'>): string {
  return pictureMarkdown(imageUrl(row))
}

/** The same, of the picture's URL. */
export function pictureMarkdown(url: string): string {
  return `![Generated Image](${url})\n\n`
}

/** The text for who cannot see the picture; until somebody wrote one, it is made from the prompt. */
export function altText(row: Pick<ImageRow, 'alt' | 'source' | 'rawPrompt'>): string {
  if (row.alt !== '') return row.alt
  if (row.source === 'upload') return 'Uploaded picture'
  return row.rawPrompt === '' ? 'AI-generated picture' : `AI-generated picture: ${row.rawPrompt}`
}

/** A picture as it goes over the wire. */
export function presentImage(row: ImageRow): GeneratedImage {
  return {
    id: row.id,
    number: row.number,
    caption: row.caption,
    filename: row.filename,
    url: imageUrl(row),
    width: row.width,
    height: row.height,
    bytes: row.bytes,
    sha256: row.sha256,
    thumbhash: row.thumbhash,
    alt: altText(row),
    prompt: row.rawPrompt,
    refined_prompt: row.refinedPrompt,
    model: row.model,
    provider: row.provider,
    source: row.source,
    parent_id: row.parentId,
    cost_usd: row.costMicro / 1e6,
    starred: row.starred,
    conversation_id: row.conversationId,
    message_id: row.messageId,
    created_at: isoTime(row.createdAt),
  }
}

/** A user's own picture on a message. */
export function presentAttachment(row: ImageRow): Attachment {
  return {
    id: row.id,
    url: imageUrl(row),
    width: row.width,
    height: row.height,
    alt: altText(row),
    thumbhash: row.thumbhash,
  }
}

export function presentUpload(row: ImageRow): Upload {
  return { id: row.id, url: imageUrl(row), width: row.width, height: row.height }
}

/** A picture with how it was made and its family. */
export function presentRecipe(
  row: ImageRow,
  family: { ancestors: readonly ImageRow[]; children: readonly ImageRow[] },
): ImageRecipe {
  return {
    ...presentImage(row),
    recipe: {
      raw_prompt: row.rawPrompt,
      refined_prompt: row.refinedPrompt,
      revised_prompt: row.revisedPrompt,
      fallback: row.refineFallback,
      context: row.context,
      model: row.model,
      provider: row.provider,
      parameters: row.parameters,
      duration_ms: row.durationMs,
      cost_usd: row.costMicro / 1e6,
    },
    ancestors: family.ancestors.map(presentImage),
    children: family.children.map(presentImage),
  }
}

/**
 * What a picture was to show. Where no model refined the wish, the talk that was joined to it says nothing of the
 * picture, and would grow with each picture that is painted after it.
 */
export function wishOf(row: Pick<ImageRow, 'rawPrompt' | 'refinedPrompt' | 'refineFallback'>): string {
  return (row.refineFallback ? null : row.refinedPrompt) || row.rawPrompt
}
