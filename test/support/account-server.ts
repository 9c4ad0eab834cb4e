import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import express, { type NextFunction, type Request, type Response } from 'express'
import { pino } from 'pino'
import request from 'supertest'
import { type Accounts, createAccounts } from '../../server/accounts/accounts.ts'
import { createPasswords, type Passwords } from '../../server/accounts/passwords.ts'
import { loadSessionSecret } from '../../server/accounts/session-secret.ts'
import { loadConfig } from '../../server/config.ts'
import type { User } from '../../server/contract/accounts.ts'
import { asProblem } from '../../server/errors.ts'
import { hostGuard, originGuard, requireContentType } from '../../server/http/guards.ts'
import { type Identity, identifyBy } from '../../server/http/identify.ts'
import { requestId, requestIdOf } from '../../server/http/request-id.ts'
import { requireAccess } from '../../server/http/require-access.ts'
import { Reply, type Route } from '../../server/http/route.ts'
import { accountRoutes } from '../../server/http/routes/accounts.ts'
import { securityHeaders } from '../../server/http/security-headers.ts'
import { idMaker } from '../../server/ids.ts'
import { createAccountRows } from '../../server/store/accounts.ts'
import { type Db, openDatabase } from '../../server/store/database.ts'
import { createRateTicks } from '../../server/store/rate-ticks.ts'
import { createSessionRows } from '../../server/store/sessions.ts'
import { cheapHash } from './cheap-hash.ts'

export interface Ask {
  method?: 'get' | 'post' | 'head'
  path: string
  body?: object | string
  /** A `Cookie` header. */
  cookie?: string | undefined
  headers?: Record<string, string>
}

export interface Answer {
  status: number
  // What was answered is what the tests are about; they look into it freely.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
  text: string
  headers: Record<string, string>
  /** `Set-Cookie` lines. */
  setCookie: string[]
  /** The session cookie that was set, ready to be sent back; undefined when none was. */
  cookie: string | undefined
}

/** A small server made of the accounts, the guards and a real database in a folder of its own. */
export interface AccountServer {
  db: Db
  accounts: Accounts
  identity: Identity
  storageDir: string
  clock: { ms: number; now(): number }
  /** Everything that was logged so far, at every level. */
  log(): string
  ask(ask: Ask): Promise<Answer>
  /** Registers somebody and answers with the session cookie. */
  register(username: string, invite?: string): Promise<Answer & { cookie: string }>
  login(username: string, password: string, more?: Partial<Ask>): Promise<Answer>
  me(cookie: string | undefined): Promise<Answer>
  /** Makes an invitation. */
  invite(cookie: string): Promise<{ invite: string; url: string; expires_at: string }>
  sessionCount(): number
  /** Lets `/api/auth/wait` go on; answers are held there with their session loaded. */
  arrivals: { waiting: number; release(): void }
  close(): Promise<void>
}

export const goodPassword = 'a quiet harbour at dawn'

/** A registration, which lacks nothing. */
export const register = (body: object): Ask => ({
  path: '/api/auth/register',
  body: { username: 'Carl', password: goodPassword, ...body },
})

/** What a proxy says of who asks. */
export const from = (address: string) => ({ 'X-Forwarded-For': address })

export const cheapPasswords = (): Passwords => createPasswords(randomBytes, cheapHash)

/** Passwords whose comparing stops, when `hold` was called, between the result and whoever asked for it. */
export function heldPasswords() {
  const passwords = cheapPasswords()
  let gate: PromiseWithResolvers<void> | undefined
  const held: Passwords & { waiting: number; hold(): void; release(): void } = {
    waiting: 0,
    inTurn: (work) =>
      passwords.inTurn((hashing) =>
        work({
          hash: (password) => hashing.hash(password),
          async matches(hash, password) {
            const matches = await hashing.matches(hash, password)
            held.waiting += 1
            await gate?.promise
            held.waiting -= 1
            return matches
          },
        }),
      ),
    hold() {
      gate = Promise.withResolvers()
    },
    release() {
      gate?.resolve()
      gate = undefined
    },
  }
  return held
}

