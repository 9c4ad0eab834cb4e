import type { EventError } from '../contract/turns.ts'
import type { MessageState } from '../contract/messages.ts'
import type { Db } from './database.ts'
import { whole } from './whole.ts'

export interface MessageRow {
  seq: number
  id: string
  conversationId: string
  parentId: string | null
  turnId: string | null
  sender: 'user' | 'model'
  /** `chat`, `image`, or the name of a command, whose exchange is kept out of the models' context. */
  kind: string
  text: string
  model: string | null
  state: MessageState
  warning: string | null
  error: EventError | null
  costMicro: number | null
  /** What the path up to and with this message says, where it was summarised here. */
  summary: string | null
  createdAt: number
}

/** What a prompt takes of a message. */
export type SpokenMessage = Pick<MessageRow, 'id' | 'sender' | 'kind' | 'text' | 'state' | 'summary'>

type Stored = Omit<MessageRow, 'error'> & { error: string | null }

const columns = `
  m.seq, m.id, m.conversation_id as conversationId, m.parent_id as parentId, m.turn_id as turnId, m.sender, m.kind,
  m.text, m.model, m.state, m.warning, m.error, m.cost_micro as costMicro, m.summary, m.created_at as createdAt`

export interface NewMessage {
  id: string
  conversationId: string
  parentId: string | null
  /** Null where no turn made it. */
  turnId: string | null
  sender: 'user' | 'model'
  kind: string
  text: string
  model: string | null
  state: MessageState
  now: number
}

export interface MessageEnd {
  text: string
  state: MessageState
  model: string | null
  warning: string | null
  error: EventError | null
  costMicro: number | null
}

/** A message as it stands right after it was inserted; `seq` is the one that reading it would tell. */
export function freshRow({ now, ...message }: NewMessage): Omit<MessageRow, 'seq'> {
  return { ...message, warning: null, error: null, costMicro: null, summary: null, createdAt: now }
}

function fromStored(row: Stored): MessageRow {
  // Written by this server from an EventError, and by nobody else.
  return { ...row, error: row.error === null ? null : (JSON.parse(row.error) as EventError) }
}

export type MessageStore = ReturnType<typeof messageStore>

/**
 * Messages of a conversation: a tree. Nothing here asks whose they are: callers come with a conversation
 * that was loaded for its owner.
 */
