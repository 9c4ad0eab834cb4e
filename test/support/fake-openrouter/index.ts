import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import {
  type Account,
  Bills,
  credits,
  type Found,
  keyInfo,
  modelList,
  usualAccount,
} from './account-routes.ts'
import { BehaviourQueue } from './behaviour-queue.ts'
import { ChatRequest } from './chat-request.ts'
import { defaultAnswer } from './default-answer.ts'
import { errorBody, errorStatus } from './error-behaviours.ts'
import { type Behaviour, type Delays, Exchange } from './exchange.ts'
import { type Generation, generationOf } from './generations.ts'
import { imagesAnswer, imagesPrompt } from './images-endpoint.ts'
import { type RecordedRequest, RecordedRequests } from './recorded-requests.ts'
import { refusalOf } from './refusals.ts'
import { readJson } from './request-body.ts'

export type { ChatRequest } from './chat-request.ts'
export type { Behaviour, Exchange } from './exchange.ts'
export type { RecordedRequest } from './recorded-requests.ts'

export interface FakeOpenRouter {
  /** `http://127.0.0.1:PORT/api/v1`: what OPENROUTER_BASE_URL takes. */
  url: string
  /** The one key it accepts. */
  key: string
  /** All requests, in the order in which they had arrived. */
  requests: RecordedRequest[]
  /** The bills of all calls that generated something, in the order in which they ended. */
  bills: readonly Generation[]
  /** Ids of models that answer 404. */
  gone: Set<string>
  /** What `/key` and `/credits` tell; may be changed. */
  account: Account
  /** Queues behaviours: each answers one matching `POST /chat/completions`, then is gone. */
  next(...behaviours: Behaviour[]): void
  /** Answers every matching request for which nothing is queued, until reset; the latest one goes first. */
  always(behaviour: Behaviour): void
  /** Queues behaviours for another endpoint, such as `/models`, whatever they match. */
  nextOn(endpoint: string, ...behaviours: Behaviour[]): void
  /** Forgets behaviours, requests, bills, gone models and the account's changes. */
  reset(): void
  /** Resolves when so many (matching) requests to chat/completions have arrived since the start or a reset. */
  arrived(count: number, match?: (request: RecordedRequest) => boolean): Promise<void>
  /**
   * Ends all connections.
   * @throws AggregateError when a behaviour failed on its own, which is a mistake in the test.
   */
  close(): Promise<void>
}

export interface FakeOptions {
  /** 0, any free one, unless told. */
  port?: number
  delays?: Delays
  /** The same prompt gives another picture each time. */
  varied?: boolean
}

const base = '/api/v1'
const chatEndpoint = '/chat/completions'
const theKey = 'sk-or-test'

/** The body of a recorded chat request, checked. */
export function chatBody(request: RecordedRequest): ChatRequest {
  return ChatRequest.parse(request.body)
}

/**
 * Starts an OpenRouter as wire.md section 1 has it, on 127.0.0.1. A request that the real one would refuse
 * (key, fields, modalities, input pictures, gone models) is refused whatever behaviour is queued, and takes none.
 */
