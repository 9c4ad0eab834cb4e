import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEasel, type Easel } from '../support/easel.ts'

let easel: Easel
beforeAll(async () => {
  easel = await startEasel({ offline: true })
})
afterAll(() => easel.close())

it('takes away what a stopped server had not finished to copy, and nothing else', async () => {
  const anna = await easel.user('anna')
  const id = await anna.conversation()
  const { body } = await anna.say(id, '/image a lighthouse --raw')
  const folders = path.join(easel.storageDir, 'conversations')
  const fork = await anna.post(`/api/conversations/${id}/fork`, { message_id: body.id })
  expect(readdirSync(path.join(folders, fork.body.id))).toEqual(['images'])

  // Stopped before its rows were written; stopped just after; of a database that was restored from an old backup.
  const half = '01990000-0000-7000-8000-0000000000c1'
  const restored = '01990000-0000-7000-8000-0000000000c2'
  for (const name of [half, restored]) {
    mkdirSync(path.join(folders, name, 'images'), { recursive: true })
    writeFileSync(path.join(folders, name, 'images', 'img_1.png'), 'picture')
  }
  const mark = (name: string) => path.join(folders, name, 'arriving')
  writeFileSync(mark(half), '')
  writeFileSync(mark(fork.body.id), '')

  await easel.restart()
  await expect.poll(() => existsSync(path.join(folders, half))).toBe(false)
  await expect.poll(() => existsSync(mark(fork.body.id))).toBe(false)
  const image = (await anna.get(`/api/images?conversation_id=${fork.body.id}`)).body.items[0]
  expect((await anna.ask('HEAD', image.url)).status).toBe(200)
  expect(existsSync(path.join(folders, restored, 'images', 'img_1.png'))).toBe(true)
  rmSync(path.join(folders, restored), { recursive: true })
})
