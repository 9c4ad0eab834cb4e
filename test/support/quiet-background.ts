import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, vi } from 'vitest'

/**
 * Waits until nothing is left to do in the background: after a turn its pictures are described and the words of all are
 * found, which are the last chores. Then nothing changes and nobody is asked anything by itself.
 */
export async function quietBackground(storageDir: string): Promise<void> {
  const db = new Database(path.join(storageDir, 'easel.sqlite'), { readonly: true })
  const waiting = db.prepare('select count(*) from images where described = 0 or indexed = 0').pluck()
  try {
    await vi.waitFor(() => expect(waiting.get()).toBe(0), { timeout: 30_000, interval: 20 })
  } finally {
    db.close()
  }
}
