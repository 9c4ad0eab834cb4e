import fs, { promises } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { onTestFinished } from 'vitest'

type Verb = 'link' | 'write' | 'datasync' | 'statfs'

interface Fault {
  verb: Verb
  /** As the operating system has it: `ENOSPC`, `EIO`, `EROFS`. */
  code: string
  /** How often it fails; until it is mended unless told. */
  times?: number
  /** Only what happens to files whose path matches. */
  on?: RegExp
}

/** A disk of this process that fails, until the test mends it or ends. */
export interface FailingDisk {
  /** How often it has failed so far. */
  readonly failed: number
  mend: () => void
}

/** What file systems say that have no hard links. */
export const noLinks = ['EPERM', 'ENOTSUP', 'EXDEV', 'EMLINK'] as const

/** Makes node:fs/promises, and the synchronous link, fail for everything in this process, the server's code included. */
export function failDisk({
  verb,
  code,
  times = Number.POSITIVE_INFINITY,
  on = /\.tmp-/,
}: Fault): FailingDisk {
  let failed = 0
  function mayFail(file: unknown): void {
    if (failed >= times || !on.test(String(file))) return
    failed += 1
    throw Object.assign(new Error(`${code}: made up by the test, ${verb}`), { code, syscall: verb })
  }
  const { open, link, statfs } = promises
  const { linkSync } = fs
  if (verb === 'link') {
    fs.linkSync = (from, to) => {
      mayFail(from)
      linkSync(from, to)
    }
    promises.link = async (from, to) => {
      mayFail(from)
      await link(from, to)
    }
  } else if (verb === 'statfs') {
    promises.statfs = (async (...args: Parameters<typeof statfs>) => {
      mayFail(args[0])
      return await statfs(...args)
      // One signature of several; the answer is passed on as it is.
    }) as typeof statfs
  } else {
    promises.open = async (file, flags, mode) => {
      const handle = await open(file, flags, mode)
      const plain = handle[verb].bind(handle) as (...args: unknown[]) => Promise<unknown>
      const failing = async (...args: unknown[]) => {
        mayFail(file)
        return await plain(...args)
      }
      return Object.assign(handle, { [verb]: failing })
    }
  }
  syncBuiltinESMExports()
  function mend(): void {
    Object.assign(promises, { open, link, statfs })
    Object.assign(fs, { linkSync })
    syncBuiltinESMExports()
  }
  onTestFinished(mend)
  return {
    get failed() {
      return failed
    },
    mend,
  }
}
