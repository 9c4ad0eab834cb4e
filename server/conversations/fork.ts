import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import { Problem } from '../errors.ts'
import type { NewId } from '../ids.ts'
import { conversationImages, syncFolder } from '../images/folders.ts'
import { linkPicture } from '../images/link-picture.ts'
import type { ConversationRow } from '../store/conversations.ts'
import type { ImageRow } from '../store/images.ts'
import type { MessageRow } from '../store/messages.ts'
import type { Store } from '../store/store.ts'
import type { Chores } from '../turns/chores.ts'
import { closeArrivingFolder, openArrivingFolder } from './arriving-folder.ts'
import { mostMessages } from './conversation-file.ts'
import { moveLinks } from './picture-links.ts'

export interface ForkParts {
  store: Store
  storageDir: string
  clock: Clock
  newId: NewId
  chores: Pick<Chores, 'indexSoon'>
  /** Removes a conversation's folder. */
  files: { removeConversation(id: string): Promise<void> }
}

/** What is copied, as it stands at one moment. */
interface Branch {
  conversation: ConversationRow
  messages: MessageRow[]
  /** Pictures that stand in the conversation: made on the branch, or attached to it from another one. */
  images: ImageRow[]
  attachments: Map<string, ImageRow[]>
}

/** So many messages are read at once. */
const pageSize = 200

/**
 * Copies the branch that ends at a message into a new conversation of the same user: messages with their
 * states and summaries, pictures with their recipes and numbers. Picture files get a second name in the new
 * conversation's folder before its rows are written, all in one transaction, so each conversation can be
 * deleted without the other. The user's own uploads are shared. Answers the new conversation's id.
 * @throws Problem `not_found` when the conversation or the message is gone; `invalid_request` for a branch of
 * more than 50,000 messages; `storage_full`
 */
export function createFork(parts: ForkParts) {
  const { store, storageDir, newId } = parts

  return async (
    userId: string,
    conversation: Pick<ConversationRow, 'id'>,
    messageId: string,
  ): Promise<string> => {
    const id = newId()
    const source = path.join(storageDir, conversationImages(conversation.id))
    const linked = new Set<string>()

    async function linkAll(names: ReadonlySet<string>): Promise<void> {
      if (names.size === 0) return
      const folder = await openArrivingFolder(storageDir, id)
      for (const name of names) {
        // A picture whose file is gone shows the same honest gap in the copy.
        await linkPicture(path.join(source, name), path.join(folder, name), newId)
        linked.add(name)
      }
      await syncFolder(folder)
    }

    try {
      for (;;) {
        await linkAll((await filesOnBranch(store, conversation.id, messageId)).difference(linked))
        // 10,000 messages take about 300 ms, during which nothing else is answered: the price of whole or not
        // at all, and why there is a most.
        const isWritten = store.together(() => {
          const branch = readBranch(store, userId, conversation.id, messageId)
          // A turn may have brought another picture while files were linked.
          if (branch.images.some((image) => !linked.has(image.filename))) return false
          write(parts, branch, id)
          return true
        })
        if (isWritten) break
      }
    } catch (error) {
      await parts.files.removeConversation(id)
      throw error
    }
    await closeArrivingFolder(storageDir, id)
    parts.chores.indexSoon()
    return id
  }
}

/** The names of the picture files that a copy needs, as it seems now; others have their turn in between. */
async function filesOnBranch(store: Store, conversationId: string, messageId: string): Promise<Set<string>> {
  const names = new Set<string>()
  for (const page of pagesOf(store.copies.pathIds(conversationId, messageId, mostMessages))) {
    for (const image of picturesOn(store, conversationId, page).images) names.add(image.filename)
    await setImmediate()
  }
  return names
}

