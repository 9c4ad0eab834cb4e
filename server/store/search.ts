import type { Db } from './database.ts'
import { unsynced } from './unsynced.ts'
import { whole } from './whole.ts'
import { foldedText, matchExpression, scopeWords } from './search-words.ts'

/** How many of the newest hits a search looks at, so that its cost does not grow with the history. */
const mostHits = 1000

export interface MessageHit {
  messageId: string
  conversationId: string
  /** The text around the hit, with the found words between \u0001 and \u0002. */
  snippet: string
}

export interface Passage {
  messageId: string
  sender: 'user' | 'model'
  kind: string
  text: string
}

/** Words of messages. The index is filled after the turn, outside its transaction. */
export function searchStore(db: Db) {
  const unindexed = db.prepare<
    [number],
    { seq: number; userId: string; conversationId: string; text: string }
  >(
    `select m.seq, c.user_id as userId, m.conversation_id as conversationId, m.text
     from messages m join conversations c on c.id = m.conversation_id
     where m.indexed = 0 order by m.seq limit ?`,
  )
  const forget = db.prepare<[number]>(`delete from message_words where rowid = ?`)
  const add = db.prepare<[number, string, string]>(
    `insert into message_words (rowid, scope, text) values (?, ?, ?)`,
  )
  const indexed = db.prepare<[number]>(`update messages set indexed = 1 where seq = ?`)
  // What is hidden is left out before the newest are taken: a long copy under way would else be all of them.
  const hits = db.prepare<
    [string],
    { seq: number; messageId: string; conversationId: string; snippet: string }
  >(
    `select m.seq, m.id as messageId, m.conversation_id as conversationId,
       snippet(message_words, 1, char(1), char(2), '…', 12) as snippet
     from message_words
     cross join messages m on m.seq = message_words.rowid
     cross join conversations c on c.id = m.conversation_id
     where message_words match ? and c.hidden_by is null
     order by message_words.rowid desc limit ${mostHits}`,
  )
  const titles = db.prepare<[string, string], { id: string }>(
    `select id from conversations where user_id = ? and instr(folded(title), ?) > 0 order by updated_at desc limit ${mostHits}`,
  )
  // The newest hits first, then the best of them: ranking all hits of a common word would cost what the history is long.
  const passages = db.prepare<[string, number], Passage & { rank: number }>(
    `select m.id as messageId, m.sender, m.kind, m.text from
       (select rowid as seq, rank as score from message_words where message_words match ? order by rowid desc limit ${mostHits}) h
     join messages m on m.seq = h.seq
     where m.kind = 'chat' or m.kind = 'image'
     order by h.score limit ?`,
  )

  return {
    /**
     * Puts up to `limit` messages into the index.
     * @returns how many; fewer than `limit` means that the index is complete.
     */
    indexSome: unsynced(
      db,
      whole(db, (limit: number): number => {
        const rows = unindexed.all(limit)
        for (const row of rows) {
          forget.run(row.seq)
          if (row.text !== '') add.run(row.seq, scopeWords(row.userId, row.conversationId), row.text)
          indexed.run(row.seq)
        }
        return rows.length
      }),
    ),

    /** Messages of this user that hold all the words, newest first. */
    messages(userId: string, words: string): MessageHit[] {
      const expression = matchExpression(words, { userId })
      return expression === undefined ? [] : hits.all(expression)
    },

    /** Conversations of this user whose title holds the text. */
    titles(userId: string, text: string): string[] {
      return titles.all(userId, foldedText(text)).map((row) => row.id)
    },

    /** What earlier parts of a conversation say about any of the words, best first. */
    passages(userId: string, conversationId: string, words: readonly string[], limit: number): Passage[] {
      const expression = matchExpression(words.join(' '), { userId, conversationId, any: true })
      return expression === undefined ? [] : passages.all(expression, limit)
    },
  }
}