export function messageStore(db: Db) {
  const insert = db.prepare<
    [
      string,
      string,
      string | null,
      string | null,
      string,
      string,
      string,
      string | null,
      string,
      number,
      number,
    ]
  >(
    `insert into messages (id, conversation_id, parent_id, turn_id, sender, kind, text, model, state, indexed, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const uncount = db.prepare<[number, string]>(
    `update conversations set message_count = message_count - ? where id = ?`,
  )
  const byId = db.prepare<[string, string], Stored>(
    `select ${columns} from messages m where m.id = ? and m.conversation_id = ?`,
  )
  // SQLite stops the recursion at the limit, so the cost is that of the page, not of the conversation.
  const path = db.prepare<[string, string, number], Stored>(
    `with recursive path (seq, parent_id, steps) as (
       select seq, parent_id, 1 from messages where id = ? and conversation_id = ?
       union all
       select m.seq, m.parent_id, path.steps + 1 from path join messages m on m.id = path.parent_id
       where path.steps < ?
     )
     select ${columns} from path join messages m on m.seq = path.seq order by path.steps`,
  )
  const pathBelow = db.prepare<{ conversationId: string; leaf: string; id: string; limit: number }, Stored>(
    `with recursive path (seq, id, parent_id, steps) as (
       select seq, id, parent_id, 1 from messages where id = @leaf and conversation_id = @conversationId
       union all
       select m.seq, m.id, m.parent_id, path.steps + 1 from path join messages m on m.id = path.parent_id
       where path.id <> @id
     ),
     -- Only what is answered is read whole.
     shown as (select seq, steps from path order by steps desc limit @limit)
     select ${columns} from shown join messages m on m.seq = shown.seq order by shown.steps desc`,
  )
  const pathToSummary = db.prepare<[string, string, number, number], SpokenMessage>(
    `with recursive path (seq, parent_id, summarised, steps) as (
       select seq, parent_id, summary is not null, 1 from messages where id = ? and conversation_id = ?
       union all
       select m.seq, m.parent_id, path.summarised or m.summary is not null, path.steps + 1
       from path join messages m on m.id = path.parent_id
       where path.steps < ? and (not path.summarised or path.steps < ?)
     )
     select m.id, m.sender, m.kind, m.text, m.state, m.summary from path join messages m on m.seq = path.seq order by path.steps`,
  )
  const children = `select id from messages where conversation_id = ? and parent_id is ?`
  const childIds = db.prepare<[string, string | null], string>(`${children} order by seq`).pluck()
  const fewChildIds = db.prepare<[string, string | null], string>(`${children} limit 2`).pluck()
  const newestChild = db.prepare<[string, string], { id: string }>(
    `select id from messages where conversation_id = ? and parent_id = ? order by seq desc limit 1`,
  )
  const subtree = db.prepare<
    { id: string; conversationId: string },
    { id: string; seq: number; turnId: string | null }
  >(
    `with recursive below (id, seq, turn_id) as (
       select id, seq, turn_id from messages where id = @id and conversation_id = @conversationId
       union all
       select m.id, m.seq, m.turn_id from below
       join messages m on m.parent_id = below.id and m.conversation_id = @conversationId
     ) select id, seq, turn_id as turnId from below`,
  )
  const removeOne = db.prepare<[string]>(`delete from messages where id = ?`)
  const forgetWords = db.prepare<[number]>(`delete from message_words where rowid = ?`)
  const correct = db.prepare<[string, string]>(`update messages set text = ?, indexed = 0 where id = ?`)
  const progress = db.prepare<[string, string]>(
    `update messages set text = ? where id = ? and state = 'streaming'`,
  )
  const finish = db.prepare<
    [string, string, string | null, string | null, string | null, number | null, string]
  >(
    `update messages set text = ?, state = ?, model = coalesce(?, model), warning = ?, error = ?, cost_micro = ?, indexed = 0
     where id = ? and state = 'streaming'`,
  )
  const addLate = db.prepare<[string, number, string]>(
    `update messages set text = text || ?, cost_micro = nullif(coalesce(cost_micro, 0) + ?, 0), indexed = 0 where id = ?`,
  )
  const summarise = db.prepare<[string, string]>(`update messages set summary = ? where id = ?`)
  const conversationSummary = db.prepare<[string, string]>(
    `update conversations set summary = ? where id = ?`,
  )
  const active = db.prepare<[string | null, string]>(
    `update conversations set active_message_id = ? where id = ?`,
  )

  function find(conversationId: string, id: string): MessageRow | undefined {
    const row = byId.get(id, conversationId)
    return row && fromStored(row)
  }

  return {
    find,

    /** Part of a transaction: adds a message. The conversation counts it by `showEnd`. */
    insert(message: NewMessage): void {
      insert.run(
        message.id,
        message.conversationId,
        message.parentId,
        message.turnId,
        message.sender,
        message.kind,
        message.text,
        message.model,
        message.state,
        // A streaming message is indexed once its text stands.
        message.state === 'streaming' ? 1 : 0,
        message.now,
      )
    },

    /** The branch that ends at `leafId`, newest first, at most `limit` messages of it. */
    pathFrom(conversationId: string, leafId: string, limit: number): MessageRow[] {
      return path.all(leafId, conversationId, limit).map(fromStored)
    },

    /**
     * What follows a message on the branch that ends at `leafId`, oldest first, at most `limit` messages of it;
     * undefined where the message does not stand on that branch. Costs a step for each message below it.
     */
    pathAfter(conversationId: string, leafId: string, id: string, limit: number): MessageRow[] | undefined {
      const [first, ...after] = pathBelow.all({ conversationId, leaf: leafId, id, limit: limit + 1 })
      return first?.id === id ? after.map(fromStored) : undefined
    },

    /**
     * The branch that ends at `leafId`, newest first, back to its newest summary, which says what was before;
     * `least` messages of it in any case, and at most `most`.
     */
    pathToSummary(
      conversationId: string,
      leafId: string,
      { least, most }: { least: number; most: number },
    ): SpokenMessage[] {
      return pathToSummary.all(leafId, conversationId, most, least)
    },

    /** All versions that stand where this message stands, in the order they were made. */
    siblingIds(message: { conversationId: string; parentId: string | null }): string[] {
      // SQLite plans a question with an order anew each time; most messages have one version.
      const few = fewChildIds.all(message.conversationId, message.parentId)
      return few.length < 2 ? few : childIds.all(message.conversationId, message.parentId)
    },

    /** The end of the newest branch through a message. */
    leafBelow(conversationId: string, id: string): string {
      let leaf = id
      for (
        let next = newestChild.get(conversationId, leaf);
        next;
        next = newestChild.get(conversationId, leaf)
      ) {
        leaf = next.id
      }
      return leaf
    },

    /** Part of a transaction: the end of a turn; a message that already ended stays as it is. */
    finish(id: string, end: MessageEnd): boolean {
      const error = end.error === null ? null : JSON.stringify(end.error)
      return finish.run(end.text, end.state, end.model, end.warning, error, end.costMicro, id).changes > 0
    },

    /** Part of a transaction: adds a picture, and what it cost, to an answer that has ended without it. */
    addLate(id: string, markdown: string, costMicro: number): void {
      addLate.run(markdown, costMicro, id)
    },

    /** Part of a transaction: what has been written so far. */
    saveProgress(id: string, text: string): void {
      progress.run(text, id)
    },

    correct(id: string, text: string): void {
      correct.run(text, id)
    },

    /** Keeps the summary of a path at its last message, and on the conversation for its owner to read. */
    saveSummary: whole(db, (conversationId: string, messageId: string, summary: string): void => {
      summarise.run(summary, messageId)
      conversationSummary.run(summary, conversationId)
    }),

    /**
     * Part of a transaction: drops a message with all that follows it, in every branch. The branch that is shown then ends at the
     * newest message that is left beside or above it.
     * @returns the messages that went.
     */
    removeWithFollowers(
      conversationId: string,
      id: string,
      shownLeaf: string | null,
    ): { id: string; turnId: string | null }[] {
      const root = byId.get(id, conversationId)
      if (!root) return []
      const gone = subtree.all({ id, conversationId })
      for (const row of gone) {
        forgetWords.run(row.seq)
        removeOne.run(row.id)
      }
      uncount.run(gone.length, conversationId)
      if (shownLeaf !== null && gone.some((row) => row.id === shownLeaf)) {
        const versions = childIds.all(conversationId, root.parentId)
        let leaf = versions.at(-1) ?? root.parentId
        for (let next = leaf && newestChild.get(conversationId, leaf); next;) {
          leaf = next.id
          next = newestChild.get(conversationId, leaf)
        }
        active.run(leaf, conversationId)
      }
      return gone
    },
  }
}
