import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { Client, eventsOf } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { failDisk, noLinks } from '../support/failing-disk.ts'
import { asksForPicture, picture, when } from '../support/fake-openrouter/behaviours.ts'
import { comesToRest } from '../support/ledger-at-rest.ts'
import { pictureCalls } from '../support/picture-calls.ts'
import { samplePng } from '../support/sample-pictures.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let easel: Easel
let anna: Client
let bytes: Buffer
beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
  bytes = await samplePng({ width: 64, height: 64 })
  easel.fake?.always(when(asksForPicture, picture({ bytes })))
})
afterAll(() => easel.close())

function painted(): number {
  return easel.fake ? pictureCalls(easel.fake) : 0
}

it('refuses pictures before it spends anything when the disk is nearly full', async () => {
  const conversation = await anna.conversation()
  const before = painted()
  const disk = failDisk({ verb: 'statfs', code: 'ENOSPC', on: /./ })
  const refused = [
    await anna.say(conversation, '/image a fox'),
    await anna.post('/api/generate-image', { prompt: 'a fox' }),
  ]
  expect(disk.failed).toBe(2)
  for (const answer of refused) {
    expect(answer).toMatchObject({ status: 507, body: { code: 'storage_full' } })
  }
  expect(painted()).toBe(before)
  const messages = await anna.get(`/api/conversations/${conversation}/messages`)
  expect(messages.body.items).toEqual([])
  await comesToRest(easel.storageDir)
})

it('waits with a received picture until a full disk has room again', async () => {
  const conversation = await anna.conversation()
  const disk = failDisk({ verb: 'link', code: 'ENOSPC', times: 2 })
  const streamed = await anna.stream(conversation, '/image a fox --raw')
  expect(disk.failed).toBe(2)
  expect(eventsOf(streamed, 'done')[0]?.message).toMatchObject({
    state: 'complete',
    generated_images: [{ number: 1 }],
  })
  await comesToRest(easel.storageDir)
})

it.each(noLinks)('keeps pictures on a disk that answers %s to hard links', async (code) => {
  const conversation = await anna.conversation()
  const disk = failDisk({ verb: 'link', code })
  for (const turn of [1, 2]) {
    const streamed = await anna.stream(conversation, '/image a fox --raw')
    expect(disk.failed).toBe(turn)
    const [shown] = eventsOf(streamed, 'done')[0]?.message.generated_images ?? []
    expect((await anna.bytes(shown?.url ?? '')).bytes).toEqual(bytes)
  }
  await comesToRest(easel.storageDir)
})

it('fails honestly where a received picture cannot be named, and takes it up when the disk is well', async () => {
  const conversation = await anna.conversation()
  const before = painted()
  const disk = failDisk({ verb: 'link', code: 'EIO' })
  const streamed = await anna.stream(conversation, '/image a fox --raw')
  expect(eventsOf(streamed, 'done')[0]?.message).toMatchObject({
    state: 'failed',
    error: { code: 'internal_error', retryable: true },
    generated_images: [],
  })
  disk.mend()

  // Whoever looks for what was left, while the server still runs: here a second one that starts.
  const second = await startEasel(
    easel.fake ? { on: { storageDir: easel.storageDir, fake: easel.fake } } : {},
  )
  onTestFinished(() => second.close())
  const messages = await anna.get(`/api/conversations/${conversation}/messages`)
  const answer = messages.body.items[1]
  expect(answer).toMatchObject({ state: 'failed', generated_images: [{ number: 1 }] })
  expect(answer.text).toBe(`![Generated Image](${answer.generated_images[0].url})\n\n`)
  expect((await anna.bytes(answer.generated_images[0].url)).bytes).toEqual(bytes)
  expect(painted()).toBe(before + 1)
  await comesToRest(easel.storageDir)
})

