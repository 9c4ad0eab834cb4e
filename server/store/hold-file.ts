import Database from 'better-sqlite3'

/** A lock that this process holds. */
export interface HeldFile {
  letGo(): void
}

/**
 * Locks a small file, which is made where it is missing, until it is let go or the process ends, however it ends:
 * then the operating system lets go. Waits for it so many milliseconds, and nothing else happens here meanwhile.
 * @returns undefined when somebody else has it
 * @throws SqliteError where the file cannot be made or written
 */
export function holdFile(file: string, patienceMs = 0): HeldFile | undefined {
  const db = new Database(file, { timeout: patienceMs })
  try {
    db.pragma('journal_mode = OFF')
    db.exec('begin exclusive')
    // A file that may only be read is not locked by that, and SQLite says nothing; whatever would write makes it say so.
    db.exec('pragma incremental_vacuum(1)')
    return { letGo: () => void db.close() }
  } catch (cause) {
    db.close()
    if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')) return undefined
    throw cause
  }
}

/**
 * Does something while no other process does what is done with the same file.
 * @throws Error when another process does not let go of it in time
 */
export function whileHolding<Result>(file: string, patienceMs: number, act: () => Result): Result {
  const held = holdFile(file, patienceMs)
  if (!held) throw new Error(`another process does not let go of ${file}`)
  try {
    return act()
  } finally {
    held.letGo()
  }
}
