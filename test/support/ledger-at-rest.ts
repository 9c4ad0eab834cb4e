import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'

/**
 * What must hold of a storage folder whenever nothing runs on it, whatever happened before: every paid call
 * was settled once, nothing is reserved, the money adds up, every turn has ended as its message says, every
 * picture's file is whole, and nothing else lies in the folders of pictures. Compares everything at once,
 * so that a failure shows all that is wrong.
 */
export function assertLedgerAtRest(storageDir: string): void {
  expect(faultsAtRest(storageDir)).toEqual([])
}

/** Resolves when the folder is at rest, or with `assertLedgerAtRest`'s failure after so many milliseconds. */
export async function comesToRest(storageDir: string, withinMs = 30_000): Promise<void> {
  await expect.poll(() => faultsAtRest(storageDir), { timeout: withinMs, interval: 20 }).toEqual([])
}

function faultsAtRest(storageDir: string): string[] {
  const db = new Database(path.join(storageDir, 'easel.sqlite'), { readonly: true })
  try {
    return [...faultyRows(db), ...faultyFiles(db, storageDir)]
  } finally {
    db.close()
  }
}

/** Each query finds what must not be there, as sentences. */
const rules: Readonly<Record<string, string>> = {
  'a call was never settled': `
    select kind || ' ' || state as what from generations where state in ('reserved', 'running', 'received')`,
  'a settled call still reserves, or has no end': `
    select kind || ' ' || state || ' ' || reserved_micro as what from generations
    where reserved_micro <> 0 or finished_at is null or received is not null`,
  'money is no whole number, or negative': `
    select kind || ' ' || cost_micro || ' ' || operator_micro as what from generations
    where typeof(cost_micro) <> 'integer' or cost_micro < 0 or typeof(operator_micro) <> 'integer' or operator_micro < 0`,
  'the user pays for a call that gave nothing': `
    select kind || ' ' || state || ' ' || cost_micro as what from generations
    where state not in ('stored', 'complete') and cost_micro <> 0`,
  'a stored call has no picture, or its pictures do not cost what it did': `
    select g.cost_micro || ' for ' || count(i.id) || ' pictures of ' || coalesce(sum(i.cost_micro), 0) as what
    from generations g left join images i on i.generation_id = g.id
    where g.state = 'stored'
      and (g.conversation_id is null or exists (select 1 from conversations c where c.id = g.conversation_id))
    group by g.id having count(i.id) = 0 or sum(i.cost_micro) <> g.cost_micro`,
  'a painted picture has no stored call': `
    select i.filename || ' ' || coalesce(g.state, 'without a call') as what
    from images i left join generations g on g.id = i.generation_id
    where i.source <> 'upload' and g.state is not 'stored'`,
  'a turn runs although nothing does': `select kind as what from turns where state = 'running'`,
  'a turn and its message do not agree': `
    select t.state || ' ' || coalesce(m.state, 'without a message') as what
    from turns t left join messages m on m.id = t.model_message_id where m.state is not t.state`,
  'a message is still being written': `select kind as what from messages where state = 'streaming'`,
  'a message and the calls of its turn do not cost the same': `
    select t.kind || ' ' || t.state || ': ' || coalesce(m.cost_micro, 0) || ' and ' || coalesce(sum(g.cost_micro), 0) as what
    from turns t join messages m on m.id = t.model_message_id
    left join generations g on g.turn_id = t.id and g.kind = t.kind
    group by t.id having coalesce(m.cost_micro, 0) <> coalesce(sum(g.cost_micro), 0)`,
  'a message counts twice or not at all': `
    select c.message_count || ' counted, ' || count(m.id) as what
    from conversations c left join messages m on m.conversation_id = c.id
    group by c.id having c.message_count <> count(m.id)`,
  'a picture stands on no message of its conversation': `
    select i.filename as what from images i
    where i.conversation_id is not null
      and not exists (select 1 from messages m where m.id = i.message_id and m.conversation_id = i.conversation_id)`,
}

function faultyRows(db: Database.Database): string[] {
  return Object.entries(rules).flatMap(([rule, sql]) =>
    db
      .prepare<[], { what: string }>(sql)
      .all()
      .map(({ what }) => `${rule}: ${what}`),
  )
}

interface PictureRow {
  path: string
  sha256: string
  bytes: number
}

function faultyFiles(db: Database.Database, storageDir: string): string[] {
  const rows = db.prepare<[], PictureRow>('select distinct path, sha256, bytes from images').all()
  const faults: string[] = []
  for (const row of rows) {
    const file = path.join(storageDir, row.path)
    if (!existsSync(file)) faults.push(`a picture's file is missing: ${row.path}`)
    else if (sha256Of(file) !== row.sha256)
      faults.push(`a picture's file is not what its row says: ${row.path}`)
  }
  const named = new Set(rows.map((row) => row.path))
  for (const file of filesBelow(storageDir, ['conversations', 'uploads'])) {
    if (path.basename(file).startsWith('.tmp-')) faults.push(`a temporary file is left: ${file}`)
    else if (path.basename(path.dirname(file)) !== 'previews' && !named.has(file)) {
      faults.push(`a file that no row names: ${file}`)
    }
  }
  return faults
}

function filesBelow(storageDir: string, folders: readonly string[]): string[] {
  return folders
    .filter((folder) => existsSync(path.join(storageDir, folder)))
    .flatMap((folder) =>
      readdirSync(path.join(storageDir, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(storageDir, path.join(entry.parentPath, entry.name))),
    )
}

function sha256Of(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
