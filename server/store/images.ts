import { z } from 'zod'
import { ContextUsed, type GalleryQuery, type ImageSource } from '../contract/images.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { Db } from './database.ts'
import { unsynced } from './unsynced.ts'
import { matchExpression, scopeWords } from './search-words.ts'

/** A stored picture with its recipe. Times are milliseconds since 1970, money is micro-dollars. */
export interface ImageRow {
  seq: number
  id: string
  userId: string
  /** Null where it stands in no conversation. */
  conversationId: string | null
  messageId: string | null
  turnId: string | null
  generationId: string | null
  /** 1, 2, 3 … within its conversation. */
  number: number | null
  /** Relative to the storage folder. */
  path: string
  filename: string
  mime: string
  /** Of the file's bytes, lower-case hex. */
  sha256: string
  width: number
  height: number
  bytes: number
  thumbhash: string | null
  /** Empty: nobody wrote one yet. */
  alt: string
  caption: string
  description: string
  described: boolean
  source: ImageSource
  rawPrompt: string
  refinedPrompt: string | null
  revisedPrompt: string | null
  refineFallback: boolean
  context: ContextUsed | null
  parameters: Record<string, unknown>
  model: string | null
  provider: string | null
  parentId: string | null
  durationMs: number | null
  costMicro: number
  starred: boolean
  /** When an unused upload or an unkept picture of the dialog goes; null: it stays. */
  expiresAt: number | null
  createdAt: number
}

/** A picture to record; `number` is given out by the conversation. */
export type NewImage = Omit<ImageRow, 'seq' | 'number' | 'described' | 'starred'>

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

const Parameters = z.record(z.string(), z.unknown())

type Stored = Omit<ImageRow, 'described' | 'refineFallback' | 'starred' | 'context' | 'parameters'> & {
  described: number
  refineFallback: number
  starred: number
  context: string | null
  parameters: string
}

const columns = `
  i.seq, i.id, i.user_id as userId, i.conversation_id as conversationId, i.message_id as messageId,
  i.turn_id as turnId, i.generation_id as generationId, i.number, i.path, i.filename, i.mime, i.sha256,
  i.width, i.height, i.bytes, i.thumbhash, i.alt, i.caption, i.description, i.described, i.source,
  i.raw_prompt as rawPrompt, i.refined_prompt as refinedPrompt, i.revised_prompt as revisedPrompt,
  i.refine_fallback as refineFallback, i.context, i.parameters, i.model, i.provider,
  i.parent_id as parentId, i.duration_ms as durationMs, i.cost_micro as costMicro, i.starred,
  i.expires_at as expiresAt, i.created_at as createdAt`

const fileColumns = `
  i.id, i.path, i.mime, i.sha256, i.bytes, i.caption, substr(i.raw_prompt, 1, 200) as prompt,
  i.created_at as createdAt`

/** A picture of the dialog that was kept in the gallery. */
const keptAside = `i.source = 'api' and i.conversation_id is null and i.expires_at is null`
/** The same picture as it was put into a conversation. */
const copyInConversation = `select 1 from images c where c.user_id = i.user_id and c.sha256 = i.sha256
  and c.source = 'api' and c.conversation_id is not null`

/** How many of the newest hits a search looks at, so that its cost does not grow with the gallery. */
const mostHits = 1000
/** A family tree is followed this far up, and shows at most so many children. */
const mostRelatives = 100

