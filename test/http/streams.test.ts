import { once } from 'node:events'
import { createServer, ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { followLive, openStream } from '../../server/http/sse.ts'
import { LiveTurn } from '../../server/turns/live-turn.ts'
import type { Turn } from '../../server/turns/turn.ts'
import { eventsOf, type Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForText, steeredStream, when } from '../support/fake-openrouter/behaviours.ts'

const part = 'ä'.repeat(250_000)
/** What may lie in this process for one reader: a portion, and a frame that is longer than one. */
const mostKept = 2 * 1024 * 1024

/** The most that lay unread in this process for any answer since. */
function watchUnread(): () => number {
  let most = 0
  const write = Reflect.get(ServerResponse.prototype, 'write')
  const spy = vi.spyOn(ServerResponse.prototype, 'write').mockImplementation(function (
    this: ServerResponse,
    ...args
  ) {
    const goesOn = write.apply(this, args)
    most = Math.max(most, this.writableLength)
    return goesOn
  })
  onTestFinished(() => spy.mockRestore())
  return () => most
}

/** Everything that still comes on a connection, until it is closed. */
async function rest(socket: Socket): Promise<string> {
  const pieces: Buffer[] = []
  socket.on('data', (piece: Buffer) => pieces.push(piece))
  const closed = once(socket, 'close')
  socket.resume()
  await closed
  return Buffer.concat(pieces).toString()
}

/** A connection that has asked for something and reads nothing yet. */
async function unread(url: string, path: string, cookie = ''): Promise<Socket> {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.pause()
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`)
  return socket
}

describe('a long answer', () => {
  let easel: Easel
  let anna: Client
  beforeAll(async () => {
    easel = await startEasel()
    anna = await easel.user('anna')
  })
  afterAll(() => easel.close())

  /** Has an answer of so many parts written. */
  async function tell(parts: number): Promise<{ turnId: string; finish: () => Promise<void> }> {
    const conversation = await anna.conversation()
    const told = steeredStream()
    easel.fake?.next(
      when((request) => asksForText(request) && request.temperature === undefined, told.behaviour),
    )
    const seen = await anna.stream(conversation, 'tell me a very long story', { until: () => true })
    for (let sent = 0; sent < parts; sent += 1) await told.send(part)
    return { turnId: eventsOf(seen, 'turn')[0]?.turn_id ?? '', finish: () => told.finish() }
  }

  it('reaches its end in a reader, however large the frame that ends it is', async () => {
    const { turnId, finish } = await tell(12)
    const socket = await unread(easel.url, `/api/turns/${turnId}/events`, anna.cookie)
    await finish()
    const frames = await rest(socket)
    expect(frames.match(/^event: done$/gm)).toHaveLength(1)
    expect(frames.length).toBeGreaterThan(2 * 12 * part.length)
  })

  it('comes whole out of the database too, at the pace at which it is read', async () => {
    const { turnId, finish } = await tell(12)
    const events = `/api/turns/${turnId}/events`
    const live = rest(await unread(easel.url, events, anna.cookie))
    await finish()
    const ids = (await live).match(/^id: \d+$/gm)
    await easel.restart()
    const unreadBytes = watchUnread()
    const slow = await unread(easel.url, events, anna.cookie)
    // Another one reads it from beginning to end, so that the slow one has had its time.
    const frames = await rest(await unread(easel.url, events, anna.cookie))
    expect(frames.split(part)).toHaveLength(2 * 12 + 1)
    expect(frames.match(/^id: \d+$/gm)).toEqual(ids)
    // The frame that ends it has the whole text.
    expect(unreadBytes()).toBeLessThan(12 * 2 * part.length + mostKept)
    expect((await rest(slow)).match(/^id: \d+$/gm)).toEqual(ids)
    expect((await anna.follow(turnId, ids?.length)).events).toEqual([])
  })
})

describe('a running turn', () => {
  afterEach(() => void vi.useRealTimers())

  /** A server whose only answer is the stream of a turn. */
  async function serve({ mayStay = (): boolean => true, patienceMs = 60_000 } = {}) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stream does not look at what the turn is about
    const live = new LiveTurn({ id: 'turn' } as Turn, Promise.resolve())
    live.release()
    const asked = Promise.withResolvers<ServerResponse>()
    const server = createServer((_req, res) => {
      openStream(res, { mayStay, patienceMs })
      followLive(res, live, 0)
      asked.resolve(res)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const socket = await unread(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, '/')
    return { live, socket, res: await asked.promise }
  }

  function publish(live: LiveTurn, parts: number): Promise<void> {
    for (let sent = 0; sent < parts; sent += 1) live.publish({ type: 'delta', text: part })
    return new Promise((resolve) => setImmediate(resolve))
  }

  it('waits for a reader that is behind, with little of it in memory once more', async () => {
    const { live, socket, res } = await serve()
    let most = 0
    for (let told = 0; told < 24; told += 1) {
      await publish(live, 1)
      most = Math.max(most, res.writableLength)
    }
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThan(mostKept)
    live.letGo()
    expect((await rest(socket)).match(/^id: \d+$/gm)).toHaveLength(24)
  })

  it('cuts a reader that has stopped reading', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { live, socket, res } = await serve({ patienceMs: 50 })
    const cut = once(res, 'close')
    await publish(live, 24)
    vi.advanceTimersByTime(4000)
    await cut
    live.letGo()
    expect((await rest(socket)).match(/^id: \d+$/gm)?.length).toBeLessThan(24)
  })

  it('sends a comment within 15 seconds of silence, and lets nobody stay whose session ended', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    let mayStay = true
    const { live, socket } = await serve({ mayStay: () => mayStay })
    live.publish({ type: 'delta', text: 'Once' })
    socket.setEncoding('utf8').resume()
    const [head] = await once(socket, 'data')
    expect(head).toContain('Once')
    const silence = once(socket, 'data')
    vi.advanceTimersByTime(15_000)
    expect((await silence)[0]).toContain('\n:\n\n')
    mayStay = false
    const cut = once(socket, 'close')
    vi.advanceTimersByTime(4000)
    await cut
  })
})
