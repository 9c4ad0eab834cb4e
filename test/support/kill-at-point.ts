import fs from 'node:fs'
import { flushCompileCache, syncBuiltinESMExports } from 'node:module'
import Database from 'better-sqlite3'

/**
 * Loaded before the server by `node --import`: ends the process with SIGKILL right before a change that it makes
 * on the disk, or stops it before each, so that a test can try every such point. A point is a write of the database that is
 * not merely one of several in a transaction (their COMMIT is what counts, before it and after it), or a
 * write, link, rename or removal of a file. The word index is left out: it is made again from the rows.
 *
 * KILL_BEFORE  the process ends at the first point whose name this regular expression matches
 * KILL_STOPS   when set, the process stops at every point (SIGSTOP) until it is told to go on (SIGCONT)
 * KILL_FROM    points count from the first one on that this regular expression matches until the server says
 *              that it listens; without it, from then on
 * KILL_LOG     a file that gets one line a point; the last line of a killed or stopped process is not done.
 *              Lines with ~ are no points: syncs, which change nothing that a killed process leaves
 * WITHOUT_LINKS  when set, the file system has no hard links
 */
const stops = process.env['KILL_STOPS'] !== undefined
const log = process.env['KILL_LOG'] === undefined ? undefined : fs.openSync(process.env['KILL_LOG'], 'a')
const killBefore = regexIn('KILL_BEFORE')
const countsFrom = regexIn('KILL_FROM')
let counts = false
let listens = false

function regexIn(name: string): RegExp | undefined {
  const source = process.env[name]
  return source === undefined ? undefined : new RegExp(source)
}

function point(name: string): void {
  if (!listens) counts ||= countsFrom?.test(name) ?? false
  if (!counts) return
  if (log !== undefined) fs.writeSync(log, `${name}\n`)
  if (killBefore?.test(name)) process.kill(process.pid, 'SIGKILL')
  if (stops) process.kill(process.pid, 'SIGSTOP')
}

/** Something that only the log shows. */
function mention(name: string): void {
  if (counts && log !== undefined) fs.writeSync(log, `~ ${name}\n`)
}

const say = process.stdout.write.bind(process.stdout)
process.stdout.write = ((...args: Parameters<typeof say>) => {
  const told = say(...args)
  if (String(args[0]).includes('listening on')) {
    listens = true
    // A killed process keeps no compiled code for the next one, which would compile all of it again.
    flushCompileCache()
    counts = countsFrom === undefined
  }
  return told
  // The same function with one look at what passes; its overloads cannot be told otherwise.
}) as typeof process.stdout.write

// What the database does.
const scratch = new Database(':memory:')
const statements = Object.getPrototypeOf(scratch.prepare('select 1')) as StatementVerbs
scratch.close()

type Verb = (this: { source: string; database: Database.Database }, ...args: unknown[]) => unknown
interface StatementVerbs {
  run: Verb
  get: Verb
  all: Verb
}

/** The last write of the present transaction. */
let written = ''

for (const name of ['run', 'get', 'all'] as const) {
  const plain = statements[name]
  statements[name] = function (...args) {
    const sql = this.source.trim().replaceAll(/\s+/g, ' ')
    const writes = /^(insert|update|delete|commit|with recursive .* (insert|update|delete))/i.test(sql)
    const isCommit = /^commit/i.test(sql)
    if (!writes || (this.database.inTransaction && !isCommit)) {
      if (writes) written = sql
      return plain.apply(this, args)
    }
    if (isCommit && /_words|indexed = 1/.test(written)) return plain.apply(this, args)
    point(isCommit ? `commit of ${written}` : sql)
    const result = plain.apply(this, args)
    if (isCommit) point('after commit')
    return result
  }
}
// Called with the database that it belongs to, below.
// oxlint-disable-next-line typescript/unbound-method
const plainExec = Database.prototype.exec
Database.prototype.exec = function (sql) {
  // The lock that tells who lives is no data, and how commits wait is none either.
  if (!/^(begin exclusive|pragma synchronous)/i.test(sql)) point(`sql ${sql.trim().split('\n')[0]}`)
  return plainExec.call(this, sql)
}

// What happens to files.
const { promises } = fs
if (process.env['WITHOUT_LINKS'] !== undefined) {
  const refusal = () => Object.assign(new Error('EPERM: made up by the test, link'), { code: 'EPERM' })
  promises.link = () => Promise.reject(refusal())
  fs.linkSync = () => {
    throw refusal()
  }
}
const plainOpen = promises.open
promises.open = async (file, flags, mode) => {
  const handle = await plainOpen(file, flags, mode)
  const place = shortened(String(file))
  for (const verb of ['write', 'writeFile', 'datasync', 'sync'] as const) {
    const plain = handle[verb].bind(handle) as (...args: unknown[]) => unknown
    Object.assign(handle, {
      [verb]: (...args: unknown[]) => {
        if (verb === 'datasync' || verb === 'sync') mention(`${verb} ${place}`)
        else point(`${verb} ${place}`)
        return plain(...args)
      },
    })
  }
  return handle
}
for (const verb of ['fdatasync', 'fdatasyncSync'] as const) {
  const plain = fs[verb] as (...args: unknown[]) => unknown
  Object.assign(fs, {
    [verb]: (...args: unknown[]) => {
      mention('datasync of the log')
      return plain(...args)
    },
  })
}
for (const verb of ['link', 'rename', 'unlink', 'rm', 'mkdir', 'writeFile', 'copyFile'] as const) {
  const plain = promises[verb] as (...args: unknown[]) => Promise<unknown>
  Object.assign(promises, {
    [verb]: (...args: unknown[]) => {
      point(`${verb} ${shortened(String(args[0]))}`)
      return plain(...args)
    },
  })
}
for (const verb of [
  'unlinkSync',
  'rmSync',
  'linkSync',
  'renameSync',
  'writeFileSync',
  'mkdirSync',
] as const) {
  const plain = fs[verb] as (...args: unknown[]) => unknown
  Object.assign(fs, {
    [verb]: (...args: unknown[]) => {
      point(`${verb} ${shortened(String(args[0]))}`)
      return plain(...args)
    },
  })
}
syncBuiltinESMExports()

/** The kind of a file: ids and hashes differ in every run. */
function shortened(file: string): string {
  return file
    .split('/')
    .slice(-2)
    .join('/')
    .replaceAll(/(?<=\.tmp-|img_)[\w-]+/g, '…')
}
