import type { Request } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireContentType } from '../../server/http/guards.ts'
import { identifyBy } from '../../server/http/identify.ts'
import { requireAccess } from '../../server/http/require-access.ts'
import { Problem } from '../../server/errors.ts'
import { type AccountServer, startAccountServer } from '../support/account-server.ts'

/** Which code a call throws, if any. */
function codeOf(call: () => void): string | undefined {
  try {
    call()
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    return thrown.code
  }
}

describe('hosts', () => {
  const rows: [environment: Record<string, string>, hosts: Record<string, boolean>][] = [
    [
      {},
      {
        localhost: true,
        'LocalHost:1234': true,
        '127.0.0.1:80': true,
        '[::1]:3000': true,
        'evil.example': false,
        'localhost.evil.example': false,
        'localhost:3000.evil.example': false,
        'evil.example:localhost': false,
        'user@localhost': false,
        '0.0.0.0:3000': false,
        '::1': false,
        '': false,
      },
    ],
    [
      { PUBLIC_URL: 'https://Pictures.example' },
      {
        'pictures.example': true,
        'pictures.example:443': true,
        'pictures.example:80': false,
        'pictures.example:8443': false,
        'www.pictures.example': false,
        'localhost:9': true,
      },
    ],
    [
      { PUBLIC_URL: 'http://pictures.example:8080' },
      { 'pictures.example:8080': true, 'pictures.example': false, 'pictures.example:80': false },
    ],
    [
      { ALLOWED_HOSTS: 'easel.lan, Studio.lan:8080, fd00::5' },
      {
        'easel.lan': true,
        'easel.lan:9999': true,
        'studio.lan:8080': true,
        'studio.lan': false,
        'studio.lan:80': false,
        '[fd00::5]:3000': true,
        'other.lan': false,
      },
    ],
    [{ HOST: '192.168.1.5' }, { '192.168.1.5:3000': true, '192.168.1.6:3000': false }],
    [{ HOST: '0.0.0.0' }, { '0.0.0.0:3000': false, localhost: true }],
    [{ HOST: '::' }, { '[::]:3000': false }],
  ]
  for (const [environment, hosts] of rows) {
    describe(JSON.stringify(environment), () => {
      let server: AccountServer
      beforeAll(async () => {
        server = await startAccountServer(environment)
      })
      afterAll(() => server.close())
      for (const [host, ours] of Object.entries(hosts)) {
        it(`${ours ? 'answers as' : 'does not answer as'} "${host}"`, async () => {
          const answer = await server.ask({ path: '/api/auth/registration', headers: { Host: host } })
          expect(answer.status).toBe(ours ? 200 : 421)
          expect(answer.body.code).toBe(ours ? undefined : 'unknown_host')
        })
      }
    })
  }
})

