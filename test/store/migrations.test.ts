import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../server/store/database.ts'
import { migrations } from '../../server/store/migrations.ts'
import { openStore } from '../../server/store/store.ts'

/** A storage folder as the release with that many migrations left it. */
function usedUntil(last: number, fill: (db: Database.Database) => void): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'easel-migrations-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const db = new Database(path.join(folder, 'easel.sqlite'))
  db.exec('create table migrations (id integer primary key, name text not null, applied_at integer not null)')
  for (const { id, name, sql } of migrations.filter((step) => step.id <= last)) {
    db.exec(sql)
    db.prepare('insert into migrations values (?, ?, 0)').run(id, name)
  }
  fill(db)
  db.close()
  return folder
}

it('keeps turns and their streams when they move under their ids, and removes them with their messages', () => {
  const folder = usedUntil(5, (db) => {
    db.exec(`
      insert into users (id, username, username_key, display_name, password_hash, role, tier, created_at)
        values ('u', 'anna', 'anna', 'Anna', 'x', 'admin', 'free', 1);
      insert into conversations (id, user_id, title, titled_by, created_at, updated_at) values ('c', 'u', '', 'nobody', 1, 1);
      insert into messages (id, conversation_id, parent_id, turn_id, sender, kind, text, state, created_at) values
        ('m1', 'c', null, 't1', 'user', 'chat', 'hello', 'complete', 1), ('m2', 'c', 'm1', 't1', 'model', 'chat', 'Hi.', 'complete', 1),
        ('m3', 'c', 'm2', 't2', 'user', 'chat', 'and', 'complete', 2), ('m4', 'c', 'm3', 't2', 'model', 'chat', '', 'streaming', 2);
      insert into turns (id, conversation_id, user_id, user_message_id, model_message_id, kind, state, request, owner, created_at) values
        ('t1', 'c', 'u', 'm1', 'm2', 'chat', 'complete', '{"a":1}', 'old', 1),
        ('t2', 'c', 'u', 'm3', 'm4', 'chat', 'running', '{"a":2}', 'old', 2);
      insert into turn_events values ('t1', 1, 2, 'one two', 1), ('t1', 3, 3, 'three', 1), ('t2', 1, 1, 'uno', 2);`)
  })
  const db = openDatabase(folder, () => 3)
  const store = openStore(db, 'me')
  onTestFinished(() => {
    store.close()
    db.close()
  })
  expect(store.turns.find('u', 't1')).toMatchObject({ state: 'complete', request: '{"a":1}', createdAt: 1 })
  expect(store.turns.ofModelMessage('c', 'm4')).toMatchObject({ id: 't2', state: 'running', owner: 'old' })
  expect(() => store.turns.mustBeIdle('c')).toThrow('still being answered')
  expect(store.turns.nextEvents('t1', 2)).toEqual({ firstId: 3, lastId: 3, body: 'three' })
  expect(store.turns.lastEventId('t2')).toBe(1)

  store.together(() => store.messageTurns.removeOf(store.messages.removeWithFollowers('c', 'm3', 'm4')))
  expect(store.turns.find('u', 't2')).toBeUndefined()
  expect(store.turns.lastEventId('t2')).toBe(0)
  expect(store.turns.find('u', 't1')).toBeDefined()

  store.copies.hide('c')
  expect(store.copies.removeSome('c', 100)).toBe(false)
  for (const table of ['conversations', 'messages', 'turns', 'turn_events']) {
    expect(db.prepare(`select count(*) as left from ${table}`).get()).toEqual({ left: 0 })
  }
})

it('forgets the streams of turns that began before a time', () => {
  const began = 1_795_000_000_000
  const folder = usedUntil(0, () => undefined)
  const db = openDatabase(folder, () => began)
  const store = openStore(db, 'me')
  onTestFinished(() => {
    store.close()
    db.close()
  })
  const insert = db.prepare(
    `insert into turn_events (turn_id, first_id, last_id, body) values (?, 1, 1, 'x')`,
  )
  // UUIDs of version 7: their first twelve digits are milliseconds.
  const idOf = (time: number) => {
    const hex = time.toString(16).padStart(12, '0')
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-0123456789ab`
  }
  for (const time of [began - 1, began, began + 1]) insert.run(idOf(time))
  expect(store.turns.forgetEventsBefore(began)).toBe(1)
  expect(store.turns.lastEventId(idOf(began - 1))).toBe(0)
  expect(store.turns.lastEventId(idOf(began))).toBe(1)
})
