import type { ConversationRow } from './conversations.ts'
import type { Db } from './database.ts'
import type { ImageRow } from './images.ts'
import type { MessageRow } from './messages.ts'

/** A conversation with its counts, which its messages and pictures do not raise any more. */
export type CopiedConversation = Omit<ConversationRow, 'activeTurnId'> & {
  /** The number of its newest picture. */
  imageCount: number
}

/** A message that was said elsewhere; it has no turn here. */
export type CopiedMessage = Omit<MessageRow, 'seq' | 'turnId'>

/** A picture that was made elsewhere; it keeps its number. */
export type CopiedImage = Omit<ImageRow, 'seq'>

/**
 * What forks and imports write, and the lists that they and exports read. The verbs that write are parts of a
 * transaction. Nothing here asks whose it is: callers come with a conversation that was loaded for its owner.
 */
export function copyStore(db: Db) {
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
    }
  >(
    `insert into conversations (id, user_id, title, titled_by, summary, memory_pad, chat_model, settings,
       active_message_id, pinned, archived, message_count, image_count, created_at, updated_at)
     values (@id, @userId, @title, @titledBy, @summary, @memoryPad, @chatModel, @settings,
       @activeMessageId, @pinned, @archived, @messageCount, @imageCount, @createdAt, @updatedAt)`,
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

  const row = db.prepare<[string], { id: string }>(`select id from conversations where id = ?`)

  return {
    exists: (conversationId: string) => row.get(conversationId) !== undefined,

    /** Every message of a conversation, all branches, in the order of arrival: parents before their children. */
    messageIds: (conversationId: string): string[] => all.all(conversationId),

    /** The newest `most` messages of the branch that ends at a message, the oldest of them first. */
    pathIds: (conversationId: string, leafId: string, most: number): string[] =>
      path.all(leafId, conversationId, most),

    addConversation(row: CopiedConversation): void {
      conversation.run({
        ...row,
        settings: JSON.stringify(row.settings),
        pinned: row.pinned ? 1 : 0,
        archived: row.archived ? 1 : 0,
      })
    },

    addMessage(row: CopiedMessage): void {
      message.run({ ...row, error: row.error === null ? null : JSON.stringify(row.error) })
    },

    /** The picture's file is already on the disk. */
    addImage(row: CopiedImage): void {
      image.run({
        ...row,
        described: row.described ? 1 : 0,
        refineFallback: row.refineFallback ? 1 : 0,
        starred: row.starred ? 1 : 0,
        context: row.context === null ? null : JSON.stringify(row.context),
        parameters: JSON.stringify(row.parameters),
      })
    },
  }
}
