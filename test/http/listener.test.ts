import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
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

/** A connection to a server of its own; what it answers until it closes the connection. */
async function open(
  handle: RequestListener,
  options: Partial<Server> = {},
): Promise<{ socket: Socket; answer: Promise<string> }> {
  const server = Object.assign(createListener(handle), options)
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
  return { socket, answer: once(socket, 'close').then(() => text) }
}

function head(headers: string): string {
  return `POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n\r\n`
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
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /)
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
