import { afterEach, describe, expect, it } from 'vitest'
import { type AccountServer, goodPassword, startAccountServer } from '../support/account-server.ts'

const day = 24 * 60 * 60_000

let server: AccountServer
afterEach(async () => {
  await server.close()
})

const byText = (a: unknown, b: unknown) => String(a).localeCompare(String(b))

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
    expect((await server.me(anna.cookie)).body).toEqual(anna.body)
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
    const made = await server.invite(cookie)
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
    const { invite, url } = await server.invite(cookie)
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
    const answers = await Promise.all(names.map((name) => server.login(name, goodPassword)))
    expect(answers.map((answer) => answer.status)).toEqual(names.map(() => 200))
  })
})
