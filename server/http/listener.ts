import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { closeNow, keepLastAnswers, readOutBeforeClosing } from './last-answer.ts'
import { refuseUnreadable, tooSlow, writtenProblem, type RefusalParts } from './unreadable-request.ts'

/** How often what is under way is looked at, milliseconds. */
const lookEvery = 5000
/** Headers are complete by then; found out at the next look, so that nobody has more than 30 seconds. */
const headersMs = 25_000
/** A body is complete after so many looks, 30 seconds, or goes on bringing this many bytes in each such span. */
const looksPerSpan = 6
/** More than a JSON body may hold: only an upload may take longer than one span. */
const bytesPerSpan = 256 * 1024

/**
 * An HTTP server that an upload may keep busy for as long as it flows, and nobody by sending slowly: who sends
 * less than 256 KiB in 30 seconds without coming to an end is cut with 408.
 */
export function createListener(handle: RequestListener, parts: RefusalParts): Server {
  const server = createServer(
    {
      headersTimeout: headersMs,
      connectionsCheckingInterval: lookEvery,
      // A limit for the whole request would be one for the line of who uploads.
      requestTimeout: 0,
      // Longer than the 60 seconds after which proxies close: who closes must not be who is asked.
      keepAliveTimeout: 75_000,
    },
    handle,
  )
  keepLastAnswers(server)
  refuseUnreadable(server, parts)
  const arriving = new Map<IncomingMessage, { looks: number; bytesBefore: number; refuse: () => void }>()
  server.on('request', (req, res) => {
    const { headers, socket } = req
    if (headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0') return
    readOutBeforeClosing(req)
    arriving.set(req, {
      looks: 0,
      bytesBefore: socket.bytesRead,
      refuse() {
        if (!res.headersSent) socket.write(writtenProblem(tooSlow(), parts))
        closeNow(socket)
      },
    })
    // An answer may close the request while its body still drips in.
    req.once('close', () => {
      if (req.complete) arriving.delete(req)
    })
  })
  const timer = setInterval(look, lookEvery)
  timer.unref()
  server.on('close', () => clearInterval(timer))

  function look(): void {
    for (const [req, span] of arriving) {
      if (req.complete || req.socket.destroyed) {
        arriving.delete(req)
        continue
      }
      span.looks += 1
      if (span.looks < looksPerSpan) continue
      const { bytesRead } = req.socket
      // What lies here unread is not for the sender to hurry.
      if (bytesRead - span.bytesBefore < bytesPerSpan && req.readableLength === 0) {
        arriving.delete(req)
        span.refuse()
      }
      span.looks = 0
      span.bytesBefore = bytesRead
    }
  }
  return server
}
