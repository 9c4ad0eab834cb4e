import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** How long is still taken from a client that could not be understood, milliseconds. */
const lingerMs = 2000

/** What Node finds in bytes that are no request (`code` of the error) and how it is answered; others are 400. */
const statusOf: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/**
 * Keeps a server from resetting connections on which an answer is under way, or a request has come. A connection
 * that is closed while bytes lie on it unread is reset, and its client loses what it has not read yet (RFC 9112,
 * section 9.6).
 */
export function keepLastAnswers(server: Server): void {
  // A server that was kept busy sees first that the time is over, then what came in time.
  server.on('timeout', (socket: Socket) => {
    const { bytesRead } = socket
    setImmediate(() => {
      if (socket.bytesRead === bytesRead) socket.destroy()
    })
  })

  const refused = new WeakSet<Duplex>()
  server.on('clientError', (cause: NodeJS.ErrnoException, socket: Duplex) => {
    // What follows is not understood either.
    if (refused.has(socket) && !socket.readableEnded) return
    refused.add(socket)
    // Node's own, and the only place where it says which answer is being written; Node's default asks the same.
    const { _httpMessage: answer } = socket as { _httpMessage?: ServerResponse | null }
    if (!socket.writable || socket.readableEnded || answer?.headersSent) {
      socket.destroy()
      return
    }
    const status = statusOf[cause.code ?? ''] ?? 400
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`)
    const timer = setTimeout(() => socket.destroy(), lingerMs)
    socket.once('close', () => clearTimeout(timer))
    socket.once('end', () => socket.destroy())
    socket.resume()
  })
}

/** When an answer ends its connection before all of the request has come: the rest is read first, and thrown away. */
export function readOutBeforeClosing(req: IncomingMessage): void {
  const { socket } = req
  // Node closes by this method.
  socket.destroySoon = () => {
    if (req.complete) {
      closeNow(socket)
      return
    }
    socket.end()
    req.once('end', () => closeNow(socket))
    req.resume()
  }
}

/** Closes once everything is written, whatever is still to come. */
export function closeNow(socket: Socket): void {
  Socket.prototype.destroySoon.call(socket)
}
