import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { Client } from './client.ts'
import type { FakeOpenRouter } from './fake-openrouter/index.ts'

/** A server in a process of its own, as people run it: `node server/main.ts`. */
export interface EaselProcess {
  url: string
  /** Somebody who is not signed in, or whose cookie is given. */
  client(cookie?: string): Client
  kill(signal?: 'SIGKILL' | 'SIGTERM'): void
  /** Resolves when the process is gone: its exit code, or null where a signal ended it. */
  exited: Promise<number | null>
  readonly isRunning: boolean
  /** Everything it wrote to standard output and to standard error, which has its log. */
  output(): string
}

interface Options {
  storageDir: string
  fake: FakeOpenRouter
  env?: Record<string, string>
  /** A module of test/support to load before the server. */
  preload?: string
  /** Is handed the process at once, before it listens. */
  spawned?: (child: ChildProcess) => void
}

const running = new Set<EaselProcess>()

/**
 * Starts a server on a storage folder and a free port.
 * @returns once it says that it listens; undefined when it was killed before that.
 * @throws Error with its output when it ended by itself.
 */
export async function startEaselProcess(options: Options): Promise<EaselProcess | undefined> {
  const preload = options.preload ? ['--import', path.join(import.meta.dirname, options.preload)] : []
  const child = spawn(process.execPath, [...preload, path.resolve('server/main.ts')], {
    cwd: options.storageDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      STORAGE_DIR: options.storageDir,
      PORT: '0',
      REGISTRATION: 'open',
      LOG_LEVEL: 'trace',
      OPENROUTER_API_KEY: options.fake.key,
      OPENROUTER_BASE_URL: options.fake.url,
      ...options.env,
    },
  })
  options.spawned?.(child)
  let output = ''
  const listening = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      output += piece
      const url = /listening on (http:\S+)/.exec(output)?.[1]
      if (url !== undefined) listening.resolve(url)
    })
  }
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const url = await Promise.race([listening.promise, exited.then(() => undefined)])
  if (url === undefined) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${output}`)
    return undefined
  }
  const easel: EaselProcess = {
    url,
    client(cookie) {
      const client = new Client(() => url)
      client.cookie = cookie
      return client
    },
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    exited,
    get isRunning() {
      return child.exitCode === null && child.signalCode === null
    },
    output: () => output,
  }
  running.add(easel)
  void exited.then(() => running.delete(easel))
  return easel
}

/** Ends what a failed test left running; for `afterEach`. */
export async function killEaselProcesses(): Promise<void> {
  const left = [...running]
  for (const easel of left) easel.kill()
  await Promise.all(left.map((easel) => easel.exited))
}
