import type { User } from '../contract/accounts.ts'
import type { Db } from './database.ts'

/** A session as it is kept: under the hash of its id, so that a stolen database opens no session. Times in milliseconds. */
interface StoredSession {
  /** JSON. */
  data: string
  createdAt: number
  touchedAt: number
}

/** A session with whose it is; undefined when the user was disabled, which ends the session. */
export interface FoundSession extends StoredSession {
  user: User | undefined
}

/** Sessions that have not ended. What has ended is not there, and no verb but `insert` makes one. */
export interface SessionRows {
  find(idHash: string, now: number): FoundSession | undefined
  /** Whether the session lasts and its user may still come in. */
  isLive(idHash: string, now: number): boolean
  insert(idHash: string, userId: string, session: StoredSession, expiresAt: number): void
  /** Changes a session that is there. */
  update(idHash: string, userId: string, data: string): void
  /** Notes a use of a session that is there and was last touched at or before `unlessAfter`. */
  touch(idHash: string, touchedAt: number, expiresAt: number, unlessAfter: number): void
  remove(idHash: string): void
  sweep(now: number): void
}

/** Keeps sessions in table `sessions`. */
export function createSessionRows(db: Db): SessionRows {
  // Asked on every request. Measured: this 4 µs, two statements 6.5 µs (each locks for itself), a join 13 µs.
  const find = db.prepare<[string, number], StoredSession & { user: string | null }>(
    `select data, created_at as createdAt, touched_at as touchedAt, (
       select json_object('id', id, 'username', username, 'display_name', display_name, 'role', role, 'tier', tier)
       from users where id = user_id and disabled_at is null
     ) as user
     from sessions where id_hash = ? and expires_at > ?`,
  )
  const live = db.prepare<[string, number], { one: number }>(
    `select 1 as one from sessions join users on users.id = sessions.user_id
     where id_hash = ? and expires_at > ? and disabled_at is null`,
  )
  const insert = db.prepare<[string, string, string, number, number, number]>(
    `insert into sessions (id_hash, user_id, data, created_at, touched_at, expires_at)
     values (?, ?, ?, ?, ?, ?)`,
  )
  const update = db.prepare<[string, string, string]>(
    'update sessions set user_id = ?, data = ? where id_hash = ?',
  )
  const touch = db.prepare<[number, number, string, number]>(
    'update sessions set touched_at = ?, expires_at = ? where id_hash = ? and touched_at <= ?',
  )
  const remove = db.prepare<[string]>('delete from sessions where id_hash = ?')
  const sweep = db.prepare<[number]>('delete from sessions where expires_at <= ?')

  return {
    find(idHash, now) {
      const row = find.get(idHash, now)
      if (row === undefined) return undefined
      const { data, createdAt, touchedAt } = row
      const user: User | undefined = row.user === null ? undefined : JSON.parse(row.user)
      return { data, createdAt, touchedAt, user }
    },
    isLive: (idHash, now) => live.get(idHash, now) !== undefined,
    insert(idHash, userId, session, expiresAt) {
      insert.run(idHash, userId, session.data, session.createdAt, session.touchedAt, expiresAt)
    },
    update(idHash, userId, data) {
      update.run(userId, data, idHash)
    },
    touch(idHash, touchedAt, expiresAt, unlessAfter) {
      touch.run(touchedAt, expiresAt, idHash, unlessAfter)
    },
    remove(idHash) {
      remove.run(idHash)
    },
    sweep(now) {
      sweep.run(now)
    },
  }
}
