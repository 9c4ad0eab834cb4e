import { request } from 'undici'
import type { Message } from '../../server/contract/messages.ts'
import type { TurnEvent, TurnEventType } from '../../server/contract/turns.ts'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  // What was answered is what the tests are about; they look into it freely.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
}

export interface Ask {
  headers?: Record<string, string>
  /** An object is sent as JSON; a string as it is. */
  body?: unknown
}

export interface StreamedEvent {
  id: number
  event: TurnEvent
}

/** A turn's stream, read to its end or to wherever the test stopped reading. */
export interface Streamed {
  status: number
  events: StreamedEvent[]
}

const password = 'correct horse battery staple'

/** Somebody who talks to a running Easel over HTTP, with a cookie once signed in. */
export class Client {
  readonly #url: () => string
  cookie: string | undefined
  // oxlint-disable-next-line typescript/no-explicit-any
  user: any

  constructor(url: () => string) {
    this.#url = url
  }

  async ask(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS',
    path: string,
    { headers = {}, body }: Ask = {},
  ): Promise<Answer> {
    const isText = typeof body === 'string' || body instanceof Uint8Array
    const answer = await request(`${this.#url()}${path}`, {
      method,
      headers: {
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    })
    const text = await answer.body.text()
    const set = [answer.headers['set-cookie'] ?? []].flat().find((line) => /sid=/.test(line))
    if (set) this.cookie = set.split(';')[0]
    return { status: answer.statusCode, headers: answer.headers, text, body: asJson(text) }
  }

  get = (path: string, ask?: Ask) => this.ask('GET', path, ask)
  post = (path: string, body?: unknown, headers?: Record<string, string>) =>
    this.ask('POST', path, { body, ...(headers ? { headers } : {}) })
  patch = (path: string, body: unknown) => this.ask('PATCH', path, { body })
  delete = (path: string) => this.ask('DELETE', path)

  async bytes(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: Answer['headers']; bytes: Buffer }> {
    const answer = await request(`${this.#url()}${path}`, {
      headers: { ...(this.cookie ? { cookie: this.cookie } : {}), ...headers },
    })
    return {
      status: answer.statusCode,
      headers: answer.headers,
      bytes: Buffer.from(await answer.body.arrayBuffer()),
    }
  }

  async register(username: string): Promise<void> {
    const answer = await this.post('/api/auth/register', { username, password })
    if (answer.status !== 201) throw new Error(`could not register ${username}: ${answer.text}`)
    this.user = answer.body.user
  }

  /** A new conversation's id. */
  async conversation(title?: string): Promise<string> {
    const answer = await this.post('/api/conversations', title === undefined ? {} : { title })
    return answer.body.id
  }

  /** Sends a message and waits for the finished answer. */
  async say(
    conversationId: string,
    messageText: string,
    more: Record<string, unknown> = {},
  ): Promise<Answer & { body: Message }> {
    return this.post(
      `/send_message/${conversationId}`,
      { messageText, ...more },
      { accept: 'application/json' },
    )
  }

  /** Sends a message and reads its stream. */
  async stream(
    conversationId: string,
    messageText: string,
    {
      body = {},
      headers = {},
      until,
    }: {
      body?: Record<string, unknown>
      headers?: Record<string, string>
      until?: (event: StreamedEvent) => boolean
    } = {},
  ): Promise<Streamed> {
    return this.#read('POST', `/send_message/${conversationId}`, { messageText, ...body }, headers, until)
  }

  /** Follows a turn from an event id. */
  async follow(turnId: string, afterId = 0, until?: (event: StreamedEvent) => boolean): Promise<Streamed> {
    return this.#read(
      'GET',
      `/api/turns/${turnId}/events`,
      undefined,
      { 'last-event-id': String(afterId) },
      until,
    )
  }

  async #read(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    headers: Record<string, string>,
    until: ((event: StreamedEvent) => boolean) | undefined,
  ): Promise<Streamed> {
    const hangUp = new AbortController()
    const answer = await request(`${this.#url()}${path}`, {
      method,
      signal: hangUp.signal,
      headers: {
        accept: 'text/event-stream',
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const events: StreamedEvent[] = []
    let rest = ''
    try {
      for await (const piece of answer.body.setEncoding('utf8')) {
        rest += piece
        const frames = rest.split('\n\n')
        rest = frames.pop() ?? ''
        for (const frame of frames) {
          const event = readFrame(frame)
          if (!event) continue
          events.push(event)
          if (until?.(event)) {
            hangUp.abort()
            return { status: answer.statusCode, events }
          }
        }
      }
    } catch (cause) {
      // A server that is killed cuts the stream; what came before counts.
      if (
        !hangUp.signal.aborted &&
        !(cause instanceof Error && /terminated|closed|socket|ECONNRESET/i.test(cause.message))
      )
        throw cause
    }
    return { status: answer.statusCode, events }
  }
}

/** The events of one type, in order. */
export function eventsOf<T extends TurnEventType>(
  streamed: Pick<Streamed, 'events'>,
  type: T,
): Extract<TurnEvent, { type: T }>[] {
  return streamed.events
    .map(({ event }) => event)
    .filter((event): event is Extract<TurnEvent, { type: T }> => event.type === type)
}

function readFrame(frame: string): StreamedEvent | undefined {
  const lines = frame.split('\n').filter((line) => !line.startsWith(':'))
  const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
  const data = field('data')
  if (data === undefined) return undefined
  // The contract's own shape; a test that gets another one fails on what it looks for.
  return { id: Number(field('id')), event: { type: field('event'), ...JSON.parse(data) } as TurnEvent }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
