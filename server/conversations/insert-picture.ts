import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Clock } from '../clock.ts'
import { Problem } from '../errors.ts'
import type { NewId } from '../ids.ts'
import { conversationImages, ensureFolder, syncFolder } from '../images/folders.ts'
import { linkPicture } from '../images/link-picture.ts'
import { imageMarkdown } from '../images/present-image.ts'
import type { Store } from '../store/store.ts'
import type { Chores } from '../turns/chores.ts'

export interface InsertParts {
  store: Store
  storageDir: string
  clock: Clock
  newId: NewId
  chores: Pick<Chores, 'indexSoon'>
  files: { remove(paths: readonly string[]): Promise<void> }
}

/**
 * Puts a copy of a user's picture at the end of a conversation, in a model's message of its own that no turn
 * made. The file gets a second name in the conversation's folder before the rows are written. Answers the
 * message's id; both the conversation and the picture must have been loaded for their owner.
 * @throws Problem `not_found` when one of them is gone; `turn_in_progress`; `storage_full`
 */
export function createInsertPicture(parts: InsertParts) {
  const { store, storageDir, clock, newId } = parts

  return async (userId: string, conversationId: string, imageId: string): Promise<string> => {
    const picture = store.images.byId(userId, imageId)
    if (!picture) throw noSuchPicture()
    const relative = path.posix.join(conversationImages(conversationId), picture.filename)
    const folder = await ensureFolder(storageDir, conversationImages(conversationId))
    const file = path.join(storageDir, relative)
    if (!(await linkPicture(path.join(storageDir, picture.path), file, newId))) throw noSuchPicture()
    const messageId = newId()
    try {
      await syncFolder(folder)
      store.together(() => {
        const conversation = store.conversations.find(userId, conversationId)
        const image = store.images.byId(userId, imageId)
        if (!conversation) throw new Problem('not_found', 'This conversation does not exist.')
        if (!image || !existsSync(file)) throw noSuchPicture()
        store.turns.mustBeIdle(conversationId)
        const copy = { ...image, id: newId(), conversationId, messageId, path: relative, turnId: null }
        const now = clock.now()
        store.messages.insert({
          id: messageId,
          conversationId,
          parentId: conversation.activeMessageId,
          turnId: null,
          sender: 'model',
          kind: 'image',
          text: imageMarkdown(copy),
          model: image.model,
          state: 'complete',
          now,
        })
        store.images.insert({ ...copy, expiresAt: null })
        if (image.described) store.images.setDescription(copy.id, image)
        if (image.starred) store.images.patch(userId, copy.id, { starred: true })
        store.conversations.showEnd(conversationId, messageId, 1, now)
      })
    } catch (error) {
      await parts.files.remove([relative])
      throw error
    }
    parts.chores.indexSoon()
    return messageId
  }
}

function noSuchPicture(): Problem {
  return new Problem('not_found', 'There is no such picture.')
}