export async function startAccountServer(
  environment: Record<string, string> = {},
  passwords: Passwords = cheapPasswords(),
): Promise<AccountServer> {
  const storageDir = mkdtempSync(path.join(tmpdir(), 'easel-accounts-'))
  const config = loadConfig({ ...environment, STORAGE_DIR: storageDir }, storageDir)
  const clock = {
    ms: Date.parse('2026-11-20T12:00:00.000Z'),
    now(): number {
      return this.ms
    },
  }
  const db = openDatabase(storageDir, () => clock.now())
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  const newId = idMaker(clock, randomBytes)
  const accounts = createAccounts({
    rows: createAccountRows(db),
    sessions: createSessionRows(db),
    ticks: createRateTicks(db),
    passwords,
    clock,
    newId,
    randomBytes,
    sessionSecret: loadSessionSecret(storageDir, config.sessionSecret, randomBytes),
    config,
    log,
  })
  const identity = identifyBy([accounts.proof])
  const held: (() => void)[] = []
  const app = express()
  if (config.trustProxy !== undefined) app.set('trust proxy', config.trustProxy)
  app.use(requestId(newId), securityHeaders(config), hostGuard(config), originGuard(config))
  app.use(...accounts.middleware)
  for (const route of accountRoutes(accounts)) mount(app, route, identity)
  app.all('/test/who', (req, res) => {
    res.json({ user: identity.identify(req)?.username ?? null })
  })
  app.all('/api/auth/wait', async (req, res) => {
    await new Promise<void>((resolve) => held.push(resolve))
    // A changed session is what makes express-session write it back at the end.
    if (req.query.change === '1') Object.assign(req.session, { changed: true })
    res.json({ user: identity.identify(req)?.username ?? null, still: identity.stillHolds(req) })
  })
  app.use((thrown: unknown, _req: Request, res: Response, _next: NextFunction) => {
    const problem = asProblem(thrown)
    if (problem.code === 'internal_error') log.error({ err: problem.cause }, 'failed')
    if (problem.retryAfter !== undefined) res.setHeader('Retry-After', problem.retryAfter)
    res.status(problem.status).json({
      status: 'error',
      code: problem.code,
      message: problem.message,
      request_id: requestIdOf(res),
      retry_after: problem.retryAfter,
      details: problem.details,
    })
  })
  const server = await listen(app)

  async function ask(wanted: Ask): Promise<Answer> {
    const method = wanted.method ?? (wanted.body === undefined ? 'get' : 'post')
    let sending = request(server)[method](wanted.path)
    if (wanted.cookie !== undefined) sending = sending.set('Cookie', wanted.cookie)
    for (const [name, value] of Object.entries(wanted.headers ?? {})) sending = sending.set(name, value)
    const res = await (wanted.body === undefined ? sending : sending.send(wanted.body))
    const setCookie: string[] = [res.headers['set-cookie'] ?? []].flat()
    return {
      status: res.status,
      body: res.body,
      text: res.text,
      headers: res.headers,
      setCookie,
      cookie: setCookie.at(-1)?.split(';', 1)[0],
    }
  }

  return {
    db,
    accounts,
    identity,
    storageDir,
    clock,
    log: () => lines.join(''),
    ask,
    async register(username, invite) {
      const body = { username, password: goodPassword, ...(invite === undefined ? {} : { invite }) }
      const answer = await ask({ path: '/api/auth/register', body })
      if (answer.status !== 201 || answer.cookie === undefined) throw new Error(answer.text)
      return { ...answer, cookie: answer.cookie }
    },
    login: (username, password, more = {}) =>
      ask({ path: '/api/auth/login', body: { username, password }, ...more }),
    me: (cookie) => ask({ path: '/api/auth/me', ...(cookie === undefined ? {} : { cookie }) }),
    async invite(cookie) {
      const answer = await ask({ method: 'post', path: '/api/invites', cookie })
      if (answer.status !== 201) throw new Error(answer.text)
      return answer.body
    },
    sessionCount: () => db.prepare<[], { n: number }>('select count(*) as n from sessions').get()?.n ?? 0,
    arrivals: {
      get waiting() {
        return held.length
      },
      release() {
        for (const go of held.splice(0)) go()
      },
    },
    async close() {
      await new Promise((resolve) => server.close(resolve))
      db.close()
      rmSync(storageDir, { recursive: true })
    },
  }
}

/** What routes that are open to everybody get where nobody is signed in; they do not look at it. */
const nobody: User = { id: '', username: '', display_name: '', role: 'user', tier: '' }

function mount(app: express.Express, route: Route, identity: Identity): void {
  app[route.method](route.path, express.json(), async (req: Request, res: Response) => {
    const user = identity.identify(req)
    requireAccess(route.access, user)
    requireContentType(req.headers, route.bodyKind)
    const result = await route.handle({
      user: user ?? nobody,
      params: undefined,
      query: undefined,
      body: route.body?.parse(req.body),
      requestId: requestIdOf(res),
      req,
      res,
    })
    const reply = result instanceof Reply ? result : new Reply(200, result)
    res.status(reply.status)
    if (reply.body === undefined) res.end()
    else res.json(reply.body)
  })
}

function listen(app: express.Express): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer(app)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}
