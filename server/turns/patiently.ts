import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'

interface Patience {
  /** How often it is tried; without end unless told. */
  tries?: number
  pauseMs?: number
}

const passingErrors = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY)/
const passingErrnos = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE', 'EBUSY', 'EAGAIN', 'EACCES'])

/**
 * Does a write that must not be given up while a disk or a database is full, locked or away: once a second
 * until it is done.
 * @throws at once any error that does not pass by itself; the last one when the tries are used up.
 */
export async function patiently<T>(
  write: () => T | Promise<T>,
  onFault: (cause: unknown) => void,
  { tries = Number.POSITIVE_INFINITY, pauseMs = 1000 }: Patience = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write()
    } catch (cause) {
      if (!mayPass(cause) || attempt >= tries) throw cause
      onFault(cause)
      await wait(pauseMs)
    }
  }
}

/** Looks behind a Problem, too: its cause is what the disk said. */
function mayPass(fault: unknown): boolean {
  if (!(fault instanceof Error)) return false
  if (fault instanceof Database.SqliteError) return passingErrors.test(fault.code)
  if ('code' in fault && typeof fault.code === 'string' && passingErrnos.has(fault.code)) return true
  return mayPass(fault.cause)
}