/** All that is copied, as it stands at this moment. */
function readBranch(store: Store, userId: string, conversationId: string, messageId: string): Branch {
  const conversation = store.conversations.find(userId, conversationId)
  const messages = store.messages.pathFrom(conversationId, messageId, mostMessages + 1).toReversed()
  if (!conversation || messages.length === 0) {
    throw new Problem('not_found', 'This message does not exist in this conversation.')
  }
  if (messages.length > mostMessages) {
    throw new Problem(
      'invalid_request',
      `This branch has more than ${mostMessages} messages, the most that can be copied at once.`,
    )
  }
  const images = new Map<string, ImageRow>()
  const attachments = new Map<string, ImageRow[]>()
  for (const page of pagesOf(messages.map((message) => message.id))) {
    const pictures = picturesOn(store, conversationId, page)
    for (const image of pictures.images) images.set(image.id, image)
    for (const [id, attached] of pictures.attachments) attachments.set(id, attached)
  }
  return {
    conversation,
    messages,
    images: [...images.values()].toSorted((a, b) => a.seq - b.seq),
    attachments,
  }
}

function* pagesOf(ids: readonly string[]): Generator<string[]> {
  for (let at = 0; at < ids.length; at += pageSize) yield ids.slice(at, at + pageSize)
}

function picturesOn(store: Store, conversationId: string, messageIds: readonly string[]) {
  const attachments = store.images.attachmentsOf(messageIds)
  const attached = [...attachments.values()].flat().filter((image) => image.conversationId === conversationId)
  return { attachments, images: [...store.images.byMessages(messageIds).values()].flat().concat(attached) }
}

/** Part of a transaction. */
function write(parts: ForkParts, branch: Branch, id: string): void {
  const { store, newId, clock } = parts
  const { conversation, messages, images } = branch
  const now = clock.now()
  const messageIds = new Map(messages.map((message) => [message.id, newId()]))
  const imageIds = new Map(images.map((image) => [image.id, newId()]))
  const copyOf = (ids: ReadonlyMap<string, string>, original: string | null) =>
    original === null ? null : (ids.get(original) ?? null)
  const moved = (text: string) => moveLinks(text, conversation.id, id, (filename) => filename)

  store.copies.addConversation({
    ...conversation,
    id,
    summary: moved(messages.findLast((message) => message.summary !== null)?.summary ?? ''),
    memoryPad: moved(conversation.memoryPad),
    activeMessageId: copyOf(messageIds, messages.at(-1)?.id ?? null),
    pinned: false,
    archived: false,
    messageCount: messages.length,
    imageCount: images.reduce((most, image) => Math.max(most, image.number ?? 0), 0),
    createdAt: now,
    updatedAt: now,
  })
  for (const message of messages) {
    store.copies.addMessage({
      ...message,
      id: messageIds.get(message.id) ?? newId(),
      conversationId: id,
      parentId: copyOf(messageIds, message.parentId),
      text: moved(message.text),
      // Its turn goes on in the original alone.
      state: message.state === 'streaming' ? 'interrupted' : message.state,
      summary: message.summary === null ? null : moved(message.summary),
    })
  }
  // Uploads stand in no conversation and are shared; what was painted on another branch is not this one's parent.
  const sharedParents = new Set(
    [...branch.attachments.values()]
      .flat()
      .filter((image) => image.conversationId === null)
      .map((image) => image.id),
  )
  for (const image of images) {
    store.copies.addImage({
      ...image,
      id: imageIds.get(image.id) ?? newId(),
      conversationId: id,
      messageId: copyOf(messageIds, image.messageId),
      turnId: null,
      path: path.posix.join(conversationImages(id), image.filename),
      context: image.context && {
        ...image.context,
        message_ids: image.context.message_ids.flatMap((used) => messageIds.get(used) ?? []),
      },
      parentId:
        image.parentId !== null && sharedParents.has(image.parentId)
          ? image.parentId
          : copyOf(imageIds, image.parentId),
    })
  }
  for (const [messageId, attached] of branch.attachments) {
    const copy = messageIds.get(messageId)
    if (copy !== undefined) {
      store.images.attach(
        copy,
        attached.map((image) => imageIds.get(image.id) ?? image.id),
      )
    }
  }
}
