import type { Db } from './database.ts'
import { imageColumns, type StoredImage } from './image-row.ts'
import { scopeWords } from './search-words.ts'
import { unsynced } from './unsynced.ts'

/** The words by which pictures are found. */
export function imageWords(db: Db) {
  const unindexed = db.prepare<[number], StoredImage>(
    `select ${imageColumns} from images i where i.indexed = 0 order by i.seq limit ?`,
  )
  const forgetWords = db.prepare<[number]>(`delete from image_words where rowid = ?`)
  const addWords = db.prepare<[number, string, string]>(
    `insert into image_words (rowid, scope, text) values (?, ?, ?)`,
  )
  const indexed = db.prepare<[number]>(`update images set indexed = 1 where seq = ?`)

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
    /** Part of a transaction: the picture's row goes. */
    forget: (seq: number) => void forgetWords.run(seq),

    /**
     * Puts up to `limit` pictures' words (caption, alternative text, description, prompts) into the index.
     * @returns how many; fewer than `limit` means that the index is complete.
     */
    indexSome: unsynced(db, (limit: number) => indexWords.immediate(limit)),
  }
}
