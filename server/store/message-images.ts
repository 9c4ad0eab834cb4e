import type { Db } from './database.ts'

export type MessageImages = ReturnType<typeof messageImages>

/** What becomes of pictures when the messages go on which they stand. */
export function messageImages(db: Db) {
  const ofMessages = db.prepare<[string], { id: string; seq: number; path: string }>(
    `select id, seq, path from images where message_id in (select value from json_each(?))`,
  )
  const forgetWords = db.prepare<[number]>(`delete from image_words where rowid = ?`)
  const orphanChildren = db.prepare<[string]>(`update images set parent_id = null where parent_id = ?`)
  const remove = db.prepare<[string]>(`delete from images where id = ?`)
  // What is attached nowhere any more expires by a trigger.
  const detach = db.prepare<[string]>(
    `delete from attachments where message_id in (select value from json_each(?))`,
  )

  return {
    /**
     * Part of a transaction: removes the pictures that were made on these messages, and lets go of uploads
     * that stand on no other message.
     * @returns the paths of the files that may have become nobody's.
     */
    removeOf(ids: readonly string[]): string[] {
      const list = JSON.stringify(ids)
      const rows = ofMessages.all(list)
      for (const row of rows) {
        forgetWords.run(row.seq)
        orphanChildren.run(row.id)
        remove.run(row.id)
      }
      detach.run(list)
      return rows.map((row) => row.path)
    },
  }
}
