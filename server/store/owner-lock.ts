import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'

/**
 * Says which processes on this storage folder still live. Each holds an exclusive lock on a small file of
 * its own; the operating system lets go of it when the process ends, however it ends. Process ids would
 * not do: in a container every server is number 1.
 */
export interface OwnerLock {
  /** This process. */
  id: string
  /** When this process took its lock, by the clock of the disk: milliseconds since 1970. */
  since: number
  isAlive(owner: string): boolean
  /** Whether no other process works on this folder now. */
  isAlone(): boolean
  /** Removes the files of processes that are gone. */
  sweep(): void
  release(): void
}

export function takeOwnerLock(storageDir: string, id: string): OwnerLock {
  const folder = path.join(storageDir, 'owners')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const fileOf = (owner: string) => path.join(folder, `${owner}.lock`)
  const held = hold(fileOf(id))
  if (!held) throw new Error(`another process holds ${fileOf(id)}`)

  function isAlive(owner: string): boolean {
    if (owner === id) return true
    if (!existsSync(fileOf(owner))) return false
    const free = hold(fileOf(owner))
    free?.close()
    return free === undefined
  }

  function owners(): string[] {
    return readdirSync(folder)
      .map((name) => /^(.+)\.lock$/.exec(name)?.[1])
      .filter((owner) => owner !== undefined)
  }

  return {
    id,
    since: statSync(fileOf(id)).mtimeMs,
    isAlive,
    isAlone: () => owners().every((owner) => owner === id || !isAlive(owner)),
    sweep() {
      for (const owner of owners()) if (!isAlive(owner)) rmSync(fileOf(owner), { force: true })
    },
    release() {
      held.close()
      rmSync(fileOf(id), { force: true })
    },
  }
}

/** Locks the file for as long as the returned handle is open; undefined when somebody else has it. */
function hold(file: string): Database.Database | undefined {
  const db = new Database(file, { timeout: 0 })
  try {
    db.pragma('journal_mode = OFF')
    db.exec('begin exclusive')
    return db
  } catch (cause) {
    db.close()
    if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')) return undefined
    throw cause
  }
}
