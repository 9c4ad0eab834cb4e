import { afterEach, describe, expect, it } from 'vitest'
import {
  type AccountServer,
  type Answer,
  type Ask,
  goodPassword,
  heldPasswords,
  startAccountServer,
} from '../support/account-server.ts'

const minute = 60_000
const day = 24 * 60 * minute

let server: AccountServer
afterEach(async () => {
  await server.close()
})

const login = (username: string, password: string, more: Partial<Ask> = {}) =>
  server.ask({ path: '/api/auth/login', body: { username, password }, ...more })
const me = (cookie: string | undefined) => server.ask({ path: '/api/auth/me', cookie })
const byText = (a: unknown, b: unknown) => String(a).localeCompare(String(b))
const register = (body: object): Ask => ({
  path: '/api/auth/register',
  body: { username: 'Carl', password: goodPassword, ...body },
})
const fail = (name: string, headers: Record<string, string> = {}) =>
  login(name, 'wrong wrong wrong', { headers })
const from = (address: string) => ({ 'X-Forwarded-For': address })
/** An answer without what differs each time. */
const shown = ({ status, body, setCookie }: Answer) => ({
  status,
  body: { ...body, request_id: '' },
  setCookie,
})
const sessionCount = () =>
  server.db.prepare<[], { n: number }>('select count(*) as n from sessions').get()?.n ?? 0

async function invited(cookie: string): Promise<{ invite: string; url: string; expires_at: string }> {
  const answer = await server.ask({ method: 'post', path: '/api/invites', cookie })
  expect(answer.status).toBe(201)
  return answer.body
}

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
        const { invite } = await invited(admin.cookie)
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

describe('registering', () => {
  it('makes the first one administrator and everybody after that a user', async () => {
    server = await startAccountServer({ REGISTRATION: 'open' })
    expect((await server.ask({ path: '/api/auth/registration' })).body).toEqual({
      open: 'first',
      signed_in: false,
    })
    const anna = await server.ask({
      path: '/api/auth/register',
      body: { username: 'Anna', password: goodPassword, display_name: ' Anna\nB.\ud800 ' },
    })
    expect(anna.body).toEqual({
      user: {
        id: expect.any(String),
        username: 'Anna',
        display_name: 'Anna B.\ufffd',
        role: 'admin',
        tier: 'admin',
      },
    })
    expect((await me(anna.cookie)).body).toEqual(anna.body)
    expect((await server.ask({ path: '/api/auth/registration' })).body).toEqual({
      open: 'open',
      signed_in: false,
    })
    expect((await server.ask({ path: '/api/auth/registration', cookie: anna.cookie })).body).toEqual({
      open: 'open',
      signed_in: true,
    })
    const bert = await server.register('bert')
    expect(bert.body.user).toMatchObject({ display_name: 'bert', role: 'user', tier: 'free' })
  })

  it('lets one of two simultaneous first ones be administrator', async () => {
    server = await startAccountServer({ REGISTRATION: 'open' })
    const made = await Promise.all(['anna', 'bert', 'carl'].map((name) => server.register(name)))
    expect(made.map((answer) => answer.body.user.role).toSorted(byText)).toEqual(['admin', 'user', 'user'])
  })

  it('takes one of two simultaneous first ones where an invitation is needed', async () => {
    server = await startAccountServer()
    const ask = (username: string) =>
      server.ask({ path: '/api/auth/register', body: { username, password: goodPassword } })
    const statuses = (await Promise.all([ask('anna'), ask('bert')])).map((answer) => answer.status)
    expect(statuses.toSorted(byText)).toEqual([201, 403])
  })

  it('takes an invitation once, also from two at the same time', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    const made = await invited(cookie)
    expect(made.expires_at).toBe('2026-11-27T12:00:00.000Z')
    expect(made.url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/register\\?invite=${made.invite}$`))
    const ask = (username: string) =>
      server.ask({
        path: '/api/auth/register',
        body: { username, password: goodPassword, invite: made.invite },
      })
    const answers = await Promise.all([ask('bert'), ask('carl')])
    expect(answers.map((answer) => answer.status).toSorted(byText)).toEqual([201, 403])
    expect((await ask('dora')).status).toBe(403)
  })

  it('keeps an invitation whose name was taken, and forgets it after seven days', async () => {
    server = await startAccountServer({ PUBLIC_URL: 'http://pictures.example:8080' })
    const { cookie } = await server.register('anna')
    const { invite, url } = await invited(cookie)
    expect(url).toBe(`http://pictures.example:8080/register?invite=${invite}`)
    const ask = (username: string) =>
      server.ask({ path: '/api/auth/register', body: { username, password: goodPassword, invite } })
    expect((await ask('anna')).status).toBe(400)
    server.clock.ms += 7 * day
    expect((await ask('bert')).status).toBe(403)
    server.clock.ms -= 1
    expect((await ask('bert')).status).toBe(201)
  })

  it('signs many in at once from one address', async () => {
    server = await startAccountServer({ REGISTRATION: 'open' })
    const names = Array.from({ length: 40 }, (_, index) => `person-${index}`)
    await Promise.all(names.map((name) => server.register(name)))
    const answers = await Promise.all(names.map((name) => login(name, goodPassword)))
    expect(answers.map((answer) => answer.status)).toEqual(names.map(() => 200))
  })
})