it('keeps a dialog picture that cannot be named for its key', async () => {
  const request = { prompt: 'a fox', better_context: false }
  const headers = { 'idempotency-key': 'unnamed' }
  const before = painted()
  const disk = failDisk({ verb: 'link', code: 'EIO' })
  expect(await anna.post('/api/generate-image', request, headers)).toMatchObject({ status: 500 })
  disk.mend()
  const second = await startEasel(
    easel.fake ? { on: { storageDir: easel.storageDir, fake: easel.fake } } : {},
  )
  onTestFinished(() => second.close())
  const again = await anna.post('/api/generate-image', request, headers)
  expect(again.body.images).toEqual([`data:image/png;base64,${bytes.toString('base64')}`])
  expect(painted()).toBe(before + 1)
  await comesToRest(easel.storageDir)
})

it.for([
  ['ENOSPC', 'storage_full'],
  ['EROFS', 'internal_error'],
] as const)('fails a picture whose bytes cannot be written (%s), without a charge', async ([code, told]) => {
  const conversation = await anna.conversation()
  const disk = failDisk({ verb: 'write', code })
  const streamed = await anna.stream(conversation, '/image a fox --raw')
  expect(disk.failed).toBeGreaterThan(0)
  expect(eventsOf(streamed, 'done')[0]?.message).toMatchObject({ state: 'failed', error: { code: told } })
  expect(eventsOf(streamed, 'done')[0]?.message.cost_usd).toBeUndefined()
  disk.mend()
  expect((await anna.say(conversation, '/image a fox --raw')).body).toMatchObject({ state: 'complete' })
  await comesToRest(easel.storageDir)
})

it('writes a picture anew whose sync failed', async () => {
  const conversation = await anna.conversation()
  const disk = failDisk({ verb: 'datasync', code: 'EIO', times: 1 })
  const answer = await anna.say(conversation, '/image a fox --raw')
  expect(disk.failed).toBe(1)
  expect(answer.body).toMatchObject({ state: 'complete', generated_images: [{ number: 1 }] })
  await comesToRest(easel.storageDir)
})

it('goes on after somebody has deleted a picture by hand, and says that it is gone', async () => {
  const conversation = await anna.conversation()
  const { body } = await anna.say(conversation, '/image a fox --raw')
  const folder = path.join(easel.storageDir, 'conversations', conversation, 'images')
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true })
  // What was served a moment ago is still in memory.
  await easel.restart()
  expect((await anna.get(body.generated_images[0]?.url ?? '')).status).toBe(404)
  expect((await anna.say(conversation, 'what do you see?')).body).toMatchObject({ state: 'complete' })
  const edited = await anna.say(conversation, '/image make it red', {
    image_options: { edit: body.generated_images[0]?.id },
  })
  expect(edited).toMatchObject({ status: 404, body: { code: 'not_found' } })
  await anna.delete(`/api/conversations/${conversation}`)
  await comesToRest(easel.storageDir)
})

it('outlives a file that may not grow any more', async () => {
  // A limit of the operating system on the size of files: 4 MB, less than the picture has.
  const storageDir = temporaryFolder()
  const child = spawn(
    'sh',
    ['-c', `ulimit -f 8192; exec "${process.execPath}" "${path.resolve('server/main.ts')}"`],
    {
      cwd: storageDir,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        STORAGE_DIR: storageDir,
        PORT: '0',
        OPENROUTER_API_KEY: easel.fake?.key,
        OPENROUTER_BASE_URL: easel.fake?.url,
      },
    },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (output += piece))
  await expect.poll(() => output).toContain('listening on')
  const url = /listening on (http:\S+)/.exec(output)?.[1] ?? ''
  const bert = new Client(() => url)
  await bert.register('bert')
  const conversation = await bert.conversation()
  const large = await samplePng({ width: 1400, height: 1200, minBytes: 5_000_000 })
  easel.fake?.next(when(asksForPicture, picture({ bytes: large })))
  expect((await bert.say(conversation, '/image a fox --raw')).body).toMatchObject({ code: 'internal_error' })
  expect((await bert.say(conversation, '/image a fox --raw')).body).toMatchObject({ state: 'complete' })
  await comesToRest(storageDir)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})