function fromStored(row: Stored): ImageRow {
  return {
    ...row,
    described: row.described === 1,
    refineFallback: row.refineFallback === 1,
    starred: row.starred === 1,
    context: row.context === null ? null : ContextUsed.parse(JSON.parse(row.context)),
    parameters: Parameters.parse(JSON.parse(row.parameters)),
  }
}

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
  const insert = db.prepare<Omit<Stored, 'seq' | 'described' | 'starred'>>(
    `insert into images (id, user_id, conversation_id, message_id, turn_id, generation_id, number, path, filename,
       mime, sha256, width, height, bytes, thumbhash, alt, caption, description, source, raw_prompt, refined_prompt,
       revised_prompt, refine_fallback, context, parameters, model, provider, parent_id, duration_ms, cost_micro,
       expires_at, created_at)
     values (@id, @userId, @conversationId, @messageId, @turnId, @generationId, @number, @path, @filename,
       @mime, @sha256, @width, @height, @bytes, @thumbhash, @alt, @caption, @description, @source, @rawPrompt,
       @refinedPrompt, @revisedPrompt, @refineFallback, @context, @parameters, @model, @provider, @parentId,
       @durationMs, @costMicro, @expiresAt, @createdAt)`,
  )
  const byId = db.prepare<[string, string], Stored>(
    `select ${columns} from images i where i.id = ? and i.user_id = ?`,
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
  const byMessages = db.prepare<[string], Stored & { messageId: string }>(
    `select ${columns} from images i where i.message_id in (select value from json_each(?)) order by i.seq`,
  )
  const attachments = db.prepare<[string], Stored & { attachedTo: string }>(
    `select a.message_id as attachedTo, ${columns} from attachments a join images i on i.id = a.image_id
     where a.message_id in (select value from json_each(?)) order by a.message_id, a.position`,
  )
  const attach = db.prepare<[string, string, number]>(
    `insert into attachments (message_id, image_id, position) values (?, ?, ?)`,
  )
  const keep = db.prepare<[string]>(`update images set expires_at = null where id = ?`)
  const ancestors = db.prepare<{ id: string; userId: string }, Stored>(
    `with recursive up (id, parent_id, steps) as (
       select id, parent_id, 0 from images where id = @id and user_id = @userId
       union all
       select p.id, p.parent_id, up.steps + 1 from up join images p on p.id = up.parent_id
       where p.user_id = @userId and up.steps < ${mostRelatives}
     )
     select ${columns} from up join images i on i.id = up.id where up.steps > 0 order by up.steps`,
  )
  const children = db.prepare<[string, string], Stored>(
    `select ${columns} from images i where i.parent_id = ? and i.user_id = ?
       and (i.expires_at is null or i.conversation_id is null) order by i.seq limit ${mostRelatives}`,
  )
  const thumbhash = db.prepare<[string, string]>(`update images set thumbhash = ? where id = ?`)
  const describe = db.prepare<[string, string, string, string]>(
    `update images set caption = ?, description = ?, alt = case when alt = '' then ? else alt end,
       described = 1, indexed = 0 where id = ?`,
  )
  const undescribed = db.prepare<[number], Stored>(
    `select ${columns} from images i where i.described = 0 order by i.created_at limit ?`,
  )
  const star = db.prepare<[number, string]>(`update images set starred = ? where id = ?`)
  const alt = db.prepare<[string, string]>(`update images set alt = ?, indexed = 0 where id = ?`)
  const remove = db.prepare<[string]>(`delete from images where id = ?`)
  const orphanChildren = db.prepare<[string]>(`update images set parent_id = null where parent_id = ?`)
  const keptTwins = db.prepare<{ userId: string; sha256: string }, Stored>(
    `select ${columns} from images i where ${keptAside} and i.user_id = @userId and i.sha256 = @sha256
       and not exists (${copyInConversation})`,
  )
  const onMessageByPath = db.prepare<[string, string], { seq: number }>(
    `select seq from images where message_id = ? and path = ? limit 1`,
  )
  const dropFromText = db.prepare<[string, string, string]>(
    `update messages set text = replace(text, ?, ''), indexed = 0 where id = ? and instr(text, ?) > 0`,
  )
  const referenced = db.prepare<[string], { seq: number }>(`select seq from images where path = ? limit 1`)
  const expired = db.prepare<[number, number], Stored>(
    `select ${columns} from images i where i.expires_at is not null and i.expires_at <= ? order by i.expires_at limit ?`,
  )
  const removeExpired = db.prepare<[string, number]>(`delete from images where id = ? and expires_at <= ?`)
  const bytesOf = db.prepare<[string], { bytes: number | null }>(
    `select sum(bytes) as bytes from images where user_id = ? and generation_id is null`,
  )
  const unindexed = db.prepare<[number], Stored>(
    `select ${columns} from images i where i.indexed = 0 order by i.seq limit ?`,
  )
  const forgetWords = db.prepare<[number]>(`delete from image_words where rowid = ?`)
  const addWords = db.prepare<[number, string, string]>(
    `insert into image_words (rowid, scope, text) values (?, ?, ?)`,
  )
  const indexed = db.prepare<[number]>(`update images set indexed = 1 where seq = ?`)

  const galleryPages = new Map<string, ReturnType<typeof prepareGallery>>()
  function prepareGallery(conditions: string) {
    return db.prepare<Record<string, string | number>, Stored>(
      `select ${columns} from images i
       where i.user_id = @userId and i.expires_at is null
         and not (${keptAside} and exists (${copyInConversation}))
         and (i.created_at < @before or (i.created_at = @before and i.id < @beforeId)) ${conditions}
       order by i.created_at desc, i.id desc limit @limit`,
    )
  }

  function find(userId: string, id: string): ImageRow | undefined {
    const row = byId.get(id, userId)
    return row && fromStored(row)
  }

  function forget(row: ImageRow): void {
    forgetWords.run(row.seq)
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
      const twins = keptTwins.all({ userId, sha256: row.sha256 }).map(fromStored)
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

  const indexWords = db.transaction((limit: number): number => {
    const rows = unindexed.all(limit)
    for (const row of rows) {
      forgetWords.run(row.seq)
      const words = [
        row.caption,
        row.alt,
        row.description,
        row.rawPrompt,
        row.refinedPrompt,
        row.revisedPrompt,
      ]
      const text = words.filter((part) => part !== null && part !== '').join('\n')
      if (text !== '') addWords.run(row.seq, scopeWords(row.userId, row.conversationId), text)
      indexed.run(row.seq)
    }
    return rows.length
  })

  return {
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
      return grouped(rows.map((row) => [row.messageId, fromStored(row)]))
    },

    /** The pictures that the user put on each of these messages, in the user's order. */
    attachmentsOf(messageIds: readonly string[]): Map<string, ImageRow[]> {
      if (messageIds.length === 0) return new Map()
      const rows = attachments.all(JSON.stringify(messageIds))
      return grouped(rows.map(({ attachedTo, ...row }) => [attachedTo, fromStored(row)]))
    },

    /** Part of a transaction: puts a user's pictures on a message; from now on they stay. */
    attach(messageId: string, imageIds: readonly string[]): void {
      for (const [position, imageId] of imageIds.entries()) {
        attach.run(messageId, imageId, position)
        keep.run(imageId)
      }
    },

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
      const items = rows.slice(0, query.limit).map(fromStored)
      const last = items.at(-1)
      return {
        items,
        nextCursor: rows.length > query.limit && last ? encodeCursor(last.createdAt, last.id) : null,
      }
    },

    /** What a picture was made from, its parent first. */
    ancestors: (userId: string, id: string) => ancestors.all({ id, userId }).map(fromStored),
    /** What was made from a picture, oldest first, at most 100. */
    children: (userId: string, id: string) => children.all(id, userId).map(fromStored),

    setThumbhash: unsynced(db, (id: string, hash: string): void => {
      thumbhash.run(hash, id)
    }),

    /** Keeps what a picture shows; an alternative text that the user wrote stays. */
    setDescription(id: string, shown: { caption: string; description: string; alt: string }): void {
      describe.run(shown.caption, shown.description, shown.alt, id)
    },

    /** Pictures that nobody described yet, oldest first. */
    undescribed: (limit: number) => undescribed.all(limit).map(fromStored),

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
    expired: (now: number, limit: number) => expired.all(now, limit).map(fromStored),

    /** Removes an expired row; false when somebody kept it meanwhile. */
    removeExpired: (row: ImageRow, now: number) => removeExpiredRow.immediate(row, now),

    /** How many bytes the pictures take that a user brought: what was uploaded and imported, not painted here. */
    uploadedBytes: (userId: string) => bytesOf.get(userId)?.bytes ?? 0,

    /**
     * Puts up to `limit` pictures' words (caption, alternative text, description, prompts) into the index.
     * @returns how many; fewer than `limit` means that the index is complete.
     */
    indexSome: unsynced(db, (limit: number) => indexWords.immediate(limit)),
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
