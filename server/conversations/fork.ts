import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import { Problem } from '../errors.ts'
import type { NewId } from '../ids.ts'
import { conversationImages, syncFolder } from '../images/folders.ts'
import { linkPicture } from '../images/link-picture.ts'
import type { ConversationRow } from '../store/conversations.ts'
import type { ImageRow } from '../store/image-row.ts'
import type { MessageRow } from '../store/messages.ts'
import type { Store } from '../store/store.ts'
import type { Chores } from '../turns/chores.ts'
import { closeArrivingFolder, openArrivingFolder } from './arriving-folder.ts'
import { mostMessages } from './conversation-file.ts'
import { moveLinks } from './picture-links.ts'
import { writeInPieces, type CopiedRows } from './write-in-pieces.ts'

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

/** So many messages are read, or made into rows, at once: a few milliseconds of work. */
const atOnce = 200

/**
 * Copies the branch that ends at a message into a new conversation of the same user: messages with their
 * states and summaries, pictures with their recipes and numbers. Picture files get a second name in the new
 * conversation's folder before its rows are written, so each conversation can be deleted without the other. The
 * user's own uploads are shared. Others get their turn all the while; each message is copied as it stands when
 * it is read, with its pictures. Answers the new conversation's id.
 * @throws Problem `not_found` when the conversation or the message is gone; `invalid_request` for a branch of
 * more than 50,000 messages; `storage_full`
 */
export function createFork(parts: ForkParts) {
  const { store, storageDir, newId, clock } = parts

  return async (
    userId: string,
    conversation: Pick<ConversationRow, 'id'>,
    messageId: string,
  ): Promise<string> => {
    const id = newId()
    const branch = await readBranch(store, userId, conversation.id, messageId)
    try {
      await linkAll(new Set(branch.images.map((image) => image.filename)))
      await writeInPieces(store, await copiedRows(parts, branch, id), clock.now())
    } catch (error) {
      await parts.files.removeConversation(id)
      // What it shares with the original went with that in between.
      if (!store.conversations.find(userId, conversation.id)) throw gone()
      throw error
    }
    await closeArrivingFolder(storageDir, id)
    parts.chores.indexSoon()
    return id

    async function linkAll(names: ReadonlySet<string>): Promise<void> {
      if (names.size === 0) return
      const source = path.join(storageDir, conversationImages(conversation.id))
      const folder = await openArrivingFolder(storageDir, id)
      for (const name of names) {
        // A picture whose file is gone shows the same honest gap in the copy.
        await linkPicture(path.join(source, name), path.join(folder, name), newId)
      }
      await syncFolder(folder)
    }
  }
}

function gone(): Problem {
  return new Problem('not_found', 'This message does not exist in this conversation.')
}

/** All that is copied, page by page from the branch's end. */
async function readBranch(
  store: Store,
  userId: string,
  conversationId: string,
  messageId: string,
): Promise<Branch> {
  const pages: MessageRow[][] = []
  const images = new Map<string, ImageRow>()
  const attachments = new Map<string, ImageRow[]>()
  let read = 0
  for (let leaf: string | null = messageId; leaf !== null;) {
    const page = store.messages.pathFrom(conversationId, leaf, atOnce)
    // It was never there, or was deleted meanwhile.
    if (page.length === 0) throw gone()
    read += page.length
    if (read > mostMessages) {
      throw new Problem(
        'invalid_request',
        `This branch has more than ${mostMessages} messages, the most that can be copied at once.`,
      )
    }
    const pictures = picturesOn(
      store,
      conversationId,
      page.map((message) => message.id),
    )
    for (const image of pictures.images) images.set(image.id, image)
    for (const [id, attached] of pictures.attachments) attachments.set(id, attached)
    pages.push(page)
    leaf = page.at(-1)?.parentId ?? null
    await setImmediate()
  }
  const conversation = store.conversations.find(userId, conversationId)
  if (!conversation) throw gone()
  return {
    conversation,
    messages: pages.flat().toReversed(),
    images: [...images.values()].toSorted((a, b) => a.seq - b.seq),
    attachments,
  }
}

function picturesOn(store: Store, conversationId: string, messageIds: readonly string[]) {
  const attachments = store.images.attachmentsOf(messageIds)
  const attached = [...attachments.values()].flat().filter((image) => image.conversationId === conversationId)
  return { attachments, images: [...store.images.byMessages(messageIds).values()].flat().concat(attached) }
}

/** The branch as rows of its own: new ids for everything, links and parents renamed with them. */
async function copiedRows({ newId, clock }: ForkParts, branch: Branch, id: string): Promise<CopiedRows> {
  const { conversation, messages, images } = branch
  const now = clock.now()
  const messageIds = new Map(messages.map((message) => [message.id, newId()]))
  const imageIds = new Map(images.map((image) => [image.id, newId()]))
  const copyOf = (ids: ReadonlyMap<string, string>, original: string | null) =>
    original === null ? null : (ids.get(original) ?? null)
  const moved = (text: string) => moveLinks(text, conversation.id, id, (filename) => filename)

  const rows: CopiedRows = {
    conversation: {
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
    },
    messages: [],
    images: [],
    attachments: [],
  }
  for (const [index, message] of messages.entries()) {
    rows.messages.push({
      ...message,
      id: messageIds.get(message.id) ?? newId(),
      conversationId: id,
      parentId: copyOf(messageIds, message.parentId),
      text: moved(message.text),
      // Its turn goes on in the original alone.
      state: message.state === 'streaming' ? 'interrupted' : message.state,
      summary: message.summary === null ? null : moved(message.summary),
    })
    if ((index + 1) % atOnce === 0) await setImmediate()
  }
  // Uploads stand in no conversation and are shared; what was painted on another branch is not this one's parent.
  const sharedParents = new Set(
    [...branch.attachments.values()]
      .flat()
      .filter((image) => image.conversationId === null)
      .map((image) => image.id),
  )
  for (const image of images) {
    rows.images.push({
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
  for (const [original, attached] of branch.attachments) {
    const messageId = messageIds.get(original)
    if (messageId !== undefined) {
      rows.attachments.push({
        messageId,
        imageIds: attached.map((image) => imageIds.get(image.id) ?? image.id),
      })
    }
  }
  return rows
}
