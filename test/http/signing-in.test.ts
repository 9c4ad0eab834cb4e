import { afterEach, describe, expect, it } from 'vitest'
import {
  type AccountServer,
  type Answer,
  from,
  goodPassword,
  startAccountServer,
} from '../support/account-server.ts'

const day = 24 * 60 * 60_000

let server: AccountServer
afterEach(async () => {
  await server.close()
})

const fail = (name: string, headers: Record<string, string> = {}) =>
  server.login(name, 'wrong wrong wrong', { headers })
/** An answer without what differs each time. */
const shown = ({ status, body, setCookie }: Answer) => ({
  status,
  body: { ...body, request_id: '' },
  setCookie,
})

describe('signing in', () => {
  it('answers an unknown name, a wrong password and a disabled user alike', async () => {
    server = await startAccountServer({ REGISTRATION: 'open' })
    await server.register('anna')
    await server.register('bert')
    server.db.prepare("update users set disabled_at = 1 where username = 'bert'").run()
    const unknown = shown(await server.login('nobody', goodPassword))
    expect(unknown.status).toBe(401)
    expect(shown(await server.login('anna', 'something else'))).toEqual(unknown)
    expect(shown(await server.login('bert', goodPassword))).toEqual(unknown)
  })

  it('gives a new session id, ends the old session and ignores one that was planted', async () => {
    server = await startAccountServer()
    const first = await server.register('anna')
    const second = await server.login('Anna ', goodPassword, { cookie: first.cookie })
    expect(second.status).toBe(200)
    expect(second.cookie).toBeDefined()
    expect(second.cookie).not.toBe(first.cookie)
    expect((await server.me(first.cookie)).status).toBe(401)
    expect((await server.me(second.cookie)).status).toBe(200)
    const planted = await server.login('anna', goodPassword, { cookie: 'sid=planted' })
    expect(planted.cookie).not.toContain('planted')
    expect(server.sessionCount()).toBe(2)
  })

  it('makes no session for who is not signed in', async () => {
    server = await startAccountServer()
    await server.register('anna')
    const before = server.sessionCount()
    for (const ask of [
      server.ask({ path: '/api/auth/registration' }),
      server.ask({ path: '/api/auth/registration', cookie: 'sid=s%3Ainvented.signature' }),
      server.login('anna', 'wrong wrong wrong'),
    ]) {
      expect((await ask).setCookie).toEqual([])
    }
    expect(server.sessionCount()).toBe(before)
  })

  it('sends the cookie once', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    server.clock.ms += day
    expect((await server.me(cookie)).setCookie).toEqual([])
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
    const refused = await server.login('anna', goodPassword)
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({ code: 'rate_limited', retry_after: 15 * 60 - 10 })
    expect(refused.headers['retry-after']).toBe('890')
    expect(refused.body.message).toMatch(/15 minutes/)
    expect((await server.login('someone-else', goodPassword)).status).toBe(401)
    server.clock.ms += 889_999
    expect((await server.login('anna', goodPassword)).status).toBe(429)
    server.clock.ms += 1
    expect((await server.login('anna', goodPassword)).status).toBe(200)
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
    expect((await server.login('anna', goodPassword, { headers: from('2001:db8::ffff') })).status).toBe(429)
    expect((await server.login('anna', goodPassword, { headers: from('2001:db8:0:1::1') })).status).toBe(200)
  })

  it('do not count what succeeded', async () => {
    server = await startAccountServer()
    await server.register('anna')
    for (let n = 0; n < 9; n += 1) await fail('anna')
    for (let n = 0; n < 12; n += 1) expect((await server.login('anna', goodPassword)).status).toBe(200)
    expect((await fail('anna')).status).toBe(401)
    expect((await fail('anna')).status).toBe(429)
  })

  it('leave whoever is signed in alone', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    for (let n = 0; n < 11; n += 1) await fail('anna')
    expect((await server.me(cookie)).status).toBe(200)
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
