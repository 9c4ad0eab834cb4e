import { once } from 'node:events'
import type { RequestListener, Server, ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { createListener } from '../../server/http/listener.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
})

const span = 30_000

/** How much of a body a handler has read. */
let received: number
const readAll: RequestListener = (req, res) => {
  received = 0
  req.on('data', (piece: Buffer) => (received += piece.length))
  req.on('end', () => res.end(`all ${received}`))
}

/** What was written to the log. */
let logged: object[] = []
beforeEach(() => {
  logged = []
})
const parts = { newId: () => 'an-id-of-ours', log: { info: (line: object) => void logged.push(line) } }

/** A connection to a server of its own; what it answers until it closes the connection. */
async function open(
  handle: RequestListener,
  options: Partial<Server> = {},
): Promise<{ server: Server; socket: Socket; answer: Promise<string> }> {
  const server = Object.assign(createListener(handle, parts), options)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  let text = ''
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  return { server, socket, answer: once(socket, 'close').then(() => text) }
}

function head(headers: string): string {
  return `POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n\r\n`
}

/** The contract's error, alone and whole on the connection, and known to the log. */
function expectRefusal(answer: string, status: number, code: string): void {
  const [headers = '', body = ''] = answer.split('\r\n\r\n')
  expect(headers).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(headers).toContain(`\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`)
  expect(headers).toContain('\r\nX-Request-Id: an-id-of-ours\r\n')
  expect(headers).toContain('\r\nContent-Type: application/json; charset=utf-8\r\n')
  expect(JSON.parse(body)).toMatchObject({ status: 'error', code, request_id: 'an-id-of-ours' })
  expect(logged).toEqual([{ request: 'an-id-of-ours', status, code }])
}

function arrived(bytes: number): Promise<void> {
  return expect.poll(() => received, { interval: 5 }).toBe(bytes)
}

it('lets an upload take as long as it flows', async () => {
  const { socket, answer } = await open(readAll)
  const piece = Buffer.alloc(400_000)
  const pieces = 10
  socket.write(head(`Content-Length: ${pieces * piece.length}`))
  for (let sent = 1; sent < pieces; sent += 1) {
    socket.write(piece)
    await arrived(sent * piece.length)
    vi.advanceTimersByTime(span)
  }
  socket.write(piece)
  expect(await answer).toContain(`all ${pieces * piece.length}`)
})

it.each(['Content-Length: 1000', 'Transfer-Encoding: chunked'])(
  'cuts who sends a body byte by byte: %s',
  async (headers) => {
    const { socket, answer } = await open(readAll)
    socket.write(head(headers))
    for (let sent = 1; sent <= 5; sent += 1) {
      socket.write(headers.includes('chunked') ? '1\r\na\r\n' : 'a')
      await arrived(sent)
      vi.advanceTimersByTime(span / 6)
      expect(socket.readyState).toBe('open')
    }
    vi.advanceTimersByTime(span / 6)
    expectRefusal(await answer, 408, 'request_timeout')
  },
)

it('cuts an upload that flowed once and now drips', async () => {
  const { socket, answer } = await open(readAll)
  socket.write(head('Content-Length: 10000000'))
  socket.write(Buffer.alloc(400_000))
  await arrived(400_000)
  vi.advanceTimersByTime(span)
  socket.write('a')
  await arrived(400_001)
  vi.advanceTimersByTime(span)
  expect(await answer).toMatch(/^HTTP\/1\.1 408 /)
})

it('cuts a body that drips on although the request is answered', async () => {
  const { socket, answer } = await open((_req, res) => {
    res.setHeader('Connection', 'keep-alive')
    res.end('no')
  })
  const answered = once(socket, 'data')
  socket.write(head('Content-Length: 1000'))
  await answered
  socket.write('a')
  vi.advanceTimersByTime(span)
  expect(await answer).not.toContain('408')
})

it('does not blame the sender for what the server has not read yet', async () => {
  let goOn: (() => void) | undefined
  const { socket, answer } = await open((req, res) => {
    goOn = () => readAll(req, res)
  })
  socket.write(head('Content-Length: 4'))
  socket.write('abc')
  await expect.poll(() => goOn !== undefined, { interval: 5 }).toBe(true)
  vi.advanceTimersByTime(2 * span)
  goOn?.()
  await arrived(3)
  socket.write('d')
  expect(await answer).toContain('all 4')
})

