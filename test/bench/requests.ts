import { Agent, request } from 'node:http'
import type { Child } from './child.ts'

const agent = new Agent({ keepAlive: true, maxSockets: Infinity })

interface Ask {
  path: string
  headers?: Record<string, string>
  body?: string
}

/** Sends a request and hands out each piece of the answer as text. Resolves with the status at the end. */
export function exchange(
  target: Pick<Child, 'port'>,
  method: 'GET' | 'POST',
  { path, headers = {}, body }: Ask,
  onPiece: (piece: string) => void,
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port: target.port,
        agent,
        method,
        path,
        headers:
          body === undefined
            ? headers
            : { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        answer.setEncoding('utf8')
        answer.on('data', onPiece)
        answer.on('error', reject)
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }))
      },
    )
    asked.setNoDelay(true)
    asked.on('error', reject)
    asked.end(body)
  })
}

interface JsonAnswer {
  status: number
  // What is looked at is decided by who asks, and a bench that looks wrongly throws.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
  cookie: string | undefined
}

/** Sends JSON and reads JSON. */
export async function askJson(
  target: Pick<Child, 'port'>,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<JsonAnswer> {
  let text = ''
  const ask = { path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const answer = await exchange(target, method, ask, (piece) => (text += piece))
  const cookie = [answer.headers['set-cookie'] ?? []].flat()[0]?.split(';')[0]
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text), cookie }
}