describe('signing in', () => {
  it('answers an unknown name, a wrong password and a disabled user alike', async () => {
    server = await startAccountServer({ REGISTRATION: 'open' })
    await server.register('anna')
    await server.register('bert')
    server.db.prepare("update users set disabled_at = 1 where username = 'bert'").run()
    const unknown = shown(await login('nobody', goodPassword))
    expect(unknown.status).toBe(401)
    expect(shown(await login('anna', 'something else'))).toEqual(unknown)
    expect(shown(await login('bert', goodPassword))).toEqual(unknown)
  })

  it('gives a new session id, ends the old session and ignores one that was planted', async () => {
    server = await startAccountServer()
    const first = await server.register('anna')
    const second = await login('Anna ', goodPassword, { cookie: first.cookie })
    expect(second.status).toBe(200)
    expect(second.cookie).toBeDefined()
    expect(second.cookie).not.toBe(first.cookie)
    expect((await me(first.cookie)).status).toBe(401)
    expect((await me(second.cookie)).status).toBe(200)
    const planted = await login('anna', goodPassword, { cookie: 'sid=planted' })
    expect(planted.cookie).not.toContain('planted')
    expect(sessionCount()).toBe(2)
  })

  it('makes no session for who is not signed in', async () => {
    server = await startAccountServer()
    await server.register('anna')
    const before = sessionCount()
    for (const ask of [
      server.ask({ path: '/api/auth/registration' }),
      server.ask({ path: '/api/auth/registration', cookie: 'sid=s%3Ainvented.signature' }),
      login('anna', 'wrong wrong wrong'),
    ]) {
      expect((await ask).setCookie).toEqual([])
    }
    expect(sessionCount()).toBe(before)
  })

  it('sends the cookie once', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    server.clock.ms += day
    expect((await me(cookie)).setCookie).toEqual([])
  })

  interface CookieRow {
    env: Record<string, string>
    headers?: Record<string, string>
    line: RegExp
  }
  const cookies: Record<string, CookieRow> = {
    'plainly on loopback': {
      env: {},
      line: /^sid=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    },
    'bound to the host where PUBLIC_URL is https, also behind a proxy that is not trusted': {
      env: { PUBLIC_URL: 'https://pictures.example' },
      headers: { Host: 'pictures.example' },
      line: /^__Host-sid=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    },
    'Secure where a trusted proxy says TLS': {
      env: { TRUST_PROXY: '1' },
      headers: { 'X-Forwarded-Proto': 'https' },
      line: /^sid=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    },
    'without Secure where anybody could say TLS': {
      env: {},
      headers: { 'X-Forwarded-Proto': 'https' },
      line: /^sid=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    },
  }
  for (const [name, { env, headers = {}, line }] of Object.entries(cookies)) {
    it(`sets the cookie ${name}, and takes it away the same way`, async () => {
      server = await startAccountServer(env)
      const body = { username: 'anna', password: goodPassword }
      const made = await server.ask({ path: '/api/auth/register', body, headers })
      expect(made.setCookie).toEqual([expect.stringMatching(line)])
      const again = await server.ask({ path: '/api/auth/login', body, headers })
      expect(again.setCookie).toEqual([expect.stringMatching(line)])
      expect((await server.ask({ path: '/api/auth/me', cookie: again.cookie, headers })).status).toBe(200)
      const out = await server.ask({
        method: 'post',
        path: '/api/auth/logout',
        cookie: again.cookie,
        headers,
      })
      expect(out.status).toBe(204)
      const name = again.cookie?.split('=')[0]
      expect(out.setCookie).toEqual([
        expect.stringMatching(new RegExp(`^${name}=; .*Path=/; Expires=Thu, 01 Jan 1970`)),
      ])
      expect(out.setCookie[0]).toContain('HttpOnly')
      if (name === '__Host-sid') expect(out.setCookie[0]).toContain('Secure')
    })
  }
})

