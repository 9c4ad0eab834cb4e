import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
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

/** The next sync fails like a disk that is going. */
function failOnce(): void {
  const fault = () => Object.assign(new Error('EIO: made up by the test, fdatasync'), { code: 'EIO' })
  function restore(): void {
    Object.assign(fs, { fdatasync, fdatasyncSync })
    syncBuiltinESMExports()
  }
  Object.assign(fs, {
    fdatasyncSync: () => {
      restore()
      throw fault()
    },
    fdatasync: (_file: number, done: (error: Error) => void) => {
      restore()
      done(fault())
    },
  })
  syncBuiltinESMExports()
}

it('answers all the same when a sync fails once: the log goes to the database itself', async () => {
  const anna = await easel.user()
  const conversation = await anna.conversation()
  failOnce()
  const streamed = await anna.stream(conversation, 'hello')
  expect(eventsOf(streamed, 'done')[0]?.message.state).toBe('complete')
  await comesToRest(easel.storageDir)
})
