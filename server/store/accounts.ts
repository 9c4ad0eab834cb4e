import type { Registration } from '../config.ts'
import type { User } from '../contract/accounts.ts'
import type { Db } from './database.ts'

interface Credentials {
  user: User
  passwordHash: string
}

interface NewAccount {
  id: string
  username: string
  /** What makes a name unique; see `usernameKey`. */
  usernameKey: string
  displayName: string
  passwordHash: string
  /** Of the invitation that came with the request, if one did. */
  inviteHash: string | undefined
}

/** Why somebody may not register. */
export type Refusal = 'closed' | 'invite_missing' | 'invite_invalid' | 'username_taken'

/** Users and invitations. Times are milliseconds. */
export interface AccountRows {
  isEmpty(): boolean
  /** The user of that name, unless there is none or it is disabled. */
  findCredentials(usernameKey: string): Credentials | undefined
  /** Whether `register` would take somebody with this invitation; the name's turn comes only then. */
  mayRegister(mode: Registration, inviteHash: string | undefined, now: number): Refusal | undefined
  /**
   * Makes the account. The very first one becomes administrator, whatever the mode; any later one uses up its
   * invitation where the mode asks for one. All of it is one transaction.
   */
  register(account: NewAccount, mode: Registration, now: number): User | Refusal
  /**
   * Puts another password in the place of the one that was proven and ends all of the user's sessions, in one
   * transaction. False when the password was changed meanwhile. `endedOwn` tells whether the session that asked
   * was still there.
   */
  replacePassword(change: { userId: string; provenHash: string; newHash: string; sessionHash: string }): {
    changed: boolean
    endedOwn: boolean
  }
  insertInvite(tokenHash: string, createdBy: string, now: number, expiresAt: number): void
  /** Forgets invitations that expired unused. */
  sweep(now: number): void
}

/** Keeps accounts in tables `users` and `invites`. */
export function createAccountRows(db: Db): AccountRows {
  const anyUser = db.prepare<[], { one: number }>('select 1 as one from users limit 1')
  const userByKey = db.prepare<[string], User & { password_hash: string }>(
    `select id, username, display_name, role, tier, password_hash
     from users where username_key = ? and disabled_at is null`,
  )
  const keyTaken = db.prepare<[string], { one: number }>('select 1 as one from users where username_key = ?')
  const insertUser = db.prepare<[string, string, string, string, string, string, string, number]>(
    `insert into users (id, username, username_key, display_name, password_hash, role, tier, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const openInvite = db.prepare<[string, number], { one: number }>(
    'select 1 as one from invites where token_hash = ? and used_at is null and expires_at > ?',
  )
  const useInvite = db.prepare<[string, number, string]>(
    'update invites set used_by = ?, used_at = ? where token_hash = ?',
  )
  const insertInvite = db.prepare<[string, string, number, number]>(
    'insert into invites (token_hash, created_by, created_at, expires_at) values (?, ?, ?, ?)',
  )
  const sweepInvites = db.prepare<[number]>('delete from invites where used_at is null and expires_at <= ?')
  const changeHash = db.prepare<[string, string, string]>(
    'update users set password_hash = ? where id = ? and password_hash = ? and disabled_at is null',
  )
  const sessionOfUser = db.prepare<[string, string], { one: number }>(
    'select 1 as one from sessions where id_hash = ? and user_id = ?',
  )
  const endSessions = db.prepare<[string]>('delete from sessions where user_id = ?')

  const isEmpty = () => anyUser.get() === undefined

  function mayRegister(mode: Registration, inviteHash: string | undefined, now: number): Refusal | undefined {
    if (isEmpty()) return undefined
    switch (mode) {
      case 'open':
        return undefined
      case 'closed':
        return 'closed'
      case 'invite':
        if (inviteHash === undefined) return 'invite_missing'
        return openInvite.get(inviteHash, now) ? undefined : 'invite_invalid'
      default:
        return mode satisfies never
    }
  }

  const register = db.transaction((account: NewAccount, mode: Registration, now: number): User | Refusal => {
    const first = isEmpty()
    const refusal = mayRegister(mode, account.inviteHash, now)
    if (refusal !== undefined) return refusal
    if (keyTaken.get(account.usernameKey)) return 'username_taken'
    const user: User = {
      id: account.id,
      username: account.username,
      display_name: account.displayName,
      role: first ? 'admin' : 'user',
      tier: first ? 'admin' : 'free',
    }
    insertUser.run(
      user.id,
      user.username,
      account.usernameKey,
      user.display_name,
      account.passwordHash,
      user.role,
      user.tier,
      now,
    )
    if (!first && mode === 'invite' && account.inviteHash !== undefined) {
      useInvite.run(user.id, now, account.inviteHash)
    }
    return user
  })

  const replacePassword = db.transaction(
    (change: { userId: string; provenHash: string; newHash: string; sessionHash: string }) => {
      const changed = changeHash.run(change.newHash, change.userId, change.provenHash).changes === 1
      if (!changed) return { changed, endedOwn: false }
      const endedOwn = sessionOfUser.get(change.sessionHash, change.userId) !== undefined
      endSessions.run(change.userId)
      return { changed, endedOwn }
    },
  )

  return {
    isEmpty,
    findCredentials(usernameKey) {
      const row = userByKey.get(usernameKey)
      if (row === undefined) return undefined
      const { password_hash: passwordHash, ...user } = row
      return { user, passwordHash }
    },
    mayRegister,
    register: (account, mode, now) => register.immediate(account, mode, now),
    replacePassword: (change) => replacePassword.immediate(change),
    insertInvite(tokenHash, createdBy, now, expiresAt) {
      insertInvite.run(tokenHash, createdBy, now, expiresAt)
    },
    sweep(now) {
      sweepInvites.run(now)
    },
  }
}
