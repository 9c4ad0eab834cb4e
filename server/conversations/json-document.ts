import { isoTime } from '../clock.ts'
import { asUsd } from '../quotas/prices.ts'
import type { ConversationRow } from '../store/conversations.ts'
import type { ImageRow } from '../store/image-row.ts'
import type { Store } from '../store/store.ts'
import type { ArchiveFiles } from './archive-files.ts'
import {
  fileFormat,
  fileVersion,
  type FileAttachment,
  type FileConversation,
  type FileEnvelope,
  type FileImage,
  type FileMessage,
} from './conversation-file.ts'
import { messagePages, type PagedMessage } from './message-pages.ts'

/**
 * A whole conversation, all branches, as the JSON that `FileEnvelope` and `FileMessage` describe, one message a
 * line. What is said after the first line was written is left out.
 * @throws Error when the conversation is removed meanwhile: half of it must not look like all of it
 */
export async function* jsonDocument(
  store: Store,
  conversation: ConversationRow,
  files: ArchiveFiles,
  now: number,
): AsyncGenerator<string> {
  const head = {
    format: fileFormat,
    version: fileVersion,
    exported_at: isoTime(now),
    conversation: describeConversation(conversation),
  }
  yield `${JSON.stringify(head, null, 2).replace(/\n}$/, '')},\n  "messages": [`

  const written = new Set<string>()
  const pictures = new Set<string>()
  const missing: FileEnvelope['missing'] = []
  let last: string | null = null
  for await (const paged of messagePages(store, conversation.id, store.copies.messageIds(conversation.id))) {
    const { message } = paged
    if (message.parentId !== null && !written.has(message.parentId)) continue
    for (const image of [...paged.images, ...paged.attachments]) {
      if (files.add(image) !== undefined) pictures.add(image.id)
      else missing.push({ message_id: message.id, filename: image.filename })
    }
    yield `${last === null ? '' : ','}\n    ${JSON.stringify(describeMessage(paged, files, pictures))}`
    written.add(message.id)
    last = message.id
  }
  if (!store.conversations.find(conversation.userId, conversation.id)) {
    throw new Error(`conversation ${conversation.id} was removed while it was exported`)
  }
  const shown = conversation.activeMessageId
  const active = shown !== null && written.has(shown) ? shown : last
  yield `\n  ],\n  "active_message_id": ${JSON.stringify(active)},\n  "missing": ${JSON.stringify(missing)}\n}\n`
}

function describeConversation(row: ConversationRow): FileConversation {
  return {
    id: row.id,
    title: row.title,
    titled_by: row.titledBy,
    summary: row.summary,
    memory_pad: row.memoryPad,
    chat_model: row.chatModel,
    settings: row.settings,
    pinned: row.pinned,
    archived: row.archived,
    created_at: isoTime(row.createdAt),
    updated_at: isoTime(row.updatedAt),
  }
}

/** @param pictures ids of the pictures that are in the file so far, those of this message among them */
function describeMessage(
  { message, images, attachments }: PagedMessage,
  files: ArchiveFiles,
  pictures: ReadonlySet<string>,
): FileMessage {
  return {
    id: message.id,
    parent_id: message.parentId,
    sender: message.sender,
    kind: message.kind,
    text: message.text,
    model: message.model,
    created_at: isoTime(message.createdAt),
    // What runs goes on here, not in the file.
    state: message.state === 'streaming' ? 'interrupted' : message.state,
    warning: message.warning,
    error: message.error && describeError(message.error),
    summary: message.summary,
    cost_usd: message.costMicro === null ? null : asUsd(message.costMicro),
    generated_images: images.flatMap((image) => describeImage(image, files, pictures) ?? []),
    attachments: attachments.flatMap((image) => describeAttachment(image, files) ?? []),
  }
}

/** Without the id of the request that failed, which means nothing elsewhere. */
function describeError(error: NonNullable<FileMessage['error']>): FileMessage['error'] {
  const { status, code, message, retryable, reason, retry_after } = error
  return {
    status,
    code,
    message,
    retryable,
    ...(reason === undefined ? {} : { reason }),
    ...(retry_after === undefined ? {} : { retry_after }),
  }
}

function describeImage(
  row: ImageRow,
  files: ArchiveFiles,
  pictures: ReadonlySet<string>,
): FileImage | undefined {
  const attachment = describeAttachment(row, files)
  return (
    attachment && {
      ...attachment,
      number: row.number,
      source: row.source,
      model: row.model,
      provider: row.provider,
      parent_id: row.parentId !== null && pictures.has(row.parentId) ? row.parentId : null,
      starred: row.starred,
      cost_usd: asUsd(row.costMicro),
      recipe: {
        raw_prompt: row.rawPrompt,
        refined_prompt: row.refinedPrompt,
        revised_prompt: row.revisedPrompt,
        fallback: row.refineFallback,
        context: row.context,
        parameters: row.parameters,
        duration_ms: row.durationMs,
      },
    }
  )
}

function describeAttachment(row: ImageRow, files: ArchiveFiles): FileAttachment | undefined {
  const file = files.add(row)
  if (file === undefined) return undefined
  return {
    id: row.id,
    file,
    width: row.width,
    height: row.height,
    bytes: row.bytes,
    sha256: row.sha256,
    alt: row.alt,
    caption: row.caption,
    description: row.description,
    created_at: isoTime(row.createdAt),
  }
}