describe('too many failures', () => {
  it('stop more for that name, right password or not, and only until the oldest is 15 minutes old', async () => {
    server = await startAccountServer()
    await server.register('anna')
    for (let n = 0; n < 10; n += 1) {
      expect((await fail('Anna')).status).toBe(401)
      server.clock.ms += 1000
    }
    const refused = await login('anna', goodPassword)
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({ code: 'rate_limited', retry_after: 15 * 60 - 10 })
    expect(refused.headers['retry-after']).toBe('890')
    expect(refused.body.message).toMatch(/15 minutes/)
    expect((await login('someone-else', goodPassword)).status).toBe(401)
    server.clock.ms += 889_999
    expect((await login('anna', goodPassword)).status).toBe(429)
    server.clock.ms += 1
    expect((await login('anna', goodPassword)).status).toBe(200)
  })

  it('count alike for names that do not exist', async () => {
    server = await startAccountServer()
    await server.register('anna')
    for (let n = 0; n < 10; n += 1) await fail('nobody')
    expect((await fail('NOBODY')).status).toBe(429)
  })

  it('cannot be outrun by asking many times at once', async () => {
    server = await startAccountServer()
    await server.register('anna')
    const answers = await Promise.all(Array.from({ length: 25 }, () => fail('anna')))
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(10)
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(15)
  })

  it('stop more from that address, and from no other', async () => {
    server = await startAccountServer({ TRUST_PROXY: '1' })
    await server.register('anna')
    for (let n = 0; n < 30; n += 1) await fail(`name-${n}`, from(`2001:db8::${n}`))
    expect((await login('anna', goodPassword, { headers: from('2001:db8::ffff') })).status).toBe(429)
    expect((await login('anna', goodPassword, { headers: from('2001:db8:0:1::1') })).status).toBe(200)
  })

  it('do not count what succeeded', async () => {
    server = await startAccountServer()
    await server.register('anna')
    for (let n = 0; n < 9; n += 1) await fail('anna')
    for (let n = 0; n < 12; n += 1) expect((await login('anna', goodPassword)).status).toBe(200)
    expect((await fail('anna')).status).toBe(401)
    expect((await fail('anna')).status).toBe(429)
  })

  it('leave whoever is signed in alone', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    for (let n = 0; n < 11; n += 1) await fail('anna')
    expect((await me(cookie)).status).toBe(200)
    const change = await server.ask({
      path: '/api/auth/password',
      cookie,
      body: { current_password: goodPassword, new_password: 'another fine evening' },
    })
    expect(change.status).toBe(204)
  })

  it('of the current password stop guessing in a session that was left open', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    const guess = () =>
      server.ask({
        path: '/api/auth/password',
        cookie,
        body: { current_password: 'wrong wrong wrong', new_password: 'another fine evening' },
      })
    for (let n = 0; n < 10; n += 1) expect((await guess()).status).toBe(403)
    expect((await guess()).status).toBe(429)
  })

  it('of invitations stop guessing them', async () => {
    server = await startAccountServer()
    await server.register('anna')
    const guess = (invite: string) =>
      server.ask({
        path: '/api/auth/register',
        body: { username: 'bert', password: goodPassword, invite },
      })
    for (let n = 0; n < 30; n += 1) expect((await guess(`guess-${n}`)).status).toBe(403)
    expect((await guess('guess-31')).status).toBe(429)
  })
})

