import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'

/** A disk or a database that is full, locked or away for a while: one try a second for a minute. */
const pauseMs = 1000
const mostTries = 60
const passing = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY)/

/**
 * Does a write that must not be given up for a fault that passes.
 * @throws the last error after a minute, or at once any error that does not pass.
 */
export async function patiently<T>(write: () => T, onFault: (cause: unknown) => void): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return write()
    } catch (cause) {
      const mayPass = cause instanceof Database.SqliteError && passing.test(cause.code)
      if (!mayPass || tries === mostTries) throw cause
      onFault(cause)
      await wait(pauseMs)
    }
  }
}
