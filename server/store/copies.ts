import type { ConversationRow } from './conversations.ts'
import type { Db } from './database.ts'
import type { ImageRow } from './image-row.ts'
import type { ImageRows } from './images.ts'
import type { MessageImages } from './message-images.ts'
import type { MessageTurns } from './message-turns.ts'
import type { MessageRow } from './messages.ts'
import { unsynced } from './unsynced.ts'
import { whole } from './whole.ts'

/** A conversation with its counts, which its messages and pictures do not raise any more. */
export type CopiedConversation = Omit<ConversationRow, 'activeTurnId'> & {
  /** The number of its newest picture. */
  imageCount: number
}

/** A message that was said elsewhere; it has no turn here. */
export type CopiedMessage = Omit<MessageRow, 'seq' | 'turnId'>

/** A picture that was made elsewhere; it keeps its number. */
export type CopiedImage = Omit<ImageRow, 'seq'>

/** Some of a conversation: what its messages need is in an earlier piece, or in this one. */
export interface CopiedPiece {
  messages: readonly CopiedMessage[]
  images: readonly CopiedImage[]
  /** The pictures that the user put on messages. */
  attachments: readonly { messageId: string; imageIds: readonly string[] }[]
}

interface Parts {
  images: Pick<ImageRows, 'attach'>
  messageImages: Pick<MessageImages, 'removeOf'>
  messageTurns: Pick<MessageTurns, 'removeOf'>
  /** The process that writes. */
  owner: string
}

/** How long pictures of a hidden conversation have, should everything else fail to take them away. */
const hiddenForMs = 24 * 60 * 60 * 1000

/**
 * Conversations that are written or removed piece by piece, so that others get their turn in between: hidden
 * until the last piece is written, and from before the first one is removed. Whoever is stopped in between
 * leaves a hidden one behind. Nothing here asks whose it is: callers come with a conversation that was loaded
 * for its owner.
 */
