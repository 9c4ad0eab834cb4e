import { setImmediate } from 'node:timers/promises'
import type { NewId } from '../ids.ts'
import type { FileImage, FileMessage } from './conversation-file.ts'
import type { ArrivedPicture } from '../images/keep-upload.ts'
import { moveLinks } from './picture-links.ts'
import type { ConversationDocument } from './read-document.ts'
import type { CopiedRows } from './write-in-pieces.ts'

interface ImportFacts {
  /** The new conversation's id. */
  id: string
  userId: string
  now: number
  newId: NewId
  /** The pictures that were made, by their names in the archive. */
  arrived: ReadonlyMap<string, ArrivedPicture>
  /** The new ids of the user's own pictures, by their old ones. */
  uploads: ReadonlyMap<string, string>
  /** A model's id where this server can use it; null for all others, so that the default serves. */
  usable: { chatModel(name: string | null): string | null; imageModel(name: string | null): string | null }
}

/** So many messages are turned into rows before others get their turn. */
const atOnce = 500

/**
 * A checked document as rows: new ids for everything, links and parents renamed with them. What was said
 * keeps its times, though none lies in the future; the conversation itself is as old as its import. Costs are
 * shown as they were and are no part of the ledger.
 */
export async function importedRows(document: ConversationDocument, facts: ImportFacts): Promise<CopiedRows> {
  const { id, userId, now, newId, arrived, uploads, usable } = facts
  const { conversation, messages } = document
  const messageIds = new Map(messages.map((message) => [message.id, newId()]))
  const imageIds = new Map([...document.images.keys()].map((old) => [old, newId()]))
  const pictureIds = new Map([...uploads, ...imageIds])
  const names = namesOf(arrived)
  const moved = (text: string) => moveLinks(text, conversation.id, id, (name) => names.get(name) ?? name)
  const timeOf = (iso: string) => Math.min(Math.max(Date.parse(iso), 0), now)

  const rows: CopiedRows = {
    conversation: {
      id,
      userId,
      title: conversation.title,
      titledBy: conversation.titled_by,
      summary: moved(conversation.summary),
      memoryPad: moved(conversation.memory_pad),
      chatModel: usable.chatModel(conversation.chat_model),
      settings: {
        ...conversation.settings,
        ...(conversation.settings.image_model === undefined
          ? {}
          : { image_model: usable.imageModel(conversation.settings.image_model) }),
      },
      activeMessageId: renamed(messageIds, shownLeaf(document)),
      pinned: conversation.pinned,
      archived: conversation.archived,
      messageCount: messages.length,
      imageCount: [...document.images.values()].reduce((most, image) => Math.max(most, image.number ?? 0), 0),
      createdAt: now,
      updatedAt: now,
    },
    messages: [],
    images: [],
    attachments: [],
  }

  function takeMessage(message: FileMessage): void {
    const messageId = renamed(messageIds, message.id) ?? newId()
    rows.messages.push({
      id: messageId,
      conversationId: id,
      parentId: renamed(messageIds, message.parent_id),
      sender: message.sender,
      kind: message.kind,
      text: moved(message.text),
      model: message.model,
      state: message.state,
      warning: message.warning,
      error: message.error,
      costMicro: message.cost_usd === null ? null : microOf(message.cost_usd),
      summary: message.summary === null ? null : moved(message.summary),
      createdAt: timeOf(message.created_at),
    })
    for (const image of message.generated_images) takeImage(image, messageId)
    if (message.attachments.length > 0) {
      const attached = message.attachments.map((attachment) => renamed(pictureIds, attachment.id))
      rows.attachments.push({ messageId, imageIds: attached.filter((known) => known !== null) })
    }
  }

  function takeImage(image: FileImage, messageId: string): void {
    const picture = arrived.get(image.file)
    if (!picture) throw new Error(`${image.file} was checked to be there and did not arrive`)
    const { recipe } = image
    rows.images.push({
      ...picture,
      id: renamed(imageIds, image.id) ?? newId(),
      userId,
      conversationId: id,
      messageId,
      turnId: null,
      generationId: null,
      number: image.number,
      mime: 'image/png',
      alt: image.alt,
      caption: image.caption,
      description: image.description,
      // However many pictures a file brings, none is sent to a model that costs money.
      described: true,
      source: image.source,
      rawPrompt: recipe.raw_prompt,
      refinedPrompt: recipe.refined_prompt,
      revisedPrompt: recipe.revised_prompt,
      refineFallback: recipe.fallback,
      context: recipe.context && {
        ...recipe.context,
        message_ids: recipe.context.message_ids.flatMap((used) => messageIds.get(used) ?? []),
      },
      parameters: recipe.parameters,
      model: image.model,
      provider: image.provider,
      parentId: renamed(pictureIds, image.parent_id),
      durationMs: recipe.duration_ms,
      costMicro: microOf(image.cost_usd),
      starred: image.starred,
      expiresAt: null,
      createdAt: timeOf(image.created_at),
    })
  }

  for (const [index, message] of messages.entries()) {
    takeMessage(message)
    if ((index + 1) % atOnce === 0) await setImmediate()
  }
  return rows
}

/** The end of the newest branch through the message that the document shows; its last message's where it names none. */
function shownLeaf({ active_message_id, messages }: ConversationDocument): string | null {
  const newestChild = new Map<string, string>()
  for (const { id, parent_id } of messages) if (parent_id !== null) newestChild.set(parent_id, id)
  let leaf = active_message_id ?? messages.at(-1)?.id ?? null
  for (let next = leaf; next !== null; next = newestChild.get(next) ?? null) leaf = next
  return leaf
}

/** Names under `images/` in the archive → names here; they differ where a picture was no PNG or was renamed by hand. */
function namesOf(arrived: ReadonlyMap<string, ArrivedPicture>): Map<string, string> {
  return new Map([...arrived].map(([file, picture]) => [file.slice(file.indexOf('/') + 1), picture.filename]))
}

function renamed(ids: ReadonlyMap<string, string>, old: string | null): string | null {
  return old === null ? null : (ids.get(old) ?? null)
}

/** Decimal dollars as micro-dollars. */
function microOf(usd: number): number {
  return Math.round(usd * 1_000_000)
}
