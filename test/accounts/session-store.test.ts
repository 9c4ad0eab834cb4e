import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Request } from 'express'
import type { Session, SessionData } from 'express-session'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SessionStore } from '../../server/accounts/session-store.ts'
import { type Db, openDatabase } from '../../server/store/database.ts'
import { createSessionRows } from '../../server/store/sessions.ts'

const minute = 60_000
const clock = { ms: 0, now: () => clock.ms }
let folder: string
let db: Db
let store: SessionStore
let lines: string[]
beforeEach(() => {
  clock.ms = 1_800_000_000_000
  folder = mkdtempSync(path.join(tmpdir(), 'easel-sessions-'))
  db = openDatabase(folder, () => clock.ms)
  lines = []
  store = open()
  db.prepare(
    `insert into users (id, username, username_key, display_name, password_hash, role, tier, created_at)
     values ('u1', 'anna', 'anna', 'Anna', 'x', 'user', 'free', 0)`,
  ).run()
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

/** A store as another process would have it. */
function open(): SessionStore {
  const log = pino({}, { write: (line: string) => void lines.push(line) })
  return new SessionStore(createSessionRows(db), clock, log)
}

function fresh(): SessionData {
  return { cookie: { originalMaxAge: 1000, expires: new Date(0) }, passport: { user: 'u1' } }
}

/** What a request has of a session, as express-session loads it. */
function load(from: SessionStore, id: string): (Session & SessionData) | undefined {
  let loaded: (Session & SessionData) | undefined
  from.get(id, (error, data) => {
    expect(error).toBeNull()
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a session uses no more of a request than this
    const request = { sessionID: id, sessionStore: from } as unknown as Request
    if (data) loaded = from.createSession(request, data)
  })
  return loaded
}

const rows = () =>
  db.prepare<[], { touched_at: number; expires_at: number; data: string }>('select * from sessions').all()
const writes = () => db.prepare<[], { n: number }>('select total_changes() as n').get()?.n

it('answers at once and gives back what was kept', () => {
  let answered = false
  store.set('id-1', fresh(), () => (answered = true))
  expect(answered).toBe(true)
  expect(load(open(), 'id-1')?.passport).toEqual({ user: 'u1' })
  expect(load(store, 'id-2')).toBeUndefined()
})

for (const [who, other] of [
  ['this process', () => store],
  ['another one', () => open()],
] as const) {
  it(`does not bring back what ${who} destroyed`, () => {
    const made = fresh()
    store.set('id-1', made)
    const loaded = load(store, 'id-1')
    expect(loaded).toBeDefined()
    other().destroy('id-1')
    for (const session of [made, loaded ?? fresh()]) {
      store.set('id-1', Object.assign(session, { changed: true }))
      expect(rows()).toEqual([])
    }
  })
}

it('writes a change, and nothing when nothing changed', () => {
  store.set('id-1', fresh())
  const session = load(store, 'id-1') ?? fresh()
  const before = writes()
  store.set('id-1', session)
  expect(writes()).toBe(before)
  store.set('id-1', Object.assign(session, { passport: { user: 'u1', more: 1 } }))
  expect(load(store, 'id-1')?.passport).toEqual({ user: 'u1', more: 1 })
})

it('ends a session that lost its user, and never makes one without', () => {
  store.set('id-1', fresh())
  const session = load(store, 'id-1') ?? fresh()
  store.set('id-1', Object.assign(session, { passport: {} }))
  expect(rows()).toEqual([])
  store.set('id-2', { cookie: { originalMaxAge: null } })
  expect(rows()).toEqual([])
})

it('notes a use every five minutes at most', () => {
  store.set('id-1', fresh())
  const start = clock.ms
  clock.ms += 5 * minute - 1
  let before = writes() ?? 0
  load(store, 'id-1')
  expect(writes()).toBe(before)
  clock.ms += 1
  before = writes() ?? 0
  for (const from of [store, open(), store]) load(from, 'id-1')
  expect(writes()).toBe(before + 1)
  expect(rows()[0]).toMatchObject({
    touched_at: start + 5 * minute,
    expires_at: start + 5 * minute + 7 * 24 * 60 * minute,
  })
})

it('notes no use of a session that ended between its loading and the noting', () => {
  store.set('id-1', fresh())
  clock.ms += 60 * minute
  const real = createSessionRows(db)
  const late = new SessionStore(
    {
      ...real,
      touch(...noted) {
        open().destroy('id-1')
        real.touch(...noted)
      },
    },
    clock,
    pino({ level: 'silent' }),
  )
  load(late, 'id-1')
  expect(rows()).toEqual([])
})

it('loads a session also where its use cannot be noted', () => {
  store.set('id-1', fresh())
  clock.ms += 60 * minute
  db.pragma('query_only = on')
  expect(load(store, 'id-1')?.passport).toEqual({ user: 'u1' })
  expect(lines.join('')).toContain('could not note the use of a session')
})

it('reports what fails', () => {
  db.exec('drop table sessions')
  const failures: unknown[] = []
  store.get('id-1', (error) => failures.push(error))
  store.set('id-2', fresh(), (error) => failures.push(error))
  store.destroy('id-1', (error) => failures.push(error))
  expect(failures).toHaveLength(3)
  for (const failure of failures) expect(failure).toBeInstanceOf(Error)
})
