import path from 'node:path'
import Database from 'better-sqlite3'

/**
 * Calls `act` before each statement, the n-th since now, that a server of this process runs on a folder's database:
 * what another server's process might do at that very moment. `act` uses a connection of its own.
 */
export async function beforeStatements<Result>(
  { storageDir, own }: { storageDir: string; own: Database.Database },
  act: (n: number) => void,
  during: () => Promise<Result>,
): Promise<Result> {
  const scratch = new Database(':memory:')
  // Every prepared statement has this prototype, also those that begin and end transactions.
  const verbs = Object.getPrototypeOf(scratch.prepare('select 1')) as Record<Verb, StatementVerb>
  scratch.close()
  const { get, all, run } = verbs
  let statements = 0
  for (const [name, plain] of Object.entries({ get, all, run })) {
    verbs[name as Verb] = function (...args) {
      const { database } = this
      if (database !== own && path.dirname(database.name) === storageDir) act((statements += 1))
      return plain.apply(this, args)
    }
  }
  try {
    return await during()
  } finally {
    Object.assign(verbs, { get, all, run })
  }
}

type Verb = 'get' | 'all' | 'run'
type StatementVerb = (this: { database: Database.Database }, ...args: unknown[]) => unknown
