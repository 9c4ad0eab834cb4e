import { STATUS_CODES, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { Problem } from '../errors.ts'
import type { NewId } from '../ids.ts'
import { problemBody } from './answer.ts'
import { headersOfAll } from './security-headers.ts'

/** What an answer that Express does not write is made with. */
export interface RefusalParts {
  newId: NewId
  log: Pick<Logger, 'info'>
}

/** How long is still taken from a client that could not be understood, milliseconds. */
const lingerMs = 2000

/**
 * Answers what Node cannot read as a request, in the contract's words, and closes the connection. What it had read
 * before is answered first; a request that has its answer already, but whose body turns out to be none, gets no other.
 */
export function refuseUnreadable(server: Server, parts: RefusalParts): void {
  const latest = new WeakMap<Duplex, ServerResponse>()
  server.on('request', (req, res) => latest.set(req.socket, res))

  const refused = new WeakSet<Duplex>()
  server.on('clientError', (cause: NodeJS.ErrnoException, socket: Duplex) => {
    // What follows is not understood either.
    if (refused.has(socket)) return
    refused.add(socket)
    const last = latest.get(socket)
    refuse(socket, problemOf(cause.code ?? ''), last?.req.complete === false ? last : undefined)
  })

  /** @param own the answer to the request whose body cannot be read; undefined where the fault is in no body. */
  function refuse(socket: Duplex, problem: Problem, own: ServerResponse | undefined): void {
    if (socket.destroyed) return
    // Node's own, and the only place where it says which answer is being written.
    const { _httpMessage: writing } = socket as { _httpMessage?: ServerResponse | null }
    if (writing && (writing !== own || own.headersSent)) {
      writing.once('close', () => refuse(socket, problem, own))
      return
    }
    if (socket.writable) socket.end(own?.headersSent ? undefined : writtenProblem(problem, parts))
    const timer = setTimeout(() => socket.destroy(), lingerMs)
    socket.once('close', () => clearTimeout(timer))
    socket.once('end', () => socket.destroy())
    socket.resume()
  }
}

/** What Node finds in bytes that are no request, by the `code` of its error. */
function problemOf(code: string): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers_too_large', 'The headers are too large. Send fewer cookies.')
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Problem('payload_too_large', 'The chunks of the body say too much about themselves.')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return tooSlow()
    default:
      return new Problem('invalid_request', 'The address or the body cannot be read.')
  }
}

/** For a request that does not arrive. */
export function tooSlow(): Problem {
  return new Problem('request_timeout', 'The request took too long to arrive. Send it once more.')
}

/** An answer as it goes over the wire (RFC 9112), for a request that never got to Express; the connection ends with it. */
export function writtenProblem(problem: Problem, { newId, log }: RefusalParts): string {
  const { status, code } = problem
  const id = newId()
  log.info({ request: id, status, code }, 'request refused')
  const body = JSON.stringify(problemBody(problem, id))
  const headers = [
    ...headersOfAll,
    ['X-Request-Id', id],
    ['Content-Type', 'application/json; charset=utf-8'],
    ['Content-Length', Buffer.byteLength(body)],
    ['Connection', 'close'],
  ].map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers, '', body].join('\r\n')
}
