import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import { Client } from '../support/client.ts'
import { copyState } from '../support/copy-state.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { killEaselProcesses, type EaselProcess } from '../support/easel-process.ts'
import { asksForPicture, picture, when } from '../support/fake-openrouter/behaviours.ts'
import { startFakeOpenRouter, type FakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { killBefore, killEverywhere } from '../support/kill-everywhere.ts'
import { assertLedgerAtRest, comesToRest } from '../support/ledger-at-rest.ts'
import { pictureCalls } from '../support/picture-calls.ts'
import { samplePng } from '../support/sample-pictures.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let fake: FakeOpenRouter
beforeEach(async () => {
  fake = await paintingService()
})
afterEach(async () => {
  await killEaselProcesses()
  await fake.close()
})

async function paintingService(): Promise<FakeOpenRouter> {
  const service = await startFakeOpenRouter()
  const bytes = await samplePng({ width: 64, height: 64 })
  service.always(when(asksForPicture, picture({ bytes })))
  return service
}

/** Somebody with a conversation, in a folder whose server was killed right before a point of a picture's way. */
interface Left {
  storageDir: string
  cookie: string | undefined
  conversation: string
}

async function leave(
  point: RegExp,
  work: (client: Client, conversation: string) => Promise<unknown>,
  env: Record<string, string> = {},
  storageDir = temporaryFolder(),
): Promise<Left> {
  let client: Client | undefined
  let conversation = ''
  await killBefore(point, { storageDir, fake, env }, async (server: EaselProcess) => {
    client = server.client()
    await client.register('anna')
    conversation = await client.conversation()
    await work(client, conversation)
  })
  return { storageDir, cookie: client?.cookie, conversation }
}

/** What is left of a picture that was received and has no name yet; each test gets a copy of it. */
let painted: Left
beforeAll(async () => {
  fake = await paintingService()
  try {
    painted = await leave(/^link/, paint, {}, mkdtempSync(path.join(tmpdir(), 'easel-painted-')))
  } finally {
    await fake.close()
  }
})
afterAll(() => rmSync(painted.storageDir, { recursive: true, force: true }))

function copyOfPainted(): Left {
  const storageDir = temporaryFolder()
  copyState(painted.storageDir, storageDir)
  return { ...painted, storageDir }
}

/** Works with a new server on what was left, and closes it. */
async function afterBoot(
  { storageDir, cookie }: Pick<Left, 'storageDir' | 'cookie'>,
  on: FakeOpenRouter,
  work: (client: Client, easel: Easel) => Promise<void>,
): Promise<void> {
  const easel = await startEasel({ on: { storageDir, fake: on } })
  try {
    const client = easel.nobody()
    client.cookie = cookie
    await work(client, easel)
  } finally {
    await easel.close()
  }
}

async function answerIn(client: Client, conversation: string) {
  return (await client.get(`/api/conversations/${conversation}/messages`)).body.items[1]
}

function paint(client: Client, conversation: string) {
  return client.stream(conversation, '/image a fox --raw')
}

it.each([
  ['', /^link/, {}],
  [' on a disk without hard links', /^copyFile/, { WITHOUT_LINKS: '1' }],
])('can itself be killed anywhere%s', async (_where, naming, env) => {
  const left = 'WITHOUT_LINKS' in env ? await leave(naming, paint, env) : painted
  const points = await killEverywhere({
    template: left.storageDir,
    from: naming,
    env,
    look: pictureCalls,
    async check({ storageDir, seen }, on) {
      expect(seen).toBe(0)
      await afterBoot({ ...left, storageDir }, on, async (client) => {
        const answer = await answerIn(client, left.conversation)
        expect(answer).toMatchObject({ state: 'complete', generated_images: [{ number: 1 }] })
        expect(pictureCalls(on)).toBe(0)
        await comesToRest(storageDir)
      })
    },
  })
  expect(points).toBeGreaterThan(4)
})

it('keeps an answer of the dialog under its key, wherever it is killed', async () => {
  const request = { prompt: 'a fox', better_context: false }
  const headers = { 'idempotency-key': 'the-dialog' }
  const left = await leave(/^link/, (client) => client.post('/api/generate-image', request, headers))
  const points = await killEverywhere({
    template: left.storageDir,
    from: /^link/,
    look: pictureCalls,
    async check({ storageDir, seen }, on) {
      expect(seen).toBe(0)
      await afterBoot({ ...left, storageDir }, on, async (client) => {
        const again = await client.post('/api/generate-image', request, headers)
        expect(again.body).toMatchObject({ status: 'success', refined_prompt: null })
        const bytes = await samplePng({ width: 64, height: 64 })
        expect(again.body.images).toEqual([`data:image/png;base64,${bytes.toString('base64')}`])
        expect(pictureCalls(on)).toBe(0)
        await comesToRest(storageDir)
      })
    },
  })
  expect(points).toBeGreaterThan(4)
})

it.each([
  ['was to be reserved', /^insert into generations/, false],
  ['had no folder for it', /^mkdir .*uploads/, false],
  ['was to be sent', /^commit of update generations set state = 'running'/, false],
  ['was to be refined', /^commit of insert into generations/, true],
])(
  "does a dialog's work under its key when it was killed as the picture %s",
  async (_when, point, better_context) => {
    const request = { prompt: 'a fox', better_context }
    const headers = { 'idempotency-key': 'the-dialog' }
    const left = await leave(point, (client) => client.post('/api/generate-image', request, headers))
    expect(fake.requests.filter((call) => call.method === 'POST')).toEqual([])
    await afterBoot(left, fake, async (client) => {
      const again = await client.post('/api/generate-image', request, headers)
      expect(again).toMatchObject({ status: 200, body: { status: 'success' } })
      expect((await client.post('/api/generate-image', request, headers)).body).toEqual(again.body)
      expect(pictureCalls(fake)).toBe(1)
      await comesToRest(left.storageDir)
    })
  },
)

it('does not ask the provider again for a dialog that was killed while it painted', async () => {
  const request = { prompt: 'a fox', better_context: false }
  const headers = { 'idempotency-key': 'the-dialog' }
  const left = await leave(/^write .*\.tmp/, (client) => client.post('/api/generate-image', request, headers))
  await afterBoot(left, fake, async (client) => {
    assertLedgerAtRest(left.storageDir)
    const again = await client.post('/api/generate-image', request, headers)
    expect(again.status).toBe(500)
    expect(again.body).toMatchObject({ code: 'internal_error' })
    expect(again.body.message).toContain('new Idempotency-Key')
    expect(pictureCalls(fake)).toBe(1)
  })
})

it('makes a new folder usable wherever its first start is killed', async () => {
  const points = await killEverywhere({
    template: temporaryFolder(),
    from: /./,
    look: () => undefined,
    async check({ storageDir }, on) {
      await afterBoot({ storageDir, cookie: undefined }, on, async (_, easel) => {
        const anna = await easel.user()
        expect(await anna.say(await anna.conversation(), 'hello')).toMatchObject({ status: 200 })
        await comesToRest(storageDir)
      })
    },
  })
  expect(points).toBeGreaterThan(4)
})

it('has taken up everything before it says that it listens', async () => {
  const left = copyOfPainted()
  // Killed once it listens, before it does anything more.
  await killBefore(/./, { storageDir: left.storageDir, fake }, async (server) => server.exited)
  assertLedgerAtRest(left.storageDir)
})

it('ends a turn whose received picture somebody removed, without a charge', async () => {
  const left = copyOfPainted()
  const folder = path.join(left.storageDir, 'conversations', left.conversation, 'images')
  const names = readdirSync(folder)
  expect(names).toEqual([expect.stringMatching(/^\.tmp-/)])
  for (const name of names) rmSync(path.join(folder, name))

  await afterBoot(left, fake, async (client) => {
    expect(await answerIn(client, left.conversation)).toMatchObject({
      state: 'interrupted',
      error: { code: 'interrupted', retryable: true },
      generated_images: [],
    })
    assertLedgerAtRest(left.storageDir)
  })
})

it('keeps a received picture when the storage folder was moved meanwhile', async () => {
  const outer = mkdtempSync(path.join(tmpdir(), 'easel-moved-'))
  onTestFinished(() => rmSync(outer, { recursive: true, force: true }))
  const before = path.join(outer, 'before')
  mkdirSync(before)
  const left = await leave(/^link/, paint, {}, before)
  const storageDir = path.join(outer, 'after')
  renameSync(left.storageDir, storageDir)
  await afterBoot({ ...left, storageDir }, fake, async (client) => {
    expect(await answerIn(client, left.conversation)).toMatchObject({ state: 'complete' })
    expect(existsSync(left.storageDir)).toBe(false)
    await comesToRest(storageDir)
  })
})
