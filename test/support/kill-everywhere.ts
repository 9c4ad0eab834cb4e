import { execFileSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { copyState } from './copy-state.ts'
import { startEaselProcess, type EaselProcess } from './easel-process.ts'
import { startFakeOpenRouter, type FakeOpenRouter } from './fake-openrouter/index.ts'

/** What a server leaves that is killed at its n-th point (see kill-at-point.ts), or at rest behind the last. */
interface Left<Seen> {
  storageDir: string
  /** The points that were done. */
  done: readonly string[]
  /** The one that was not done any more; undefined when it was killed at rest. */
  before: string | undefined
  /** What was seen of it until then. */
  seen: Seen
}

interface Loop<Seen> {
  /** A storage folder that the victim gets a copy of. */
  template: string
  /** Points of the start count, from the first one on that this matches; unless told, those once it listens. */
  from?: RegExp
  /** More of the victim's environment. */
  env?: Record<string, string>
  /** Prepares the provider: the victim has one, and each server that goes on has one of its own. */
  prepare?: (fake: FakeOpenRouter) => void
  /** Works with the victim once it listens. */
  work?: (server: EaselProcess) => Promise<unknown>
  /** What is seen from outside at this moment, by whoever works with the victim or by its provider. */
  look: (fake: FakeOpenRouter) => Seen
  /** Checks what is left, with a provider that was asked nothing yet. */
  check: (left: Left<Seen>, fake: FakeOpenRouter) => Promise<void>
}

/** So many checks at once: each also waits. */
const atOnce = 3
/** The longest pause between two points of a server at work: it saves once a second. */
const quietFor = 1500
const longestWait = 60_000
/** How long what a stopped server had sent may take to be read here. */
const arrivalMs = 5

/**
 * Checks what a server leaves that is killed at the first, second, third … thing it does to the disk, and what
 * it leaves when it has come through. One server is stopped at each of them, as a whole and by the system: what
 * then lies on the disk is what would lie there if it were killed, and is set aside. States that are the same to
 * the byte, for those who looked on too, are checked once, as the last of them.
 * @returns how many points there were.
 */
export async function killEverywhere<Seen>(loop: Loop<Seen>): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'easel-killed-'))
  try {
    const lefts = await leftEverywhere(folder, loop)
    const different = [...new Map(lefts.map((left) => [left.state, left])).values()]
    const rest = different.values()
    const checks = Array.from({ length: atOnce }, async () => {
      for (const left of rest) await checkOne(left, loop)
    })
    const ended = await Promise.allSettled(checks)
    for (const check of ended) if (check.status === 'rejected') throw check.reason
    return lefts.length - 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function checkOne<Seen>(left: Left<Seen>, { prepare, check }: Loop<Seen>): Promise<void> {
  const fake = await startFakeOpenRouter()
  prepare?.(fake)
  try {
    await check(left, fake)
  } catch (cause) {
    throw new Error(`killed ${left.before === undefined ? 'at rest' : `right before: ${left.before}`}`, {
      cause,
    })
  } finally {
    await fake.close()
  }
}

/** What is left at each point and, last, at rest; with what is the same for states that are the same. */
async function leftEverywhere<Seen>(
  folder: string,
  { template, from, env, prepare, work, look }: Loop<Seen>,
): Promise<(Left<Seen> & { state: string })[]> {
  const log = path.join(folder, 'points.log')
  const home = path.join(folder, 'victim')
  copyState(template, home)
  const points = () => (existsSync(log) ? (readFileSync(log, 'utf8').match(/^[^~\n].*$/gm) ?? []) : [])
  const lefts: (Left<Seen> & { state: string })[] = []
  async function keep(done: readonly string[], before: string | undefined): Promise<void> {
    await wait(arrivalMs)
    const storageDir = path.join(folder, `left-${lefts.length}`)
    const seen = structuredClone(look(fake))
    const state = copyState(home, storageDir) + JSON.stringify(seen)
    lefts.push({ storageDir, done, before, seen, state })
  }

  const fake = await startFakeOpenRouter()
  prepare?.(fake)
  let child: ChildProcess | undefined
  let isThrough = false
  let fault: unknown
  const starting = startEaselProcess({
    storageDir: home,
    fake,
    preload: 'kill-at-point.ts',
    env: { ...env, KILL_STOPS: '1', KILL_LOG: log, ...(from ? { KILL_FROM: from.source } : {}) },
    spawned: (spawned) => (child = spawned),
  })
  const working = starting
    .then((server) => server && work?.(server))
    .catch((cause: unknown) => (fault = cause))
    .finally(() => (isThrough = true))
  let latest = Date.now()
  const isAtRest = () => isThrough && (from !== undefined || Date.now() - latest > quietFor)
  try {
    while (!isAtRest()) {
      const reached = points()
      if (reached.length > lefts.length && isStopped(child?.pid)) {
        await keep(reached.slice(0, -1), reached.at(-1))
        child?.kill('SIGCONT')
        latest = Date.now()
      } else await wait(1)
      if (Date.now() - latest > longestWait) throw new Error('it neither stopped nor came through')
      if (fault !== undefined) throw fault
    }
  } finally {
    child?.kill('SIGKILL')
    await working
    await (
      await starting
    )?.exited
    await fake.close()
  }
  await keep(points(), undefined)
  return lefts
}

/** Whether every thread of a process stands still. */
function isStopped(pid: number | undefined): boolean {
  if (pid === undefined) return false
  const threads = `/proc/${pid}/task`
  if (!existsSync(threads))
    return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('T')
  return readdirSync(threads).every((thread) =>
    /\) [Tt] /.test(readFileSync(path.join(threads, thread, 'stat'), 'utf8')),
  )
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
function orIsCut(cause: unknown): undefined {
  if (cause instanceof Error && /closed|socket|terminated|ECONNRESET|ECONNREFUSED/i.test(cause.message))
    return undefined
  throw cause
}
