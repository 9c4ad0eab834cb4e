import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../server/store/database.ts'
import { unsynced } from '../../server/store/unsynced.ts'
import { whole } from '../../server/store/whole.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const normal = 1
const full = 2

function opened() {
  const db = openDatabase(temporaryFolder(), () => 0)
  onTestFinished(() => {
    db.close()
  })
  return { db, level: () => db.pragma('synchronous', { simple: true }) }
}

test('only the write itself does without the sync, also when it fails', () => {
  const { db, level } = opened()
  expect(unsynced(db, level)()).toBe(normal)
  expect(level()).toBe(full)
  const failing = unsynced(db, () => {
    throw new Error('no')
  })
  expect(failing).toThrow('no')
  expect(level()).toBe(full)
})

test('within a larger transaction everything is synced', () => {
  const { db, level } = opened()
  expect(whole(db, unsynced(db, level))()).toBe(full)
  expect(level()).toBe(full)
})
