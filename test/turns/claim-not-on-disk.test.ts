import fs from 'node:fs'
import path from 'node:path'
import { syncBuiltinESMExports } from 'node:module'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { appDatabase } from '../support/app-database.ts'
import { eventsOf } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { comesToRest } from '../support/ledger-at-rest.ts'

let easel: Easel
beforeAll(async () => {
  easel = await startEasel()
})
afterAll(() => easel.close())

const { fdatasync, fdatasyncSync } = fs
afterEach(() => {
  Object.assign(fs, { fdatasync, fdatasyncSync })
  syncBuiltinESMExports()
})

/** Happens in the place of the next sync. */
function insteadOfSync(act: () => void): void {
  function once(): void {
    Object.assign(fs, { fdatasync, fdatasyncSync })
    syncBuiltinESMExports()
    act()
  }
  Object.assign(fs, {
    fdatasyncSync: once,
    fdatasync: (_file: number, done: (error: unknown) => void) => {
      try {
        once()
      } catch (fault) {
        done(fault)
        return
      }
      done(null)
    },
  })
  syncBuiltinESMExports()
}

/** The next sync fails like a disk that is going. */
function failOnce(): void {
  insteadOfSync(() => {
    throw Object.assign(new Error('EIO: made up by the test, fdatasync'), { code: 'EIO' })
  })
}

it('answers all the same when a sync fails once: the log goes to the database itself', async () => {
  const anna = await easel.user()
  const conversation = await anna.conversation()
  failOnce()
  const streamed = await anna.stream(conversation, 'hello')
  expect(eventsOf(streamed, 'done')[0]?.message.state).toBe('complete')
  await comesToRest(easel.storageDir)
})

it('fails the turn, and its call, when the claim cannot be brought to the disk at all', async () => {
  const anna = await easel.user()
  const conversation = await anna.conversation()
  const own = await appDatabase(easel.storageDir, () => anna.get('/api/conversations'))
  own.pragma('busy_timeout = 0')
  // Whoever reads an older state keeps the log from being written to the database.
  const reader = new Database(path.join(easel.storageDir, 'easel.sqlite'), { readonly: true })
  reader.exec('begin')
  reader.prepare('select count(*) from users').get()
  failOnce()
  const streamed = await anna.stream(conversation, 'hello')
  expect(eventsOf(streamed, 'done')[0]?.message.state).toBe('failed')
  reader.exec('rollback')
  const calls = reader
    .prepare<[string], object>(
      `select state, error_code as code from generations where conversation_id = ? and kind = 'chat'`,
    )
    .all(conversation)
  reader.close()
  own.pragma('busy_timeout = 5000')
  expect(calls).toEqual([{ state: 'failed', code: 'internal_error' }])
  await comesToRest(easel.storageDir)
})

it('adds a note to the memory pad as it stands when the turn may begin', async () => {
  const anna = await easel.user()
  const conversation = await anna.conversation()
  insteadOfSync(() => {
    const other = new Database(path.join(easel.storageDir, 'easel.sqlite'))
    other.prepare('update conversations set memory_pad = ? where id = ?').run('Anna paints.', conversation)
    other.close()
  })
  await anna.say(conversation, '/memory In gouache.')
  const { body } = await anna.get(`/api/conversations/${conversation}`)
  expect(body.memory_pad).toBe('Anna paints.\nIn gouache.')
})
