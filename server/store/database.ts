import { existsSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { whileHolding } from './hold-file.ts'
import { migrations } from './migrations.ts'
import { foldedText } from './search-words.ts'
import { makeFolder } from './storage-folder.ts'

export type Db = Database.Database

/** Raised at start when the database cannot be trusted; the message says what was found and what to do. */
export class DatabaseRefused extends Error {
  override name = 'DatabaseRefused'
}

/** SQLite below these loses or corrupts data in WAL mode under rare races (fixed in 3.51.3 and 3.53.0). */
const oldestSqlite = [3, 51, 3] as const

/** How long another server may take to bring the schema up to date, milliseconds. */
const openingPatienceMs = 60_000

/**
 * Opens (or makes) `easel.sqlite` in the storage folder and brings its schema up to date.
 * @throws DatabaseRefused for a storage folder that cannot be used, a corrupt file, a schema from a later release, or pictures without a database.
 */
export function openDatabase(storageDir: string, now: () => number): Db {
  explained(storageDir, () => makeFolder(storageDir))
  const file = path.join(storageDir, 'easel.sqlite')
  if (!existsSync(file) && existsSync(path.join(storageDir, 'conversations'))) {
    throw new DatabaseRefused(
      `${storageDir} holds pictures but no easel.sqlite. Put the database back from your backup, or point STORAGE_DIR at an empty folder.`,
    )
  }
  return explained(storageDir, () => {
    makeFolder(path.join(storageDir, 'owners'))
    // Another server that starts at the same moment must neither find half a schema nor meet the change to WAL.
    const lock = path.join(storageDir, 'owners', 'opening')
    return whileHolding(lock, openingPatienceMs, () => open(file, now))
  })
}

/** @throws DatabaseRefused for what the file system or SQLite do not let be done in the storage folder */
function explained<Result>(storageDir: string, act: () => Result): Result {
  try {
    return act()
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    if (!/^E[A-Z0-9]+$|^SQLITE_(CANTOPEN|READONLY|IOERR|FULL|PERM)/.test(code)) throw cause
    throw new DatabaseRefused(
      `STORAGE_DIR got "${storageDir}"; it takes a folder that Easel may make or write into (${code}).`,
      { cause },
    )
  }
}

function open(file: string, now: () => number): Db {
  let db: Db | undefined
  try {
    db = new Database(file)
    configure(db)
    migrate(db, now)
    return db
  } catch (cause) {
    db?.close()
    if (cause instanceof DatabaseRefused) throw cause
    const code = cause instanceof Database.SqliteError ? cause.code : ''
    if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') {
      throw new DatabaseRefused(`${file} is damaged and was left as it is. Put it back from your backup.`, {
        cause,
      })
    }
    throw cause
  }
}

function configure(db: Db): void {
  // SQLite itself folds the case of ASCII alone.
  db.function('folded', { deterministic: true, directOnly: true }, (text) => foldedText(String(text)))
  db.pragma('busy_timeout = 5000')
  db.pragma('journal_mode = WAL')
  // NORMAL, the package's default under WAL, loses acknowledged commits when the power goes.
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('temp_store = MEMORY')
  db.pragma('cache_size = -8000')
  db.pragma('mmap_size = 268435456')
  db.pragma('journal_size_limit = 67108864')
  const version =
    db.prepare<[], { version: string }>('select sqlite_version() as version').get()?.version ?? '0'
  if (isOlder(version.split('.').map(Number), oldestSqlite)) {
    throw new DatabaseRefused(`SQLite ${version} is too old for Easel; it needs ${oldestSqlite.join('.')}.`)
  }
}

function isOlder(version: readonly number[], than: readonly number[]): boolean {
  for (const [place, needed] of than.entries()) {
    const part = version[place] ?? 0
    if (part !== needed) return part < needed
  }
  return false
}

function migrate(db: Db, now: () => number): void {
  db.exec(
    'create table if not exists migrations (id integer primary key, name text not null, applied_at integer not null)',
  )
  // SQLite opens a file that may only be read as well, and would refuse the first message.
  db.exec('delete from migrations where false')
  const applied = db.prepare<[], { id: number | null }>('select max(id) as id from migrations').get()?.id ?? 0
  const newest = migrations.at(-1)?.id ?? 0
  if (applied > newest) {
    throw new DatabaseRefused(
      `The database was last used by a later Easel (schema ${applied}; this one knows ${newest}). Start that release.`,
    )
  }
  for (const step of migrations) {
    if (step.id <= applied) continue
    db.transaction(() => {
      db.exec(step.sql)
      db.prepare('insert into migrations (id, name, applied_at) values (?, ?, ?)').run(
        step.id,
        step.name,
        now(),
      )
    }).immediate()
  }
}
