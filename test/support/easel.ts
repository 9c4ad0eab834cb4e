import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { PassThrough } from 'node:stream'
import path from 'node:path'
import { pino } from 'pino'
import { createApp, type App } from '../../server/app.ts'
import { loadConfig } from '../../server/config.ts'
import { cheapHash } from './cheap-hash.ts'
import { Client } from './client.ts'
import {
  chatBody,
  startFakeOpenRouter,
  type ChatRequest,
  type FakeOpenRouter,
} from './fake-openrouter/index.ts'

/** A whole Easel in this process, over real HTTP, with a real database and real files in a folder of its own. */
export interface Easel {
  url: string
  app: App
  storageDir: string
  /** The fake service that it talks to; undefined when it runs offline. */
  fake: FakeOpenRouter | undefined
  /** What the fake was asked on /chat/completions, in order. */
  asked(): ChatRequest[]
  /** Everything that was logged so far, at every level. */
  log(): string
  /** Somebody who is not signed in. */
  nobody(): Client
  /** A new user, signed in; the first one is the administrator. */
  user(name?: string): Promise<Client>
  /** Stops it and starts it again on the same storage; `meanwhile` is done while it is away. */
  restart(meanwhile?: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

interface Options {
  /** Talk to a fake OpenRouter (default) or run without a key. */
  offline?: boolean
  env?: Record<string, string>
  /** Milliseconds since 1970 now; tests move it. */
  now?: () => number
  /** A storage folder that another server left, and its fake service; neither goes with this server. */
  on?: { storageDir: string; fake: FakeOpenRouter }
}

/** Starts an Easel for a test; close it in `afterAll` or `afterEach`. */
export async function startEasel({
  offline = false,
  env = {},
  now = Date.now,
  on,
}: Options = {}): Promise<Easel> {
  const storageDir = on?.storageDir ?? mkdtempSync(path.join(tmpdir(), 'easel-test-'))
  const fake = offline ? undefined : (on?.fake ?? (await startFakeOpenRouter()))
  const config = loadConfig(
    {
      STORAGE_DIR: storageDir,
      REGISTRATION: 'open',
      PORT: '0',
      LOG_LEVEL: 'trace',
      ...(fake ? { OPENROUTER_API_KEY: fake.key, OPENROUTER_BASE_URL: fake.url } : {}),
      ...env,
    },
    storageDir,
  )
  let logged = ''
  const sink = new PassThrough()
  sink.on('data', (piece: Buffer) => (logged += piece.toString()))
  const log = pino({ level: config.logLevel }, sink)
  let app: App
  let http: Server
  let users = 0

  async function start(port: number): Promise<void> {
    app = await createApp({
      config,
      clock: { now },
      log,
      pageFolder: path.resolve('dist'),
      passwordCost: cheapHash,
    })
    ;({ http } = app)
    await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
    app.begin()
  }
  async function stop(): Promise<void> {
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
    await app.close(5000)
  }
  await start(0)

  const easel: Easel = {
    get url() {
      return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
    },
    get app() {
      return app
    },
    storageDir,
    fake,
    asked: () =>
      (fake?.requests ?? []).filter((call) => call.path.endsWith('/chat/completions')).map(chatBody),
    log: () => logged,
    nobody: () => new Client(() => easel.url),
    async user(name = `user${(users += 1)}`) {
      const client = new Client(() => easel.url)
      await client.register(name)
      return client
    },
    async restart(meanwhile) {
      const { port } = http.address() as AddressInfo
      await stop()
      await meanwhile?.()
      await start(port)
    },
    async close() {
      await stop()
      if (on) return
      await fake?.close()
      rmSync(storageDir, { recursive: true, force: true })
    },
  }
  return easel
}