describe('a session', () => {
  it('that was signed out is over for good', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    const out = await server.ask({ method: 'post', path: '/api/auth/logout', cookie })
    expect(out.status).toBe(204)
    expect((await me(cookie)).status).toBe(401)
    expect(sessionCount()).toBe(0)
  })

  for (const [method, how] of [
    ['get', ''],
    ['post', ''],
    ['post', '?change=1'],
  ] as const) {
    it(`that was signed out does not come back with a request under way: ${method} ${how}`, async () => {
      server = await startAccountServer()
      const { cookie } = await server.register('anna')
      // Old enough for the end of the request to note its use.
      server.clock.ms += day
      const underWay = server.ask({ method, path: `/api/auth/wait${how}`, cookie })
      await expect.poll(() => server.arrivals.waiting).toBe(1)
      await server.ask({ method: 'post', path: '/api/auth/logout', cookie })
      server.arrivals.release()
      expect((await underWay).body).toEqual({ user: 'anna', still: false })
      expect((await me(cookie)).status).toBe(401)
      expect(sessionCount()).toBe(0)
    })
  }

  it('of the user who changes the password goes on under a new id, the others end', async () => {
    server = await startAccountServer({ REGISTRATION: 'open' })
    const here = await server.register('anna')
    const elsewhere = await login('anna', goodPassword)
    const other = await server.register('bert')
    const stream = server.ask({ path: '/api/auth/wait', cookie: elsewhere.cookie })
    await expect.poll(() => server.arrivals.waiting).toBe(1)
    const change = await server.ask({
      path: '/api/auth/password',
      cookie: here.cookie,
      body: { current_password: goodPassword, new_password: 'another fine evening' },
    })
    expect(change.status).toBe(204)
    server.arrivals.release()
    expect((await stream).body.still).toBe(false)
    expect((await me(elsewhere.cookie)).status).toBe(401)
    expect((await me(here.cookie)).status).toBe(401)
    expect((await me(change.cookie)).body.user.username).toBe('anna')
    expect((await me(other.cookie)).status).toBe(200)
    expect((await login('anna', goodPassword)).status).toBe(401)
    expect((await login('anna', 'another fine evening')).status).toBe(200)
  })

  it('that was signed out while the password changed stays signed out', async () => {
    const passwords = heldPasswords()
    server = await startAccountServer({}, passwords)
    const { cookie } = await server.register('anna')
    passwords.hold()
    const change = server.ask({
      path: '/api/auth/password',
      cookie,
      body: { current_password: goodPassword, new_password: 'another fine evening' },
    })
    await expect.poll(() => passwords.waiting).toBe(1)
    await server.ask({ method: 'post', path: '/api/auth/logout', cookie })
    passwords.release()
    expect(await change).toMatchObject({ status: 204, setCookie: [] })
    expect(sessionCount()).toBe(0)
    expect((await login('anna', 'another fine evening')).status).toBe(200)
  })

  const meanwhile = {
    'disabled the user': () => server.db.prepare('update users set disabled_at = 1').run(),
    'changed the password': () => server.db.prepare("update users set password_hash = 'another'").run(),
  }
  for (const [what, happens] of Object.entries(meanwhile)) {
    it(`is not made when somebody ${what} while the password was compared`, async () => {
      const passwords = heldPasswords()
      server = await startAccountServer({}, passwords)
      await server.register('anna')
      passwords.hold()
      const attempt = login('anna', goodPassword)
      await expect.poll(() => passwords.waiting).toBe(1)
      happens()
      passwords.release()
      expect(await attempt).toMatchObject({ status: 401, setCookie: [] })
      expect(sessionCount()).toBe(1)
    })
  }

  it('of a user who was disabled is out at once and stays out', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    const stream = server.ask({ path: '/api/auth/wait', cookie })
    await expect.poll(() => server.arrivals.waiting).toBe(1)
    server.db.prepare('update users set disabled_at = 1').run()
    server.arrivals.release()
    expect((await stream).body.still).toBe(false)
    expect((await me(cookie)).status).toBe(401)
    server.db.prepare('update users set disabled_at = null').run()
    expect((await me(cookie)).status).toBe(401)
  })

  it('ends after seven days without use', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    server.clock.ms += 7 * day - 1
    expect((await me(cookie)).status).toBe(200)
    server.clock.ms += 7 * day
    expect((await me(cookie)).status).toBe(401)
  })

  it('ends after thirty days however much it is used', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    for (let n = 0; n < 29; n += 1) {
      server.clock.ms += day
      expect((await me(cookie)).status).toBe(200)
    }
    server.clock.ms += day
    expect((await me(cookie)).status).toBe(401)
  })

  it('that is over is cleared away by a later sign-in', async () => {
    server = await startAccountServer()
    await server.register('anna')
    server.clock.ms += 31 * day
    await login('anna', goodPassword)
    expect(sessionCount()).toBe(1)
  })

  it('is not opened by what the database holds, nor by a cookie without its signature', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    const stored = server.db.prepare<[], { id_hash: string }>('select id_hash from sessions').get()?.id_hash
    const id = decodeURIComponent(cookie).slice('sid=s:'.length).split('.')[0]
    expect(stored).not.toBe(id)
    for (const forged of [`sid=${id}`, `sid=s%3A${id}`, `sid=s%3A${id}.AAAA`, `sid=${stored}`]) {
      expect((await me(forged)).status).toBe(401)
    }
  })
})

