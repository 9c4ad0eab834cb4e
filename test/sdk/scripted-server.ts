import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as the scripted server saw it. */
interface Seen {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
}

export type Answer = (response: ServerResponse, request: Seen) => void

export interface ScriptedServer {
  url: string
  seen: Seen[]
  /** The answers to the next requests, in order; a request without one is a fault of the test (500). */
  answer(...answers: Answer[]): void
  close(): Promise<void>
}

/** Plays the contract's server over real HTTP, one scripted answer a request. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const seen: Seen[] = []
  const script: Answer[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(pieces).toString(),
      }
      seen.push(one)
      const next = script.shift()
      if (next) next(response, one)
      else
        json(500, { code: 'not_scripted', message: `nothing is scripted for ${one.method} ${one.path}` })(
          response,
          one,
        )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    answer: (...answers) => void script.push(...answers),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function json(status: number, body: unknown): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
}

/** Breaks the connection before any byte of an answer. */
export const hangUp: Answer = (response) => void response.socket?.destroy()

interface StreamEnd {
  /** `end` closes the answer properly, `cut` breaks the connection, `hold` leaves it open and silent. */
  ending?: 'end' | 'cut' | 'hold'
}

/** Numbered events as the server frames them; `text` pieces go out as they are, each in a write of its own. */
export function stream(pieces: readonly string[], { ending = 'end' }: StreamEnd = {}): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const write = (index: number) => {
      const piece = pieces[index]
      if (piece !== undefined) response.write(piece, () => setImmediate(() => write(index + 1)))
      else if (ending === 'end') response.end()
      else if (ending === 'cut') response.socket?.destroy()
    }
    response.flushHeaders()
    write(0)
  }
}

export function frame(id: number, event: string, data: unknown): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
