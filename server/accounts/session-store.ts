import { hash } from 'node:crypto'
import type { Request } from 'express'
import session, { type Session, type SessionData } from 'express-session'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { User } from '../contract/accounts.ts'
import type { FoundSession, SessionRows } from '../store/sessions.ts'

declare module 'express-session' {
  interface SessionData {
    /** Written by passport at sign-in: the user's id. */
    passport?: { user?: string }
  }
}

const day = 24 * 60 * 60 * 1000
const idleLifetimeMs = 7 * day
/** However much it is used, a session ends this many milliseconds after sign-in. */
export const absoluteLifetimeMs = 30 * day
/** A use is written down only this often. */
const touchEveryMs = 5 * 60 * 1000

/** What is known of the row behind a session in memory. */
interface Kept {
  data: string
  /** Whose it is, as of loading; undefined where it was made by this very request. */
  user?: User | undefined
}

type Done = (error?: unknown) => void

/**
 * express-session's store over the database. Everything answers at once, so that the end of an answer is never
 * held up. It has no `touch`, for which express-session would work at the end of every request: a use is noted when
 * a session is loaded. A session that was loaded or written once can only be changed, never made again: what was
 * destroyed meanwhile, by whichever process, stays destroyed.
 */
export class SessionStore extends session.Store {
  readonly #rows: SessionRows
  readonly #clock: Clock
  readonly #log: Logger
  readonly #kept = new WeakMap<object, Kept>()

  constructor(rows: SessionRows, clock: Clock, log: Logger) {
    super()
    this.#rows = rows
    this.#clock = clock
    this.#log = log
  }

  override get(id: string, done: (error: unknown, session?: SessionData | null) => void): void {
    let found: SessionData | null = null
    try {
      const row = this.#find(id)
      if (row) {
        const data: SessionData = JSON.parse(row.data)
        // The browser has its cookie; without an expiry here it is not sent again.
        data.cookie = { originalMaxAge: null, expires: null, path: '/', httpOnly: true, sameSite: 'lax' }
        this.#kept.set(data, row)
        found = data
      }
    } catch (error) {
      done(error)
      return
    }
    done(null, found)
  }

  /** Whose session this is, for requests that only read and need no session to write to. */
  findUser(id: string): User | undefined {
    return this.#find(id)?.user
  }

  #find(id: string): FoundSession | undefined {
    const idHash = sessionHash(id)
    const now = this.#clock.now()
    const row = this.#rows.find(idHash, now)
    if (row === undefined) return undefined
    if (row.user === undefined) {
      // Gone for good: it does not wait for the user to be enabled again.
      this.#rows.remove(idHash)
      return undefined
    }
    if (now - row.touchedAt >= touchEveryMs) this.#noteUse(idHash, row.createdAt, now)
    return row
  }

  #noteUse(idHash: string, createdAt: number, now: number): void {
    try {
      this.#rows.touch(idHash, now, expiryOf(createdAt, now), now - touchEveryMs)
    } catch (error) {
      // Reading goes on where writing does not (a full disk); a later request notes its use.
      this.#log.warn({ err: error }, 'could not note the use of a session')
    }
  }

  /** Whose session it was when it was loaded. */
  userOf(session: object): User | undefined {
    return this.#kept.get(session)?.user
  }

  override createSession(req: Request, data: SessionData): Session & SessionData {
    const session = super.createSession(req, data)
    const kept = this.#kept.get(data)
    if (kept) this.#kept.set(session, kept)
    return session
  }

  override set(id: string, session: SessionData, done?: Done): void {
    let failure: unknown
    try {
      this.#write(id, session)
    } catch (error) {
      failure = error
    }
    done?.(failure)
  }

  #write(id: string, session: SessionData): void {
    const userId = session.passport?.user
    const kept = this.#kept.get(session)
    if (userId === undefined) {
      // Nobody's session keeps nothing; one that lost its user has ended.
      if (kept) this.#rows.remove(sessionHash(id))
      return
    }
    const data = JSON.stringify({ ...session, cookie: undefined })
    if (kept?.data === data) return
    if (kept) {
      this.#rows.update(sessionHash(id), userId, data)
      this.#kept.set(session, { ...kept, data })
      return
    }
    const now = this.#clock.now()
    this.#rows.insert(sessionHash(id), userId, { data, createdAt: now, touchedAt: now }, expiryOf(now, now))
    this.#kept.set(session, { data })
  }

  override destroy(id: string, done?: Done): void {
    let failure: unknown
    try {
      this.#rows.remove(sessionHash(id))
    } catch (error) {
      failure = error
    }
    done?.(failure)
  }
}

/** How a session's id stands in the database. */
export function sessionHash(id: string): string {
  return hash('sha256', id, 'hex')
}

function expiryOf(createdAt: number, touchedAt: number): number {
  return Math.min(touchedAt + idleLifetimeMs, createdAt + absoluteLifetimeMs)
}