describe('requests that change something', () => {
  let server: AccountServer
  let cookie: string
  beforeAll(async () => {
    server = await startAccountServer({
      PUBLIC_URL: 'http://pictures.example:8080',
      ALLOWED_HOSTS: 'easel.lan',
    })
    cookie = (await server.register('anna')).cookie
  })
  afterAll(() => server.close())

  const refused: Record<string, Record<string, string>> = {
    'from another site': { 'Sec-Fetch-Site': 'cross-site' },
    'from a sibling of our domain': { 'Sec-Fetch-Site': 'same-site' },
    'from two places': { 'Sec-Fetch-Site': 'same-origin, cross-site' },
    'from nowhere that is known': { 'Sec-Fetch-Site': '' },
    'from another site that names our origin': {
      'Sec-Fetch-Site': 'cross-site',
      Origin: 'http://pictures.example:8080',
    },
    'from another origin': { Origin: 'https://evil.example' },
    'from our name on another port': { Origin: 'http://pictures.example' },
    'from our name by another scheme': { Origin: 'https://pictures.example:8080' },
    'from an origin that begins like ours': { Origin: 'http://pictures.example:8080.evil.example' },
    'from an opaque origin': { Origin: 'null' },
    'from another site, with a key beside the cookie': {
      'Sec-Fetch-Site': 'cross-site',
      Authorization: 'Bearer made-up',
    },
  }
  for (const [from, headers] of Object.entries(refused)) {
    it(`are refused ${from}`, async () => {
      const count = () => server.db.prepare('select count(*) as n from invites').get()
      const before = count()
      const answer = await server.ask({ method: 'post', path: '/api/invites', cookie, headers })
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden_origin' } })
      expect(count()).toEqual(before)
    })
  }

  const taken: Record<string, Record<string, string>> = {
    'from our own page': { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://pictures.example:8080' },
    'from the address bar': { 'Sec-Fetch-Site': 'none' },
    'from our public origin in an older browser': { Origin: 'http://pictures.example:8080' },
    'from the origin it is sent to, in an older browser': { Host: 'easel.lan', Origin: 'http://easel.lan' },
    'from a program that sends neither': {},
  }
  for (const [from, headers] of Object.entries(taken)) {
    it(`are taken ${from}`, async () => {
      const answer = await server.ask({ method: 'post', path: '/api/invites', cookie, headers })
      expect(answer.status).toBe(201)
    })
  }

  it('are refused from another site also where they would sign somebody in', async () => {
    const answer = await server.ask({
      path: '/api/auth/login',
      body: { username: 'anna', password: 'a quiet harbour at dawn' },
      headers: { 'Sec-Fetch-Site': 'cross-site' },
    })
    expect(answer).toMatchObject({ status: 403, setCookie: [] })
  })

  it('are let through from anywhere with a key and no cookie, for the key to be checked', async () => {
    const answer = await server.ask({
      method: 'post',
      path: '/api/invites',
      headers: { Authorization: 'Bearer made-up', Origin: 'https://elsewhere.example' },
    })
    expect(answer.body.code).toBe('unauthenticated')
  })

  it('that only read are answered wherever they come from', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }
    for (const method of ['get', 'head'] as const) {
      expect((await server.ask({ method, path: '/api/auth/me', cookie, headers })).status).toBe(200)
    }
  })

  const types: Record<string, number> = {
    'application/json': 401,
    'Application/JSON; charset=utf-8': 401,
    'text/plain': 415,
    'application/x-www-form-urlencoded': 415,
    'multipart/form-data; boundary=x': 415,
    'text/plain; application/json': 415,
    'application/jsonx': 415,
  }
  for (const [type, status] of Object.entries(types)) {
    it(`with a cookie and a body of ${type} get ${status}`, async () => {
      const answer = await server.ask({
        method: 'post',
        path: '/api/auth/login',
        cookie,
        body: JSON.stringify({ username: 'anna', password: 'wrong' }),
        headers: { 'Content-Type': type },
      })
      expect(answer.status).toBe(status)
      if (status === 415) expect(answer.body.code).toBe('unsupported_media_type')
    })
  }

  it('with a cookie and a body that a form could send get 415 also where no body is looked at', async () => {
    const answer = await server.ask({
      method: 'post',
      path: '/api/invites',
      cookie,
      body: 'a=b',
      headers: { 'Content-Type': 'text/plain' },
    })
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
  })
})

describe('the body of a route', () => {
  const json = { 'content-type': 'application/json', 'content-length': '2' }
  const form = { 'content-type': 'multipart/form-data; boundary=x', 'transfer-encoding': 'chunked' }
  const rows = [
    ['json', json, undefined],
    ['json', form, 'unsupported_media_type'],
    ['json', { 'content-length': '2' }, 'unsupported_media_type'],
    ['json', {}, undefined],
    ['json', { 'content-length': '0' }, undefined],
    ['large-json', form, 'unsupported_media_type'],
    ['multipart', form, undefined],
    ['multipart', json, 'unsupported_media_type'],
    ['none', { 'content-length': '2' }, undefined],
  ] as const
  for (const [kind, headers, code] of rows) {
    it(`${kind} and ${JSON.stringify(headers)}: ${code ?? 'taken'}`, () => {
      expect(codeOf(() => requireContentType(headers, kind))).toBe(code)
    })
  }
})

describe('access', () => {
  const user = { id: 'u'.repeat(16), username: 'a', display_name: 'A', role: 'user', tier: 'free' } as const
  const admin = { ...user, role: 'admin' } as const
  const rows = [
    ['public', undefined, undefined],
    ['public', user, undefined],
    ['user', undefined, 'unauthenticated'],
    ['user', user, undefined],
    ['user', admin, undefined],
    ['admin', undefined, 'unauthenticated'],
    ['admin', user, 'forbidden'],
    ['admin', admin, undefined],
  ] as const
  for (const [access, who, code] of rows) {
    it(`to a route for ${access}, as ${who?.role ?? 'nobody'}: ${code ?? 'let in'}`, () => {
      expect(codeOf(() => requireAccess(access, who))).toBe(code)
    })
  }

  it('is by the first way that names somebody', () => {
    const asked: string[] = []
    const way = (name: string, who: typeof user | undefined) => ({
      user: () => (asked.push(name), who),
      stillHolds: () => name === 'key',
    })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- none of these ways looks at the request
    const req = {} as Request
    const session = way('session', undefined)
    expect(identifyBy([session, way('key', user)]).identify(req)).toBe(user)
    expect(asked).toEqual(['session', 'key'])
    expect(identifyBy([session, way('key', user)]).stillHolds(req)).toBe(true)
    expect(identifyBy([way('other', user), way('key', user)]).stillHolds(req)).toBe(false)
    expect(identifyBy([session]).identify(req)).toBeUndefined()
    expect(identifyBy([session]).stillHolds(req)).toBe(false)
  })
})
