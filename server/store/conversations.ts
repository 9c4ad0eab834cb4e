import type {
  ConversationPatch,
  ConversationSettings,
  ConversationsQuery,
} from '../contract/conversations.ts'
import { ConversationSettings as SettingsSchema } from '../contract/conversations.ts'
import type { Db } from './database.ts'
import { whole } from './whole.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

export interface ConversationRow {
  id: string
  userId: string
  title: string
  titledBy: 'nobody' | 'model' | 'user'
  summary: string
  memoryPad: string
  chatModel: string | null
  settings: ConversationSettings
  activeMessageId: string | null
  activeTurnId: string | null
  pinned: boolean
  archived: boolean
  messageCount: number
  createdAt: number
  updatedAt: number
}

type Stored = Omit<ConversationRow, 'settings' | 'pinned' | 'archived'> & {
  settings: string
  pinned: number
  archived: number
}

const columns = `
  c.id, c.user_id as userId, c.title, c.titled_by as titledBy, c.summary, c.memory_pad as memoryPad,
  c.chat_model as chatModel, c.settings, c.active_message_id as activeMessageId,
  (select t.id from turns t where t.conversation_id = c.id and t.state = 'running') as activeTurnId,
  c.pinned, c.archived, c.message_count as messageCount, c.created_at as createdAt, c.updated_at as updatedAt`

function fromStored(row: Stored): ConversationRow {
  return {
    ...row,
    settings: SettingsSchema.parse(JSON.parse(row.settings)),
    pinned: row.pinned === 1,
    archived: row.archived === 1,
  }
}

export type ConversationStore = ReturnType<typeof conversationStore>

/** Conversations. Each verb that takes a user id answers nothing for anybody else's conversation. */
export function conversationStore(db: Db) {
  const insert = db.prepare<[string, string, string, string, number, number]>(
    `insert into conversations (id, user_id, title, titled_by, created_at, updated_at) values (?, ?, ?, ?, ?, ?)`,
  )
  const byId = db.prepare<[string, string], Stored>(
    `select ${columns} from conversations c where c.id = ? and c.user_id = ? and c.hidden_by is null`,
  )
  const page = db.prepare<[string, number, number | null, number, number, string, number], Stored>(
    `select ${columns} from conversations c
     where c.user_id = ? and c.archived = ? and c.hidden_by is null and c.pinned = coalesce(?, c.pinned) and (c.updated_at < ? or (c.updated_at = ? and c.id < ?))
     order by c.updated_at desc, c.id desc limit ?`,
  )
  const title = db.prepare<[string, string, string]>(
    `update conversations set title = ?, titled_by = ? where id = ?`,
  )
  const autoTitle = db.prepare<[string, string]>(
    `update conversations set title = ?, titled_by = 'model' where id = ? and titled_by = 'nobody'`,
  )
  const memoryPad = db.prepare<[string, string]>(`update conversations set memory_pad = ? where id = ?`)
  const chatModel = db.prepare<[string | null, string]>(
    `update conversations set chat_model = ? where id = ?`,
  )
  const settings = db.prepare<[string, string]>(`update conversations set settings = ? where id = ?`)
  const active = db.prepare<[string, string]>(`update conversations set active_message_id = ? where id = ?`)
  const showEnd = db.prepare<[string, number, number, string]>(
    `update conversations set active_message_id = ?, message_count = message_count + ?, updated_at = ?, archived = 0
     where id = ?`,
  )
  const pinned = db.prepare<[number, string]>(`update conversations set pinned = ? where id = ?`)
  const archived = db.prepare<[number, string]>(`update conversations set archived = ? where id = ?`)
  function find(userId: string, id: string): ConversationRow | undefined {
    const row = byId.get(id, userId)
    return row && fromStored(row)
  }

  return {
    find,

    create(row: {
      id: string
      userId: string
      title: string | undefined
      /** What it is called until somebody, or a model, has a title for it. */
      untitled?: string
      now: number
    }): ConversationRow {
      const titledBy = row.title === undefined ? 'nobody' : 'user'
      insert.run(row.id, row.userId, row.title ?? row.untitled ?? '', titledBy, row.now, row.now)
      const made = find(row.userId, row.id)
      if (!made) throw new Error('a conversation is gone right after it was made')
      return made
    },

    /** A page of the list, newest activity first. */
    list(userId: string, { archived, pinned, cursor, limit }: Omit<ConversationsQuery, 'q'>) {
      const [updatedAt, id] = decodeCursor(cursor)
      const only = pinned === undefined ? null : Number(pinned)
      const rows = page.all(userId, Number(archived ?? false), only, updatedAt, updatedAt, id, limit + 1)
      const items = rows.slice(0, limit).map(fromStored)
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodeCursor(last.updatedAt, last.id) : null }
    },

    /** Applies what the patch names, whole or not at all. `active_message_id` must have been checked to be of this conversation. */
    patch: whole(db, (id: string, patch: ConversationPatch, present: ConversationSettings): void => {
      if (patch.title !== undefined) title.run(patch.title, 'user', id)
      if (patch.memory_pad !== undefined) memoryPad.run(patch.memory_pad, id)
      if (patch.chat_model !== undefined) chatModel.run(patch.chat_model, id)
      if (patch.settings !== undefined) settings.run(JSON.stringify({ ...present, ...patch.settings }), id)
      if (patch.active_message_id !== undefined) active.run(patch.active_message_id, id)
      if (patch.pinned !== undefined) pinned.run(patch.pinned ? 1 : 0, id)
      if (patch.archived !== undefined) archived.run(patch.archived ? 1 : 0, id)
    }),

    /** Part of a transaction: so many new messages stand in the conversation, and this one at its end. */
    showEnd(id: string, messageId: string, added: number, now: number): void {
      showEnd.run(messageId, added, now, id)
    },

    /** Gives a title that a model found; one that somebody chose stays. */
    suggestTitle(id: string, suggestion: string): boolean {
      return autoTitle.run(suggestion, id).changes > 0
    },
  }
}
