import { copyFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../server/store/database.ts'
import { openSharedSync } from '../../server/store/shared-sync.ts'
import { openStore } from '../../server/store/store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function open() {
  const folder = temporaryFolder()
  const db = openDatabase(folder, () => 1)
  const store = openStore(db, 'somebody')
  onTestFinished(() => {
    store.close()
    db.close()
  })
  return { folder, db, store }
}

/** How many rows the database file holds without its log. */
function rowsWithoutLog(folder: string): number {
  const copy = path.join(folder, 'copy.sqlite')
  copyFileSync(path.join(folder, 'easel.sqlite'), copy)
  const db = new Database(copy, { readonly: true })
  try {
    return db.prepare<[], { rows: number }>('select count(*) as rows from notes').get()?.rows ?? 0
  } finally {
    db.close()
  }
}

it('waits for the log alone, for all who ask at once', async () => {
  const { folder, db, store } = open()
  db.exec('create table notes (text text)')
  db.pragma('wal_checkpoint(TRUNCATE)')
  store.togetherUnsynced(() => db.prepare('insert into notes values (?)').run('one'))
  await Promise.all([store.onDisk(), store.onDisk(), store.onDisk()])
  await store.onDisk()
  expect(rowsWithoutLog(folder)).toBe(0)
})

it('writes to the database itself what the log could not bring to the disk', async () => {
  const { folder, db, store } = open()
  db.exec('create table notes (text text)')
  // Whatever fails: here the file is not open any more.
  store.close()
  store.togetherUnsynced(() => db.prepare('insert into notes values (?)').run('one'))
  await store.onDisk()
  expect(rowsWithoutLog(folder)).toBe(1)
})

it('syncs no file after it was closed', async () => {
  const { db } = open()
  const log = openSharedSync(`${db.name}-wal`)
  log.close()
  const waiting = [log.synced(), log.synced()]
  for (const one of waiting) await expect(one).rejects.toThrow('is closed')
})
