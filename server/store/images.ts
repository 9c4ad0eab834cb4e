import type { Db } from './database.ts'
import { copyInConversation, galleryOf, keptAside } from './gallery.ts'
import { imageColumns, imageFrom, type ImageRow, type NewImage, type StoredImage } from './image-row.ts'
import { imageWords } from './image-words.ts'
import { unsynced } from './unsynced.ts'

/** What serving a picture's bytes needs, and no more: this is read for every request of a picture. */
export interface StoredFile {
  id: string
  path: string
  mime: string
  sha256: string
  bytes: number
  caption: string
  /** The prompt's beginning. */
  prompt: string
  createdAt: number
}

const fileColumns = `
  i.id, i.path, i.mime, i.sha256, i.bytes, i.caption, substr(i.raw_prompt, 1, 200) as prompt,
  i.created_at as createdAt`

/** A family tree is followed this far up, and shows at most so many children. */
const mostRelatives = 100

export type ImageRows = ReturnType<typeof imageRows>

/**
 * Rows of pictures. Every verb is synchronous, so that a turn's transaction can be composed of them. Verbs
 * that take a user id answer nothing for anybody else's picture; the others are for callers that loaded the
 * message or the turn for its owner.
 */
export function imageRows(db: Db) {
  const nextNumber = db.prepare<[string], { number: number }>(
    `update conversations set image_count = image_count + 1 where id = ? returning image_count as number`,
  )
  const insert = db.prepare<Omit<StoredImage, 'seq' | 'described' | 'starred'>>(
    `insert into images (id, user_id, conversation_id, message_id, turn_id, generation_id, number, path, filename,
       mime, sha256, width, height, bytes, thumbhash, alt, caption, description, source, raw_prompt, refined_prompt,
       revised_prompt, refine_fallback, context, parameters, model, provider, parent_id, duration_ms, cost_micro,
       expires_at, created_at)
     values (@id, @userId, @conversationId, @messageId, @turnId, @generationId, @number, @path, @filename,
       @mime, @sha256, @width, @height, @bytes, @thumbhash, @alt, @caption, @description, @source, @rawPrompt,
       @refinedPrompt, @revisedPrompt, @refineFallback, @context, @parameters, @model, @provider, @parentId,
       @durationMs, @costMicro, @expiresAt, @createdAt)`,
  )
  const byId = db.prepare<[string, string], StoredImage>(
    `select ${imageColumns} from images i where i.id = ? and i.user_id = ?`,
  )
  // A picture's owner is its conversation's, so the picture's row says it all; joining the conversation costs
  // four times as much, and this runs for every picture that is shown.
  const byFile = db.prepare<[string, string, string], StoredFile>(
    `select ${fileColumns} from images i
     where i.path = ? and i.conversation_id = ? and i.user_id = ? limit 1`,
  )
  const fileById = db.prepare<[string, string], StoredFile>(
    `select ${fileColumns} from images i where i.id = ? and i.user_id = ?`,
  )
  const byMessages = db.prepare<[string], StoredImage & { messageId: string }>(
    `select ${imageColumns} from images i where i.message_id in (select value from json_each(?)) order by i.seq`,
  )
  const attachments = db.prepare<[string], StoredImage & { attachedTo: string }>(
    `select a.message_id as attachedTo, ${imageColumns} from attachments a join images i on i.id = a.image_id
     where a.message_id in (select value from json_each(?)) order by a.message_id, a.position`,
  )
  const attach = db.prepare<[string, string, number]>(
    `insert into attachments (message_id, image_id, position) values (?, ?, ?)`,
  )
  const keep = db.prepare<[string]>(`update images set expires_at = null where id = ?`)
  const ancestors = db.prepare<{ id: string; userId: string }, StoredImage>(
    `with recursive up (id, parent_id, steps) as (
       select id, parent_id, 0 from images where id = @id and user_id = @userId
       union all
       select p.id, p.parent_id, up.steps + 1 from up join images p on p.id = up.parent_id
       where p.user_id = @userId and up.steps < ${mostRelatives}
     )
     select ${imageColumns} from up join images i on i.id = up.id where up.steps > 0 order by up.steps`,
  )
  const children = db.prepare<[string, string], StoredImage>(
    `select ${imageColumns} from images i where i.parent_id = ? and i.user_id = ?
       and (i.expires_at is null or i.conversation_id is null) order by i.seq limit ${mostRelatives}`,
  )
  const thumbhash = db.prepare<[string, string]>(`update images set thumbhash = ? where id = ?`)
  const describe = db.prepare<[string, string, string, string]>(
    `update images set caption = ?, description = ?, alt = case when alt = '' then ? else alt end,
       described = 1, indexed = 0 where id = ?`,
  )
  const undescribed = db.prepare<[number], StoredImage>(
    `select ${imageColumns} from images i where i.described = 0 order by i.created_at limit ?`,
  )
  const star = db.prepare<[number, string]>(`update images set starred = ? where id = ?`)
  const alt = db.prepare<[string, string]>(`update images set alt = ?, indexed = 0 where id = ?`)
  const remove = db.prepare<[string]>(`delete from images where id = ?`)
  const orphanChildren = db.prepare<[string]>(`update images set parent_id = null where parent_id = ?`)
  const keptTwins = db.prepare<{ userId: string; sha256: string }, StoredImage>(
    `select ${imageColumns} from images i where ${keptAside} and i.user_id = @userId and i.sha256 = @sha256
       and not exists (${copyInConversation})`,
  )
  const onMessageByPath = db.prepare<[string, string], { seq: number }>(
    `select seq from images where message_id = ? and path = ? limit 1`,
  )
  const dropFromText = db.prepare<[string, string, string]>(
    `update messages set text = replace(text, ?, ''), indexed = 0 where id = ? and instr(text, ?) > 0`,
  )
  const referenced = db.prepare<[string], { seq: number }>(`select seq from images where path = ? limit 1`)
  const expired = db.prepare<[number, number], StoredImage>(
    `select ${imageColumns} from images i where i.expires_at is not null and i.expires_at <= ? order by i.expires_at limit ?`,
  )
  const removeExpired = db.prepare<[string, number]>(`delete from images where id = ? and expires_at <= ?`)
  const bytesOf = db.prepare<[string], { bytes: number | null }>(
    `select sum(bytes) as bytes from images where user_id = ? and generation_id is null`,
  )
  const words = imageWords(db)
  function find(userId: string, id: string): ImageRow | undefined {
    const row = byId.get(id, userId)
    return row && imageFrom(row)
  }

  function forget(row: ImageRow): void {
    words.forget(row.seq)
    orphanChildren.run(row.id)
  }

  const patchRow = db.transaction(
    (
      userId: string,
      id: string,
      patch: { starred?: boolean | undefined; alt?: string | undefined; kept?: true | undefined },
    ): ImageRow | undefined => {
      if (!byId.get(id, userId)) return undefined
      if (patch.starred !== undefined) star.run(patch.starred ? 1 : 0, id)
      if (patch.alt !== undefined) alt.run(patch.alt, id)
      if (patch.kept) keep.run(id)
      return find(userId, id)
    },
  )

  const removeRow = db.transaction(
    (userId: string, id: string, markdown: (row: ImageRow) => string): ImageRow[] => {
      const row = find(userId, id)
      if (!row) return []
      forget(row)
      remove.run(id)
      if (row.messageId !== null && !onMessageByPath.get(row.messageId, row.path)) {
        const shown = markdown(row)
        dropFromText.run(shown, row.messageId, shown)
      }
      if (row.source !== 'api' || row.conversationId === null) return [row]
      // Else the picture would stand in the gallery once more, as the one that the dialog kept.
      const twins = keptTwins.all({ userId, sha256: row.sha256 }).map(imageFrom)
      for (const twin of twins) {
        forget(twin)
        remove.run(twin.id)
      }
      return [row, ...twins]
    },
  )

  const unlessReferenced = db.transaction((path: string, act: () => void): boolean => {
    if (referenced.get(path)) return false
    act()
    return true
  })

  const removeExpiredRow = db.transaction((row: ImageRow, now: number): boolean => {
    if (removeExpired.run(row.id, now).changes === 0) return false
    forget(row)
    return true
  })

  return {
    ...galleryOf(db),
    indexSome: words.indexSome,

    byId: find,

    /** Part of a transaction: records a picture whose file is already on the disk. */
    insert(image: NewImage): ImageRow {
      const number =
        image.conversationId === null ? null : (nextNumber.get(image.conversationId)?.number ?? null)
      const { lastInsertRowid } = insert.run({
        ...image,
        number,
        refineFallback: image.refineFallback ? 1 : 0,
        context: image.context === null ? null : JSON.stringify(image.context),
        parameters: JSON.stringify(image.parameters),
      })
      return { ...image, seq: Number(lastInsertRowid), number, described: false, starred: false }
    },

    /** The file of a conversation's picture, for the conversation's owner. */
    byFile(userId: string, conversationId: string, filename: string): StoredFile | undefined {
      return byFile.get(`conversations/${conversationId}/images/${filename}`, conversationId, userId)
    },

    /** The file of any picture, for its owner. */
    fileById(userId: string, id: string): StoredFile | undefined {
      return fileById.get(id, userId)
    },

    /** The pictures that were made on each of these messages, in the order they were made. */
    byMessages(messageIds: readonly string[]): Map<string, ImageRow[]> {
      if (messageIds.length === 0) return new Map()
      const rows = byMessages.all(JSON.stringify(messageIds))
      return grouped(rows.map((row) => [row.messageId, imageFrom(row)]))
    },

    /** The pictures that the user put on each of these messages, in the user's order. */
    attachmentsOf(messageIds: readonly string[]): Map<string, ImageRow[]> {
      if (messageIds.length === 0) return new Map()
      const rows = attachments.all(JSON.stringify(messageIds))
      return grouped(rows.map(({ attachedTo, ...row }) => [attachedTo, imageFrom(row)]))
    },

    /** Part of a transaction: puts a user's pictures on a message; from now on they stay. */
    attach(messageId: string, imageIds: readonly string[]): void {
      for (const [position, imageId] of imageIds.entries()) {
        attach.run(messageId, imageId, position)
        keep.run(imageId)
      }
    },

    /** What a picture was made from, its parent first. */
    ancestors: (userId: string, id: string) => ancestors.all({ id, userId }).map(imageFrom),
    /** What was made from a picture, oldest first, at most 100. */
    children: (userId: string, id: string) => children.all(id, userId).map(imageFrom),

    setThumbhash: unsynced(db, (id: string, hash: string): void => {
      thumbhash.run(hash, id)
    }),

    /** Keeps what a picture shows; an alternative text that the user wrote stays. */
    setDescription(id: string, shown: { caption: string; description: string; alt: string }): void {
      describe.run(shown.caption, shown.description, shown.alt, id)
    },

    /** Pictures that nobody described yet, oldest first. */
    undescribed: (limit: number) => undescribed.all(limit).map(imageFrom),

    /** Applies what the patch names; undefined for a picture that is not this user's. */
    patch: (
      userId: string,
      id: string,
      patch: { starred?: boolean | undefined; alt?: string | undefined; kept?: true | undefined },
    ) => patchRow.immediate(userId, id, patch),

    /**
     * Removes a picture's row; the message that showed it loses it, from its text too (`markdown` is how it
     * stands there), and what was made from it loses its parent. With the last copy in a conversation goes the
     * picture that the dialog kept of it.
     * @returns the rows that are gone; none when it is not this user's. The files go with
     * `whenUnreferenced`, after this was committed.
     */
    remove: (userId: string, id: string, markdown: (row: ImageRow) => string) =>
      removeRow.immediate(userId, id, markdown),

    /**
     * Does something to a file, unless a picture's row names it. No row for it can appear meanwhile, in this
     * process or in another.
     * @returns whether it was done
     */
    whenUnreferenced: (path: string, act: () => void) => unlessReferenced.immediate(path, act),

    /** Pictures whose time has come, at most `limit`. */
    expired: (now: number, limit: number) => expired.all(now, limit).map(imageFrom),

    /** Removes an expired row; false when somebody kept it meanwhile. */
    removeExpired: (row: ImageRow, now: number) => removeExpiredRow.immediate(row, now),

    /** How many bytes the pictures take that a user brought: what was uploaded and imported, not painted here. */
    uploadedBytes: (userId: string) => bytesOf.get(userId)?.bytes ?? 0,
  }
}

function grouped(pairs: readonly (readonly [string, ImageRow])[]): Map<string, ImageRow[]> {
  const groups = new Map<string, ImageRow[]>()
  for (const [key, row] of pairs) {
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}