describe('nothing secret', () => {
  it('stands in an answer, in the log or readable in the database', async () => {
    server = await startAccountServer()
    const texts: string[] = []
    const keep = async (answer: Promise<Answer>) => {
      const { text, headers, ...rest } = await answer
      texts.push(text, JSON.stringify({ ...headers, 'set-cookie': '' }))
      return rest
    }
    const anna = await server.register('anna')
    const invite = await invited(anna.cookie)
    await keep(
      server.ask({
        path: '/api/auth/register',
        body: { username: 'bert', password: goodPassword, invite: invite.invite },
      }),
    )
    await keep(login('anna', goodPassword))
    await keep(login('anna', 'my other secret'))
    await keep(login('my other secret', 'anna'))
    await keep(
      server.ask({
        path: '/api/auth/password',
        cookie: anna.cookie,
        body: { current_password: 'my other secret', new_password: 'another fine evening' },
      }),
    )
    await keep(me(anna.cookie))
    await keep(server.ask({ method: 'post', path: '/api/auth/logout', cookie: anna.cookie }))
    const id = decodeURIComponent(anna.cookie).slice('sid=s:'.length).split('.')[0] ?? ''
    const secrets = [goodPassword, 'my other secret', 'another fine evening', '$argon2', id, anna.cookie]
    const log = server.log()
    expect(log).toContain('signed in')
    expect(log).toContain('sign-in refused')
    for (const secret of secrets) {
      expect(log).not.toContain(secret)
      expect(texts.join('\n')).not.toContain(secret)
    }
    expect(log).not.toContain(invite.invite)
    const kept = JSON.stringify([
      server.db.prepare('select * from users').all(),
      server.db.prepare('select * from sessions').all(),
      server.db.prepare('select * from invites').all(),
      server.db.prepare('select * from rate_ticks').all(),
    ])
    for (const secret of [goodPassword, 'my other secret', id, invite.invite])
      expect(kept).not.toContain(secret)
  })
})