export async function startFakeOpenRouter(options: FakeOptions = {}): Promise<FakeOpenRouter> {
  const requests = new RecordedRequests()
  const queue = new BehaviourQueue()
  const bills = new Bills()
  const gone = new Set<string>()
  const account: Account = { ...usualAccount }
  const failures: unknown[] = []
  let exchanges = 0

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      failures.push(error)
      response.destroy()
    })
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readJson(request)
    const chat = ChatRequest.safeParse(raw)
    exchanges += 1
    const exchange = new Exchange({
      request,
      response,
      body: chat.success ? chat.data : { messages: [{ role: 'user', content: imagesPrompt(raw) }] },
      id: `gen-1790000000-${port}x${exchanges}`,
      created: 1_790_000_000 + exchanges,
      delays: options.delays ?? { pictureMs: 0, tokenMs: 0 },
      varied: options.varied ?? false,
    })
    const finished = requests.add(exchange, raw)
    try {
      await run(exchange, await behaviourFor(request, raw))
      await exchange.closed
      const bill = generationOf(exchange)
      if (bill) bills.all.push(bill)
    } finally {
      finished()
    }
  }

  async function behaviourFor(request: IncomingMessage, raw: unknown): Promise<Behaviour> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake')
    const endpoint = pathname.startsWith(base) ? pathname.slice(base.length) : pathname
    const stranger = endpoint === '/models' ? undefined : refusalOfKey(request.headers.authorization)
    const told = stranger ?? queue.takeOn(endpoint)
    if (told) return told
    if (request.method === 'POST' && endpoint === chatEndpoint) return await chatBehaviour(raw)
    if (request.method === 'POST' && endpoint === '/images') return imagesAnswer(raw)
    return tell(request.method === 'GET' ? lookUp(endpoint, searchParams) : undefined)
  }

  async function chatBehaviour(raw: unknown): Promise<Behaviour> {
    const chat = ChatRequest.safeParse(raw)
    if (!chat.success) {
      const [issue] = chat.error.issues
      const message = issue ? `${issue.path.join('.')}: ${issue.message}` : 'Invalid request'
      return errorStatus(400, { message, metadata: { error_type: 'invalid_request' } })
    }
    return (await refusalOf(chat.data, gone)) ?? queue.take(chat.data) ?? defaultAnswer
  }

  function lookUp(endpoint: string, query: URLSearchParams): Found | undefined {
    if (endpoint === '/models') return modelList(query)
    if (endpoint === '/key' || endpoint === '/auth/key') return keyInfo(account)
    if (endpoint === '/credits') return credits(account)
    if (endpoint === '/generation') return bills.find(query.get('id') ?? '')
    return undefined
  }

  // Never closes an idle connection by itself: a client that takes it up again must not meet a race.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The fake OpenRouter has no port.')
  const { port } = address

  return {
    url: `http://127.0.0.1:${port}${base}`,
    key: theKey,
    requests: requests.all,
    bills: bills.all,
    gone,
    account,
    next: (...behaviours) => queue.next(behaviours),
    always: (behaviour) => queue.always(behaviour),
    nextOn: (endpoint, ...behaviours) => queue.nextOn(endpoint, behaviours),
    reset() {
      queue.clear()
      requests.clear()
      bills.clear()
      gone.clear()
      Object.assign(account, usualAccount)
    },
    arrived: (count, match = () => true) =>
      requests.arrived(count, (request) => request.path === base + chatEndpoint && match(request)),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      if (failures.length > 0)
        throw new AggregateError(failures, 'The fake OpenRouter failed; see the errors.')
    },
  }
}

async function run(exchange: Exchange, behaviour: Behaviour): Promise<void> {
  try {
    await behaviour.answer(exchange)
  } catch (error) {
    // A write fails with ECONNRESET or EPIPE a moment before the connection counts as closed.
    if (error instanceof Error && 'syscall' in error && error.syscall === 'write') await exchange.closed
    // The end of the connection is how many behaviours are meant to end.
    if (exchange.gone.aborted || exchange.wasCut) return
    throw error
  }
  if (!exchange.response.writableEnded && !exchange.wasCut) {
    throw new Error('A behaviour returned without having ended its answer.')
  }
}

function refusalOfKey(authorization: string | undefined): Behaviour | undefined {
  if (authorization === undefined) return errorStatus(401, { message: 'Missing Authentication header' })
  return authorization === `Bearer ${theKey}` ? undefined : errorStatus(401, { message: 'User not found.' })
}

function tell(found: Found = { status: 404, body: errorBody(404) }): Behaviour {
  return {
    async answer(exchange) {
      exchange.usage = undefined
      await exchange.json(found.status, found.body)
    },
  }
}
