import { setImmediate } from 'node:timers/promises'
import type { ImageRow } from '../store/image-row.ts'
import type { MessageRow } from '../store/messages.ts'
import type { Store } from '../store/store.ts'

/** A message with the pictures on it. */
export interface PagedMessage {
  message: MessageRow
  images: readonly ImageRow[]
  attachments: readonly ImageRow[]
}

/** So many messages are in memory at once. */
const pageSize = 50

/**
 * Reads messages page by page, each page as it stands at one moment, and lets others have their turn between
 * them. Messages that were removed meanwhile are left out; a parent never goes without its followers.
 * @param ids in the order in which they are wanted
 */
export async function* messagePages(
  store: Pick<Store, 'messages' | 'images'>,
  conversationId: string,
  ids: readonly string[],
): AsyncGenerator<PagedMessage> {
  for (let at = 0; at < ids.length; at += pageSize) {
    const page = ids.slice(at, at + pageSize)
    const images = store.images.byMessages(page)
    const attachments = store.images.attachmentsOf(page)
    const messages = page.map((id) => store.messages.find(conversationId, id))
    for (const message of messages) {
      if (!message) continue
      yield {
        message,
        images: images.get(message.id) ?? [],
        attachments: attachments.get(message.id) ?? [],
      }
    }
    await setImmediate()
  }
}
