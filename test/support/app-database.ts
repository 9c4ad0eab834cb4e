import path from 'node:path'
import Database from 'better-sqlite3'

/**
 * The very connection that an Easel in this process works with, so that a test can take away what it needs:
 * `pragma max_page_count` makes its disk full, `busy_timeout = 0` its patience short. It is seen when it
 * runs its next statement.
 */
export async function appDatabase(
  storageDir: string,
  makeItWork: () => Promise<unknown>,
): Promise<Database.Database> {
  const scratch = new Database(':memory:')
  // Every prepared statement has this prototype.
  const verbs = Object.getPrototypeOf(scratch.prepare('select 1')) as { get: StatementVerb }
  scratch.close()
  const plain = verbs.get
  let found: Database.Database | undefined
  verbs.get = function (...args) {
    if (path.dirname(this.database.name) === storageDir) found = this.database
    return plain.apply(this, args)
  }
  try {
    await makeItWork()
  } finally {
    verbs.get = plain
  }
  if (!found) throw new Error(`no connection to a database in ${storageDir} did anything`)
  return found
}

type StatementVerb = (this: { database: Database.Database }, ...args: unknown[]) => unknown
