import type { IncomingMessage, Server } from 'node:http'
import { Socket } from 'node:net'

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
