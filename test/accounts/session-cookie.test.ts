import { expect, it } from 'vitest'
import { sessionIdReader } from '../../server/accounts/session-cookie.ts'
import { startAccountServer } from '../support/account-server.ts'

// Signed by the package that express-session signs with.
const secret = 'keyboard cat keyboard cat keyboard'
const signed = 's%3Asome-id.RPHEZAIB1LELQAfQCQPXH%2B5BWDSg5niJdyL4Z6Tq378'

const rows: Record<string, [header: string, id: string | undefined]> = {
  'a signed cookie': [`sid=${signed}`, 'some-id'],
  'the cookie among others': [`a=b; sid=${signed};c=d`, 'some-id'],
  'the first of two': [`sid=${signed}; sid=s%3Aother.AAAA`, 'some-id'],
  'a name that only ends alike': [`xsid=${signed}`, undefined],
  'a value that only contains it': [`a=sid=${signed}`, undefined],
  'another id under the same signature': [`sid=${signed.replace('some', 'same')}`, undefined],
  'a signature that was cut': [`sid=${signed.slice(0, -1)}`, undefined],
  'a signature of other bytes': [`sid=${signed.slice(0, -1)}%C3%A9`, undefined],
  'no signature': ['sid=s%3Asome-id', undefined],
  'no mark of being signed': [`sid=${signed.slice(4)}`, undefined],
  'a broken encoding': ['sid=s%3', undefined],
  nothing: ['', undefined],
  'an empty value': ['sid=', undefined],
}
for (const [what, [header, id]] of Object.entries(rows)) {
  it(`reads ${what}`, () => {
    const read = sessionIdReader('sid', secret)
    expect(read(header)).toBe(id)
    // What was found good is remembered, and only that.
    expect(read(`sid=${signed}`)).toBe('some-id')
    expect(read(header)).toBe(id)
  })
}

it('signs with the whole secret', () => {
  expect(sessionIdReader('sid', `${secret}!`)(`sid=${signed}`)).toBeUndefined()
})

it('reads for a reading request what express-session reads for a changing one', async () => {
  const server = await startAccountServer()
  try {
    const { cookie } = await server.register('anna')
    for (const header of [
      cookie,
      `a=b; ${cookie}`,
      `${cookie}x`,
      cookie.replace('sid', 'sid2'),
      `${cookie}; sid=x`,
    ]) {
      const asked = (['get', 'post'] as const).map((method) =>
        server.ask({ method, path: '/test/who', cookie: header }),
      )
      const [reading, changing] = await Promise.all(asked)
      expect(reading?.body).toEqual(changing?.body)
    }
    expect((await server.ask({ path: '/test/who', cookie })).body).toEqual({ user: 'anna' })
  } finally {
    await server.close()
  }
})
