import { afterEach, describe, expect, it } from 'vitest'
import {
  type AccountServer,
  type Answer,
  goodPassword,
  heldPasswords,
  startAccountServer,
} from '../support/account-server.ts'

const day = 24 * 60 * 60_000

let server: AccountServer
afterEach(async () => {
  await server.close()
})

describe('a session', () => {
  it('that was signed out is over for good', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    const out = await server.ask({ method: 'post', path: '/api/auth/logout', cookie })
    expect(out.status).toBe(204)
    expect((await server.me(cookie)).status).toBe(401)
    expect(server.sessionCount()).toBe(0)
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
      expect((await server.me(cookie)).status).toBe(401)
      expect(server.sessionCount()).toBe(0)
    })
  }

  it('of the user who changes the password goes on under a new id, the others end', async () => {
    server = await startAccountServer({ REGISTRATION: 'open' })
    const here = await server.register('anna')
    const elsewhere = await server.login('anna', goodPassword)
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
    expect((await server.me(elsewhere.cookie)).status).toBe(401)
    expect((await server.me(here.cookie)).status).toBe(401)
    expect((await server.me(change.cookie)).body.user.username).toBe('anna')
    expect((await server.me(other.cookie)).status).toBe(200)
    expect((await server.login('anna', goodPassword)).status).toBe(401)
    expect((await server.login('anna', 'another fine evening')).status).toBe(200)
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
    expect(server.sessionCount()).toBe(0)
    expect((await server.login('anna', 'another fine evening')).status).toBe(200)
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
      const attempt = server.login('anna', goodPassword)
      await expect.poll(() => passwords.waiting).toBe(1)
      happens()
      passwords.release()
      expect(await attempt).toMatchObject({ status: 401, setCookie: [] })
      expect(server.sessionCount()).toBe(1)
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
    expect((await server.me(cookie)).status).toBe(401)
    server.db.prepare('update users set disabled_at = null').run()
    expect((await server.me(cookie)).status).toBe(401)
  })

  it('ends after seven days without use', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    server.clock.ms += 7 * day - 1
    expect((await server.me(cookie)).status).toBe(200)
    server.clock.ms += 7 * day
    expect((await server.me(cookie)).status).toBe(401)
  })

  it('ends after thirty days however much it is used', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    for (let n = 0; n < 29; n += 1) {
      server.clock.ms += day
      expect((await server.me(cookie)).status).toBe(200)
    }
    server.clock.ms += day
    expect((await server.me(cookie)).status).toBe(401)
  })

  it('that is over is cleared away by a later sign-in', async () => {
    server = await startAccountServer()
    await server.register('anna')
    server.clock.ms += 31 * day
    await server.login('anna', goodPassword)
    expect(server.sessionCount()).toBe(1)
  })

  it('is not opened by what the database holds, nor by a cookie without its signature', async () => {
    server = await startAccountServer()
    const { cookie } = await server.register('anna')
    const stored = server.db.prepare<[], { id_hash: string }>('select id_hash from sessions').get()?.id_hash
    const id = decodeURIComponent(cookie).slice('sid=s:'.length).split('.')[0]
    expect(stored).not.toBe(id)
    for (const forged of [`sid=${id}`, `sid=s%3A${id}`, `sid=s%3A${id}.AAAA`, `sid=${stored}`]) {
      expect((await server.me(forged)).status).toBe(401)
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
    const invite = await server.invite(anna.cookie)
    await keep(
      server.ask({
        path: '/api/auth/register',
        body: { username: 'bert', password: goodPassword, invite: invite.invite },
      }),
    )
    await keep(server.login('anna', goodPassword))
    await keep(server.login('anna', 'my other secret'))
    await keep(server.login('my other secret', 'anna'))
    await keep(
      server.ask({
        path: '/api/auth/password',
        cookie: anna.cookie,
        body: { current_password: 'my other secret', new_password: 'another fine evening' },
      }),
    )
    await keep(server.me(anna.cookie))
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
