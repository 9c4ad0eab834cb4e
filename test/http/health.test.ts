import { afterEach, expect, it } from 'vitest'
import type { Route } from '../../server/http/route.ts'
import { healthRoutes } from '../../server/http/routes/health.ts'
import { hold } from '../support/fake-openrouter/behaviours.ts'
import { startEasel, type Easel } from '../support/easel.ts'

let easel: Easel | undefined
afterEach(() => easel?.close())

it('is up and ready for whoever asks, without a look at who it is', async () => {
  easel = await startEasel({ offline: true })
  const visitor = easel.nobody()
  visitor.cookie = 'sid=s%3Anonsense'
  for (const [path, status] of [
    ['/healthz', 'ok'],
    ['/readyz', 'ready'],
  ] as const) {
    const answer = await visitor.get(path)
    expect([answer.status, answer.body]).toEqual([200, { status }])
    expect(answer.headers['cache-control']).toBe('no-store')
  }
})

it('is up but not ready from the first moment of stopping, and turns that run go on to their end', async () => {
  const running = (easel = await startEasel())
  const anna = await running.user('anna')
  const held = hold()
  running.fake?.next(held.behaviour)
  const conversation = await anna.conversation()
  const said = anna.say(conversation, 'hello')
  await held.reached

  const closed = running.app.close(10_000)
  const ready = await running.nobody().get('/readyz')
  expect(ready).toMatchObject({ status: 503, body: { code: 'shutting_down', retry_after: 5 } })
  expect(ready.headers['retry-after']).toBe('5')
  expect((await running.nobody().get('/healthz')).status).toBe(200)
  const refused = await anna.say(await anna.conversation(), 'one more')
  expect(refused).toMatchObject({ status: 503, body: { code: 'shutting_down' } })

  held.release()
  expect(await said).toMatchObject({ status: 200, body: { state: 'complete' } })
  await closed
})

it('is up but not ready while the database does not answer, and says nothing of why', async () => {
  let fault: Error | undefined = new Error('disk I/O error at /srv/easel.sqlite')
  const [, readyz] = healthRoutes({
    isDraining: () => false,
    askDatabase() {
      if (fault) throw fault
    },
  })
  const ask = () =>
    // It looks at nothing of the request.
    readyz?.handle({} as Parameters<Route['handle']>[0])
  expect(ask).toThrow('The database does not answer. Try again in a moment.')
  fault = undefined
  expect(ask()).toEqual({ status: 'ready' })
})