it.each([
  ['a body that nobody wants', (length: number) => head(`Content-Length: ${length}`), 401],
  [
    'a body that nobody wants, from an old client',
    (length: number) => head(`Content-Length: ${length}`).replace('1.1', '1.0'),
    401,
  ],
  ['a header without end', () => 'GET / HTTP/1.1\r\nHost: localhost\r\nX: ', 431],
  ['no request', () => 'PUSH / HTTP/1.1\r\n\r\n', 400],
])('is heard by a client that sends all before it reads: %s', async (_what, begin, status) => {
  const { socket, answer } = await open((_req, res) => void res.writeHead(401).end())
  socket.pause()
  const rest = Buffer.alloc(16 * 1024 * 1024, 'a')
  let fault: unknown
  socket.on('error', (cause) => (fault = cause))
  socket.write(begin(rest.length))
  const sent = new Promise<void>((resolve) => void socket.write(rest, () => resolve()))
  await sent
  socket.resume()
  expect(await answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(fault).toBeUndefined()
})

it.each([
  ['bytes that are no request', 'PUSH / HTTP/1.1\r\n\r\n', 400, 'invalid_request'],
  [
    'headers of 20 kB',
    `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}`,
    431,
    'headers_too_large',
  ],
  ['a body that is none', `${head('Transfer-Encoding: chunked')}none\r\n`, 400, 'invalid_request'],
  [
    'a chunk that says too much',
    `${head('Transfer-Encoding: chunked')}1;${'x'.repeat(20_000)}`,
    413,
    'payload_too_large',
  ],
])('refuses in the words of the contract %s', async (_what, bytes, status, code) => {
  const { socket, answer } = await open(readAll)
  socket.write(bytes)
  expectRefusal(await answer, status, code)
})

it.each([
  ['in the middle of its headers', 'GET / HTTP/1.1\r\nHost: loc'],
  ['in the middle of its body', `${head('Content-Length: 1000')}a`],
])('answers who ends a request %s and goes on listening', async (_where, bytes) => {
  const { socket, answer } = await open(readAll)
  socket.end(bytes)
  expectRefusal(await answer, 400, 'invalid_request')
})

it('gives a request no second answer when its body turns out to be none', async () => {
  const { socket, answer } = await open((_req, res) => void res.writeHead(401).end('no'))
  const answered = once(socket, 'data')
  socket.write(head('Transfer-Encoding: chunked').replace('close', 'keep-alive'))
  await answered
  socket.write('none\r\n')
  expect((await answer).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401'])
  expect(logged).toEqual([])
})

it.each(['before its answer began', 'while it is answered'])(
  'answers a request whole, then refuses what followed it %s',
  async (when) => {
    const begun = Promise.withResolvers<ServerResponse>()
    const { server, socket, answer } = await open((_req, res) => {
      if (when.startsWith('while')) res.write('at ')
      begun.resolve(res)
    })
    const refused = Promise.withResolvers<void>()
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const res = await begun.promise
    server.once('clientError', () => refused.resolve())
    socket.write('PUSH / HTTP/1.1\r\n\r\n')
    await refused.promise
    res.end('last')
    const [first = '', second = ''] = (await answer).split(/(?<=last.*)(?=HTTP)/s)
    expect(first).toMatch(/^HTTP\/1\.1 200 .*last/s)
    expectRefusal(second, 400, 'invalid_request')
  },
)

it('answers what came in time when it finds it late', async () => {
  let calls = 0
  const server = { keepAliveTimeout: 40, keepAliveTimeoutBuffer: 0 }
  const { socket } = await open((_req, res) => void res.end(`call ${(calls += 1)}`), server)
  const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
  socket.write(request)
  await once(socket, 'data')
  socket.write(request)
  // The server, in this process, sleeps beyond the time after which it closes.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
  const [answer] = await once(socket, 'data')
  expect(answer).toContain('call 2')
  await once(socket, 'close')
})
