import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'

export interface RawAnswer {
  /** 0 when the connection broke before the headers. */
  status: number
  headers: IncomingHttpHeaders
  /** The body as it was read, piece by piece. */
  pieces: Buffer[]
  text: string
  /** Whether the body was complete; false when the connection broke. */
  complete: boolean
}

export interface RawCall {
  answer: Promise<RawAnswer>
  /** Resolves when the first piece of the body is there. */
  firstPiece: Promise<void>
  hangUp: () => void
}

/** One request on a connection of its own, with nothing between it and node:http. */
export function rawCall(url: string, options: { key?: string; body?: unknown } = {}): RawCall {
  const firstPiece = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<RawAnswer>()
  const call = request(url, {
    agent: false,
    method: options.body === undefined ? 'GET' : 'POST',
    headers: options.key === undefined ? {} : { authorization: `Bearer ${options.key}` },
  })
  const pieces: Buffer[] = []
  let response: IncomingMessage | undefined
  function settle(): void {
    answer.resolve({
      status: response?.statusCode ?? 0,
      headers: response?.headers ?? {},
      pieces,
      text: Buffer.concat(pieces).toString('utf8'),
      complete: response?.complete ?? false,
    })
  }
  // That a connection broke is told by `status` and `complete`.
  call.on('error', () => undefined)
  call.on('response', (arrived: IncomingMessage) => {
    response = arrived
    response.on('data', (piece: Buffer) => {
      pieces.push(piece)
      firstPiece.resolve()
    })
    response.on('error', () => undefined)
    response.on('close', settle)
  })
  call.on('close', settle)
  call.end(typeof options.body === 'string' ? options.body : JSON.stringify(options.body))
  return { answer: answer.promise, firstPiece: firstPiece.promise, hangUp: () => void call.destroy() }
}
