import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startEaselProcess, type EaselProcess } from './easel-process.ts'
import { startFakeOpenRouter, type FakeOpenRouter } from './fake-openrouter/index.ts'

/** A server that is to be killed at its n-th point (see kill-at-point.ts), on a storage folder of its own. */
export interface Victim {
  storageDir: string
  fake: FakeOpenRouter
  /** Undefined when it was killed before it listened. */
  process: EaselProcess | undefined
  /**
   * Resolves once it is dead. One whose work is done may not have reached its point: it is ended when nothing
   * more happens. One whose work is not done must die.
   */
  died: (isDone: boolean) => Promise<void>
  /** The points it reached so far; the last one was not done any more. */
  points: () => string[]
}

interface Loop {
  /** A storage folder that each victim gets a copy of. */
  template: string
  /** Points of the start count, from the first one on that this matches; unless told, those once it listens. */
  from?: RegExp
  /** More of the victim's environment. */
  env?: Record<string, string>
  /** Works with the victim until it dies, then checks what it left. */
  attempt: (victim: Victim) => Promise<void>
}

/** So many victims at once: a start is mostly one processor's work, a test mostly waiting. */
const atOnce = 3
/** The longest pause between two points of a server at work: it saves once a second. */
const quietFor = 1500
const longestWait = 60_000

/**
 * Kills a server at the first, second, third … thing it does to the disk, until it is through without being
 * killed: that one is attempted as well, and ended when it has come to rest.
 * @returns how many points there were.
 */
export async function killEverywhere(loop: Loop): Promise<number> {
  let next = 1
  let last = Number.POSITIVE_INFINITY
  async function work(): Promise<void> {
    while (next <= last) {
      const at = next
      next += 1
      const reached = await killAt(at, loop)
      if (reached < at) last = Math.min(last, at)
    }
  }
  const works = await Promise.allSettled(
    Array.from({ length: atOnce }, () =>
      work().catch((cause: unknown) => {
        last = 0
        throw cause
      }),
    ),
  )
  for (const ended of works) if (ended.status === 'rejected') throw ended.reason
  return last - 1
}

/**
 * Starts a server that dies right before the first point that matches (see kill-at-point.ts), and works with
 * it until then.
 */
export async function killBefore(
  point: RegExp,
  on: { storageDir: string; fake: FakeOpenRouter; env?: Record<string, string> },
  work: (server: EaselProcess) => Promise<unknown>,
): Promise<void> {
  const server = await startEaselProcess({
    ...on,
    preload: 'kill-at-point.ts',
    env: { ...on.env, KILL_BEFORE: point.source },
  })
  if (!server) return
  await work(server).catch(orIsCut)
  const late = setTimeout(() => server.kill('SIGTERM'), longestWait)
  const code = await server.exited
  clearTimeout(late)
  if (code !== null) throw new Error(`the server never came to ${point.source}: ${server.output()}`)
}

/** A server that dies before or within its answer; anything else is thrown on. */
export function orIsCut(cause: unknown): undefined {
  if (cause instanceof Error && /closed|socket|terminated|ECONNRESET|ECONNREFUSED/i.test(cause.message))
    return undefined
  throw cause
}

/** @returns how many points the victim reached. */
async function killAt(at: number, { template, from, env, attempt }: Loop): Promise<number> {
  const storageDir = mkdtempSync(path.join(tmpdir(), 'easel-killed-'))
  const log = path.join(storageDir, 'points.log')
  cpSync(template, storageDir, { recursive: true })
  const fake = await startFakeOpenRouter()
  const points = () => (existsSync(log) ? (readFileSync(log, 'utf8').match(/^[^~\n].*$/gm) ?? []) : [])
  const server = await startEaselProcess({
    storageDir,
    fake,
    preload: 'kill-at-point.ts',
    env: { ...env, KILL_AT: String(at), KILL_LOG: log, ...(from ? { KILL_FROM: from.source } : {}) },
  })
  async function died(isDone: boolean): Promise<void> {
    const deadline = Date.now() + longestWait
    let before = -1
    let quietSince = Date.now()
    const lives = () => server?.isRunning ?? false
    while (lives()) {
      await wait(50)
      if (points().length > before) quietSince = Date.now()
      before = points().length
      if (isDone && (from || Date.now() - quietSince > quietFor)) server?.kill()
      else if (Date.now() > deadline) throw new Error('it neither died nor came through')
    }
    await server?.exited
  }
  try {
    await attempt({ storageDir, fake, process: server, died, points })
    return points().length
  } catch (cause) {
    throw new Error(`killed at point ${at}, right before: ${points().at(-1)}`, { cause })
  } finally {
    server?.kill()
    await server?.exited
    await fake.close()
    rmSync(storageDir, { recursive: true, force: true })
  }
}
