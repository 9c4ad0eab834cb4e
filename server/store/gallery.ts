import type { GalleryQuery } from '../contract/images.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { Db } from './database.ts'
import { imageColumns, imageFrom, type ImageRow, type StoredImage } from './image-row.ts'
import { matchExpression } from './search-words.ts'

/** A picture of the dialog that was kept in the gallery. */
export const keptAside = `i.source = 'api' and i.conversation_id is null and i.expires_at is null`
/** The same picture as it was put into a conversation. */
export const copyInConversation = `select 1 from images c where c.user_id = i.user_id and c.sha256 = i.sha256
  and c.source = 'api' and c.conversation_id is not null`

/** How many of the newest hits a search looks at, so that its cost does not grow with the gallery. */
const mostHits = 1000

/** The pictures that a user looks through. */
export function galleryOf(db: Db) {
  const galleryPages = new Map<string, ReturnType<typeof prepareGallery>>()
  function prepareGallery(conditions: string) {
    return db.prepare<Record<string, string | number>, StoredImage>(
      `select ${imageColumns} from images i
       where i.user_id = @userId and i.expires_at is null
         and not (${keptAside} and exists (${copyInConversation}))
         and (i.created_at < @before or (i.created_at = @before and i.id < @beforeId)) ${conditions}
       order by i.created_at desc, i.id desc limit @limit`,
    )
  }

  return {
    /** A page of the user's pictures, newest first; with `q` those of the newest 1,000 hits. */
    gallery(userId: string, query: GalleryQuery): { items: ImageRow[]; nextCursor: string | null } {
      const [before, beforeId] = decodeCursor(query.cursor)
      const values: Record<string, string | number> = { userId, before, beforeId, limit: query.limit + 1 }
      let conditions = ''
      function only(condition: string, name: string, value: string | number | undefined): void {
        if (value === undefined) return
        conditions += ` and ${condition}`
        values[name] = value
      }
      only('i.conversation_id = @conversationId', 'conversationId', query.conversation_id)
      only('i.source = @source', 'source', query.source)
      only('i.starred = @starred', 'starred', query.starred === undefined ? undefined : query.starred ? 1 : 0)
      only('i.model = @model', 'model', query.model)
      only('i.created_at >= @since', 'since', query.since && Date.parse(query.since))
      only('i.created_at < @until', 'until', query.until && Date.parse(query.until))
      if (query.q !== undefined && query.q !== '') {
        const scope =
          query.conversation_id === undefined ? { userId } : { userId, conversationId: query.conversation_id }
        const words = matchExpression(query.q, scope)
        if (words === undefined) return { items: [], nextCursor: null }
        const hits = `select rowid from image_words where image_words match @words order by rowid desc limit ${mostHits}`
        only(`i.seq in (${hits})`, 'words', words)
      }
      const page = galleryPages.get(conditions) ?? prepareGallery(conditions)
      galleryPages.set(conditions, page)
      const rows = page.all(values)
      const items = rows.slice(0, query.limit).map(imageFrom)
      const last = items.at(-1)
      return {
        items,
        nextCursor: rows.length > query.limit && last ? encodeCursor(last.createdAt, last.id) : null,
      }
    },
  }
}
