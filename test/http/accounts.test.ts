import { afterEach, describe, expect, it } from 'vitest'
import {
  type AccountServer,
  type Ask,
  goodPassword,
  register,
  startAccountServer,
} from '../support/account-server.ts'

let server: AccountServer
afterEach(async () => {
  await server.close()
})

describe('one request', () => {
  interface Row {
    env?: Record<string, string>
    /** Whose cookie goes with the request. */
    as?: 'admin' | 'user'
    ask: Ask
  }
  interface Wanted {
    status: number
    code?: string
    /** The request's detail names this field. */
    field?: string
    says?: RegExp
    /** How many users there are afterwards, beside the administrator and one more. */
    made?: number
  }

  function scenario(name: string, row: Row, wanted: Wanted): void {
    it(name, async () => {
      server = await startAccountServer({ REGISTRATION: 'open', ...row.env })
      const insert = server.db.prepare<[string, string, string]>(
        `insert into users (id, username, username_key, display_name, password_hash, role, tier, created_at)
         values (?, ?, lower(?), 'N', 'x', 'user', 'free', 0)`,
      )
      const admin = await server.register('Anna')
      let cookie: string | undefined
      if (row.as === 'admin') cookie = admin.cookie
      if (row.as === 'user') {
        const { invite } = await server.invite(admin.cookie)
        cookie = (await server.register('bert', invite)).cookie
      } else {
        insert.run('0000000000000002', 'bert', 'bert')
      }
      const answer = await server.ask({ ...row.ask, ...(cookie === undefined ? {} : { cookie }) })
      expect(answer.status, answer.text).toBe(wanted.status)
      expect(answer.body.code).toBe(wanted.code)
      if (wanted.field !== undefined) expect(answer.body.details[0].field).toBe(wanted.field)
      if (wanted.says) expect(answer.body.message).toMatch(wanted.says)
      if (answer.status >= 400) expect(answer.body.request_id).toBe(answer.headers['x-request-id'])
      const users = server.db.prepare<[], { n: number }>('select count(*) as n from users').get()
      expect(users?.n).toBe(2 + (wanted.made ?? 0))
      expect(answer.text).not.toContain('argon2')
    })
  }

  scenario('anybody registers where registration is open', { ask: register({}) }, { status: 201, made: 1 })
  scenario(
    'a name in other capitals is the same name',
    { ask: register({ username: 'ＡＮＮＡ' }) },
    { status: 400, code: 'invalid_request', field: 'username', says: /taken/ },
  )
  scenario(
    'a short password is refused',
    { ask: register({ password: 'seven77' }) },
    { status: 400, code: 'invalid_request', field: 'password', says: /at least 8/ },
  )
  scenario(
    'a password of eight bytes in fewer characters is taken',
    { ask: register({ password: 'žluťá' }) },
    { status: 201, made: 1 },
  )
  scenario(
    'a password of more than 1,024 bytes is refused',
    { ask: register({ password: 'ž'.repeat(513) }) },
    { status: 400, code: 'invalid_request', field: 'password', says: /at most 1024/ },
  )
  scenario(
    'a common password is refused, in any case',
    { ask: register({ password: 'PassWord123' }) },
    { status: 400, code: 'invalid_request', field: 'password' },
  )
  scenario(
    'the username is no password',
    { ask: register({ username: 'carl.gustav', password: 'Carl.Gustav' }) },
    { status: 400, code: 'invalid_request', field: 'password', says: /username/ },
  )
  scenario(
    'one character many times is no password',
    { ask: register({ password: 'zzzzzzzzzzzz' }) },
    { status: 400, code: 'invalid_request', field: 'password' },
  )
  scenario(
    'closed means closed, and says whom to ask',
    { env: { REGISTRATION: 'closed' }, ask: register({}) },
    { status: 403, code: 'forbidden', says: /closed.*administrator/i },
  )
  scenario(
    'without an invitation one is told to ask for one',
    { env: { REGISTRATION: 'invite' }, ask: register({}) },
    { status: 403, code: 'forbidden', says: /invitation/ },
  )
  scenario(
    'an invented invitation is none',
    { env: { REGISTRATION: 'invite' }, ask: register({ invite: 'let-me-in' }) },
    { status: 403, code: 'forbidden', says: /not valid/ },
  )
  scenario(
    'whoever has no invitation does not learn which names exist',
    { env: { REGISTRATION: 'invite' }, ask: register({ username: 'anna' }) },
    { status: 403, code: 'forbidden', says: /needs an invitation/ },
  )
  scenario(
    'nobody is signed in without a session',
    { ask: { path: '/api/auth/me' } },
    { status: 401, code: 'unauthenticated' },
  )
  scenario(
    'strangers invite nobody',
    { ask: { method: 'post', path: '/api/invites' } },
    { status: 401, code: 'unauthenticated' },
  )
  scenario(
    'users who are no administrators invite nobody',
    { as: 'user', ask: { method: 'post', path: '/api/invites' } },
    { status: 403, code: 'forbidden' },
  )
  scenario(
    'an invitation nobody could use is not made',
    { env: { REGISTRATION: 'closed' }, as: 'admin', ask: { method: 'post', path: '/api/invites' } },
    { status: 403, code: 'forbidden', says: /REGISTRATION/ },
  )
  scenario(
    'strangers change no password',
    {
      ask: {
        path: '/api/auth/password',
        body: { current_password: goodPassword, new_password: 'another fine evening' },
      },
    },
    { status: 401, code: 'unauthenticated' },
  )
  scenario(
    'a wrong current password changes nothing',
    {
      as: 'admin',
      ask: {
        path: '/api/auth/password',
        body: { current_password: 'not it at all', new_password: 'another fine evening' },
      },
    },
    { status: 403, code: 'forbidden', field: 'current_password' },
  )
  scenario(
    'a new password is held to the same rules',
    {
      as: 'admin',
      ask: { path: '/api/auth/password', body: { current_password: goodPassword, new_password: '12345678' } },
    },
    { status: 400, code: 'invalid_request', field: 'new_password' },
  )
  scenario(
    'an empty name and password are just wrong, also with right ones in the query',
    {
      ask: {
        path: `/api/auth/login?username=Anna&password=${encodeURIComponent(goodPassword)}`,
        body: { username: '', password: '' },
      },
    },
    { status: 401, code: 'unauthenticated' },
  )
  scenario(
    'signing out without a session does nothing',
    { ask: { method: 'post', path: '/api/auth/logout' } },
    { status: 204 },
  )
})
