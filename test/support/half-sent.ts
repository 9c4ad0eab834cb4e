import { once } from 'node:events'
import { connect } from 'node:net'
import { expect } from 'vitest'

interface HalfSent {
  /** Sends the last byte; the answer, head and body. */
  finish: () => Promise<string>
  /** Resolves when the connection is gone. */
  closed: Promise<unknown>
}

/** A POST of JSON that the server has begun to read, whose last byte waits. */
export async function halfSent(
  address: string,
  { cookie, body }: { cookie: string | undefined; body: string },
): Promise<HalfSent> {
  const { hostname, port, host, pathname } = new URL(address)
  const socket = connect(Number(port), hostname)
  // A server that is killed may reset the connection.
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  let answer = ''
  socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    `Cookie: ${cookie ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Expect: 100-continue',
    'Connection: close',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  // The server has the request once it asks for the body.
  await expect.poll(() => answer, { interval: 5 }).toContain('100 Continue')
  answer = ''
  socket.write(body.slice(0, -1))
  return {
    closed,
    async finish() {
      socket.write(body.slice(-1))
      await closed
      return answer
    },
  }
}
