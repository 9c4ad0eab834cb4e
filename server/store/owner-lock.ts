import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { holdFile, whileHolding } from './hold-file.ts'

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
  /** When the first of the processes that live took its lock, as `since` has it: what is older is nobody's. */
  livingSince(): number
  /**
   * Does what only one process on this folder may do at a time, such as taking up what dead ones left. Waits for
   * its turn so many milliseconds at the most.
   * @returns false when it did not get it
   */
  inTurn(work: () => Promise<void>, patienceMs: number): Promise<boolean>
  /** Removes the files of processes that are gone. */
  sweep(): void
  /** Lets go of this process's lock; more than once is fine. */
  release(): void
}

/** How long one process may be within the gate, milliseconds; a look at a lock takes less than one. */
const gatePatienceMs = 10_000
/** How often it is asked whose turn it is, milliseconds. */
const turnPollMs = 20

export function takeOwnerLock(storageDir: string, id: string): OwnerLock {
  const folder = path.join(storageDir, 'owners')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const fileOf = (owner: string) => path.join(folder, `${owner}.lock`)

  /**
   * A lock is looked at by taking it, and its file is there before it is locked: somebody who looked or swept in
   * between would take the process for dead. So all that is done to the files is done by one process at a time.
   */
  function withinGate<Result>(act: () => Result): Result {
    return whileHolding(path.join(folder, 'gate'), gatePatienceMs, act)
  }

  /** Within the gate. */
  function isHeld(owner: string): boolean {
    if (owner === id) return true
    if (!existsSync(fileOf(owner))) return false
    const free = holdFile(fileOf(owner))
    free?.letGo()
    return free === undefined
  }

  function sinceOf(owner: string): number {
    return statSync(fileOf(owner)).mtimeMs
  }

  function owners(): string[] {
    return readdirSync(folder)
      .map((name) => /^(.+)\.lock$/.exec(name)?.[1])
      .filter((owner) => owner !== undefined)
  }

  const held = withinGate(() => holdFile(fileOf(id)))
  if (!held) throw new Error(`another process holds ${fileOf(id)}`)
  let isReleased = false

  return {
    id,
    since: sinceOf(id),
    isAlive: (owner) => withinGate(() => isHeld(owner)),
    livingSince: () =>
      withinGate(() =>
        Math.min(
          ...owners()
            .filter((owner) => isHeld(owner))
            .map(sinceOf),
        ),
      ),
    async inTurn(work, patienceMs) {
      const latest = performance.now() + patienceMs
      const file = path.join(folder, 'turn')
      let turn = holdFile(file)
      while (!turn) {
        if (performance.now() > latest) return false
        await wait(turnPollMs)
        turn = holdFile(file)
      }
      try {
        await work()
        return true
      } finally {
        turn.letGo()
      }
    },
    sweep() {
      withinGate(() => {
        for (const owner of owners()) if (!isHeld(owner)) rmSync(fileOf(owner), { force: true })
      })
    },
    release() {
      if (isReleased) return
      isReleased = true
      withinGate(() => {
        held.letGo()
        rmSync(fileOf(id), { force: true })
      })
    },
  }
}
