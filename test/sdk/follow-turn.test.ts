import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TurnEvent } from '../../server/contract/turns.ts'
import { EaselError } from '../../public/sdk/easel-error.ts'
import { createEasel, type Easel } from '../../public/sdk/easel.ts'
import { pause, type Connection } from '../../public/sdk/follow-turn.ts'
import { frame, hangUp, json, startScriptedServer, stream, type ScriptedServer } from './scripted-server.ts'

const turnId = '01990000-0000-7000-8000-0000000000f1'
const turn = frame(1, 'turn', { turn_id: turnId, kind: 'chat' })
const delta = (id: number, text: string) => frame(id, 'delta', { text })
const done = (id: number) => frame(id, 'done', { message: { state: 'complete' } })

let server: ScriptedServer
let easel: Easel
let slept: number[]

beforeEach(async () => {
  server = await startScriptedServer()
  slept = []
  easel = createEasel({
    baseUrl: server.url,
    random: () => 0.5,
    silence: 150,
    sleep: (milliseconds) => {
      slept.push(milliseconds)
      return Promise.resolve()
    },
  })
})
afterEach(() => server.close())

async function follow(events: AsyncIterable<TurnEvent>): Promise<string[]> {
  const said: string[] = []
  for await (const event of events) said.push(event.type === 'delta' ? event.text : event.type)
  return said
}
const send = () => easel.sendMessage('c1', { messageText: 'hello' })

describe('following a turn', () => {
  it('hands over every event, comments left out, until done', async () => {
    server.answer(stream([': silence\n\n', turn, delta(2, 'a'), ': silence\n\n', delta(3, 'b'), done(4)]))
    expect(await follow(send())).toEqual(['turn', 'a', 'b', 'done'])
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      path: '/send_message/c1',
      body: '{"messageText":"hello"}',
    })
  })

  it('reads a stream cut in pieces anywhere, within characters too', async () => {
    const whole = Buffer.from(turn + delta(2, 'smørrebrød 🎨 日本') + done(3))
    for (const size of [1, 2, 3, 7, 64]) {
      const parts = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
        whole.subarray(at * size, (at + 1) * size).toString('latin1'),
      )
      server.answer((response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        for (const part of parts) response.write(part, 'latin1')
        response.end()
      })
      expect(await follow(send()), `pieces of ${size} bytes`).toEqual(['turn', 'smørrebrød 🎨 日本', 'done'])
    }
  })

  it('takes up a cut stream after the last event it saw, and hands none over twice', async () => {
    server.answer(
      stream([turn, delta(2, 'a')], { ending: 'cut' }),
      stream([delta(2, 'a'), delta(3, 'b')], { ending: 'end' }),
      stream([delta(4, 'c'), done(5)]),
    )
    expect(await follow(send())).toEqual(['turn', 'a', 'b', 'c', 'done'])
    expect(server.seen.map(({ method, path, headers }) => [method, path, headers['last-event-id']])).toEqual([
      ['POST', '/send_message/c1', undefined],
      ['GET', `/api/turns/${turnId}/events`, '2'],
      ['GET', `/api/turns/${turnId}/events`, '3'],
    ])
  })

  it('sends the same paid request under the same key when the answer was lost', async () => {
    server.answer(hangUp, stream([], { ending: 'cut' }), stream([turn, done(2)]))
    expect(await follow(send())).toEqual(['turn', 'done'])
    expect(server.seen.map((request) => request.method)).toEqual(['POST', 'POST', 'POST'])
    const keys = new Set(server.seen.map((request) => request.headers['idempotency-key']))
    expect(keys.size).toBe(1)
    expect([...keys][0]).toMatch(/^[\da-f-]{32,36}$/)
  })

  it('pays anew for another message', async () => {
    server.answer(stream([turn, done(2)]), stream([turn, done(2)]))
    await follow(send())
    await follow(send())
    expect(server.seen[0]?.headers['idempotency-key']).not.toBe(server.seen[1]?.headers['idempotency-key'])
  })

  it('gives up on a server that never answered, and says so', async () => {
    server.answer(hangUp, hangUp, hangUp, hangUp, hangUp)
    await expect(follow(send())).rejects.toMatchObject({ name: 'EaselError', code: 'network', status: 0 })
    expect(server.seen).toHaveLength(5)
    expect(slept).toEqual([250, 500, 1000, 2000])
  })

  it('goes on asking after a turn that is known, however long the server is away', async () => {
    const away = Array.from({ length: 9 }, () => hangUp)
    server.answer(
      stream([turn], { ending: 'cut' }),
      ...away,
      json(503, { code: 'shutting_down', message: 'The server restarts.' }),
      stream([done(2)]),
    )
    expect(await follow(send())).toEqual(['turn', 'done'])
    expect(slept.slice(0, 8)).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
  })

  it('takes a silent connection for dead', async () => {
    server.answer(stream([turn, delta(2, 'a')], { ending: 'hold' }), stream([delta(3, 'b'), done(4)]))
    expect(await follow(send())).toEqual(['turn', 'a', 'b', 'done'])
  })

  it('tells when the connection is lost and found', async () => {
    const told: Connection[] = []
    server.answer(stream([turn], { ending: 'cut' }), hangUp, stream([done(2)]))
    await follow(easel.turns.events(turnId, { onConnection: (connection) => told.push(connection) }))
    expect(told).toEqual(['connected', 'reconnecting', 'reconnecting', 'connected'])
  })

  it('passes a refusal on at once', async () => {
    server.answer(
      json(409, {
        status: 'error',
        code: 'turn_in_progress',
        message: 'Busy.',
        request_id: 'r1',
        retryable: true,
      }),
    )
    const refusal = await follow(send()).catch((thrown: unknown) => thrown)
    expect(refusal).toBeInstanceOf(EaselError)
    expect(refusal).toMatchObject({ status: 409, code: 'turn_in_progress', requestId: 'r1', retryable: true })
    expect(server.seen).toHaveLength(1)
  })

  it('stops when a known turn is no longer ours', async () => {
    server.answer(
      stream([turn], { ending: 'cut' }),
      json(401, { status: 'error', code: 'unauthenticated', message: 'Please sign in.', request_id: 'r2' }),
    )
    await expect(follow(send())).rejects.toMatchObject({ code: 'unauthenticated', status: 401 })
  })

  it('ends with the signal, also between tries', async () => {
    const leaving = new AbortController()
    server.answer(stream([turn, delta(2, 'a')], { ending: 'hold' }))
    const said: string[] = []
    const following = (async () => {
      for await (const event of easel.sendMessage('c1', { messageText: 'x' }, { signal: leaving.signal })) {
        said.push(event.type)
        if (event.type === 'delta') leaving.abort()
      }
    })()
    await expect(following).rejects.toMatchObject({ name: 'AbortError' })
    expect(said).toEqual(['turn', 'delta'])
    expect(server.seen).toHaveLength(1)
  })
})

describe('the pause between tries', () => {
  it('doubles up to ten seconds and is spread by a quarter', () => {
    expect([1, 2, 3, 6, 20].map((failures) => pause(failures, 0.5))).toEqual([250, 500, 1000, 8000, 10_000])
    expect(pause(3, 0)).toBe(750)
    expect(pause(3, 1)).toBe(1250)
  })
})