export function copyStore(db: Db, { images, messageImages, messageTurns, owner }: Parts) {
  const all = db
    .prepare<[string], string>(`select id from messages where conversation_id = ? order by seq`)
    .pluck()
  const path = db
    .prepare<[string, string, number], string>(
      `with recursive path (id, parent_id, steps) as (
         select id, parent_id, 1 from messages where id = ? and conversation_id = ?
         union all
         select m.id, m.parent_id, path.steps + 1 from path join messages m on m.id = path.parent_id
         where path.steps < ?
       )
       select id from path order by steps desc`,
    )
    .pluck()
  const conversation = db.prepare<
    Omit<CopiedConversation, 'settings' | 'pinned' | 'archived'> & {
      settings: string
      pinned: number
      archived: number
      hiddenBy: string
    }
  >(
    `insert into conversations (id, user_id, title, titled_by, summary, memory_pad, chat_model, settings,
       active_message_id, pinned, archived, message_count, image_count, created_at, updated_at, hidden_by)
     values (@id, @userId, @title, @titledBy, @summary, @memoryPad, @chatModel, @settings,
       @activeMessageId, @pinned, @archived, @messageCount, @imageCount, @createdAt, @updatedAt, @hiddenBy)`,
  )
  const message = db.prepare<Omit<CopiedMessage, 'error'> & { error: string | null }>(
    `insert into messages (id, conversation_id, parent_id, sender, kind, text, model, state, warning, error,
       cost_micro, summary, created_at)
     values (@id, @conversationId, @parentId, @sender, @kind, @text, @model, @state, @warning, @error,
       @costMicro, @summary, @createdAt)`,
  )
  const image = db.prepare<
    Omit<CopiedImage, 'described' | 'refineFallback' | 'starred' | 'context' | 'parameters'> & {
      described: number
      refineFallback: number
      starred: number
      context: string | null
      parameters: string
    }
  >(
    `insert into images (id, user_id, conversation_id, message_id, turn_id, generation_id, number, path, filename,
       mime, sha256, width, height, bytes, thumbhash, alt, caption, description, described, source, raw_prompt,
       refined_prompt, revised_prompt, refine_fallback, context, parameters, model, provider, parent_id, duration_ms,
       cost_micro, starred, expires_at, created_at)
     values (@id, @userId, @conversationId, @messageId, @turnId, @generationId, @number, @path, @filename,
       @mime, @sha256, @width, @height, @bytes, @thumbhash, @alt, @caption, @description, @described, @source,
       @rawPrompt, @refinedPrompt, @revisedPrompt, @refineFallback, @context, @parameters, @model, @provider,
       @parentId, @durationMs, @costMicro, @starred, @expiresAt, @createdAt)`,
  )

  const visible = db.prepare<[string], { id: string }>(
    `select id from conversations where id = ? and hidden_by is null`,
  )
  const show = db.prepare<[string]>(`update conversations set hidden_by = null where id = ?`)
  const keepImages = db.prepare<[string]>(
    `update images set expires_at = null where conversation_id = ? and expires_at is not null`,
  )
  const hide = db.prepare<[string, string]>(`update conversations set hidden_by = ? where id = ?`)
  const hidden = db.prepare<[], { id: string; owner: string }>(
    `select id, hidden_by as owner from conversations where hidden_by is not null`,
  )
  const someMessages = db.prepare<[string, number], { id: string; seq: number; turnId: string | null }>(
    `select id, seq, turn_id as turnId from messages where conversation_id = ? limit ?`,
  )
  const removeMessage = db.prepare<[number]>(`delete from messages where seq = ?`)
  const forgetWords = db.prepare<[number]>(`delete from message_words where rowid = ?`)
  const remove = db.prepare<[string]>(`delete from conversations where id = ? and hidden_by is not null`)

  /** What this process is writing or removing now. */
  const inHand = new Set<string>()

  return {
    /** Whether a conversation is there for somebody to see. */
    exists: (conversationId: string) => visible.get(conversationId) !== undefined,

    /** Every message of a conversation, all branches, in the order of arrival: parents before their children. */
    messageIds: (conversationId: string): string[] => all.all(conversationId),

    /** The newest `most` messages of the branch that ends at a message, the oldest of them first. */
    pathIds: (conversationId: string, leafId: string, most: number): string[] =>
      path.all(leafId, conversationId, most),

    /** Begins a conversation that nobody sees before `show`. */
    begin: unsynced(db, (row: CopiedConversation): void => {
      inHand.add(row.id)
      conversation.run({
        ...row,
        settings: JSON.stringify(row.settings),
        pinned: row.pinned ? 1 : 0,
        archived: row.archived ? 1 : 0,
        hiddenBy: owner,
      })
    }),

    /** Adds to a hidden conversation. The pictures' files are already on the disk. */
    add: unsynced(
      db,
      whole(db, (piece: CopiedPiece, now: number): void => {
        for (const row of piece.messages) {
          message.run({ ...row, error: row.error === null ? null : JSON.stringify(row.error) })
        }
        for (const row of piece.images) addImage({ ...row, expiresAt: now + hiddenForMs })
        for (const { messageId, imageIds } of piece.attachments) images.attach(messageId, imageIds)
      }),
    ),

    /** Records a picture that stands in no conversation; its file is already on the disk. */
    addImage,

    /** Everybody who may sees the conversation from now on. With this commit all its pieces are on the disk. */
    show: whole(db, (id: string): void => {
      show.run(id)
      keepImages.run(id)
    }),

    /** Done with, or given up: what is left hidden is taken away later. */
    letGo: (id: string) => void inHand.delete(id),

    /** Nobody sees the conversation any more: it is being removed. */
    hide(id: string): void {
      inHand.add(id)
      hide.run(owner, id)
    },

    /** What is hidden and not in hand here, and by which other process, be it alive or not. */
    hidden: () =>
      hidden
        .all()
        .filter(({ id }) => !inHand.has(id))
        .map(({ id, owner: by }) => ({ id, other: by === owner ? undefined : by })),

    /**
     * Removes up to `most` messages of a hidden conversation, with all that belongs to them; with the last of
     * them the conversation itself. The caller removes the files.
     * @returns whether any of it is left
     */
    removeSome: unsynced(
      db,
      whole(db, (id: string, most: number): boolean => {
        const rows = someMessages.all(id, most)
        messageImages.removeOf(rows.map((row) => row.id))
        messageTurns.removeOf(rows)
        for (const { seq } of rows) {
          forgetWords.run(seq)
          removeMessage.run(seq)
        }
        if (rows.length === most) return true
        remove.run(id)
        return false
      }),
    ),
  }

  function addImage(row: CopiedImage): void {
    image.run({
      ...row,
      described: row.described ? 1 : 0,
      refineFallback: row.refineFallback ? 1 : 0,
      starred: row.starred ? 1 : 0,
      context: row.context === null ? null : JSON.stringify(row.context),
      parameters: JSON.stringify(row.parameters),
    })
  }
}
