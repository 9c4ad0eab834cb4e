import { connect } from 'node:net'

/** A file that is asked for again and again. */
export interface FileRequest {
  port: number
  path: string
  headers: Record<string, string>
}

/**
 * Fetches a file over some connections that stay open, each asking again as soon as it has the whole answer.
 * @returns how many whole answers came within the time, and how long it was.
 */
export async function fetchForAWhile(
  request: FileRequest,
  connections: number,
  forMs: number,
  status = 200,
): Promise<{ count: number; ms: number }> {
  const began = performance.now()
  const until = began + forMs
  const counts = await Promise.all(
    Array.from({ length: connections }, () => fetchUntil(request, status, () => performance.now() >= until)),
  )
  return { count: counts.reduce((sum, count) => sum + count, 0), ms: performance.now() - began }
}

/** One connection; it reads into one buffer and looks at heads only, since whoever loads must be quick. */
function fetchUntil({ port, path, headers }: FileRequest, status: number, isOver: () => boolean) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const ask = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines.join('')}\r\n`)
  const buffer = Buffer.allocUnsafe(1 << 20)
  return new Promise<number>((resolve, reject) => {
    let count = 0
    let left = 0
    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer,
        callback(length: number) {
          if (left === 0) {
            // A head comes in one piece: it is far below a packet of the loopback device.
            const end = buffer.indexOf('\r\n\r\n') + 4
            const head = buffer.toString('latin1', 0, end)
            if (!head.startsWith(`HTTP/1.1 ${status}`)) {
              reject(new Error(`${path} was answered with ${head}`))
              return false
            }
            left = end + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
          }
          left -= length
          if (left > 0) return true
          count += 1
          if (isOver()) socket.end()
          else socket.write(ask)
          return true
        },
      },
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(count))
    socket.write(ask)
  })
}
