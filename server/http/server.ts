import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Accounts } from '../accounts/accounts.ts'
import type { Config } from '../config.ts'
import { Problem } from '../errors.ts'
import type { NewId } from '../ids.ts'
import { sendProblem } from './answer.ts'
import { hostGuard, originGuard, requireContentType } from './guards.ts'
import type { Identity } from './identify.ts'
import { readInput } from './input.ts'
import { pageRoutes } from './page.ts'
import { requestId, requestIdOf } from './request-id.ts'
import { requireAccess } from './require-access.ts'
import { answered, Reply, type BodyKind, type Route } from './route.ts'
import { securityHeaders } from './security-headers.ts'

interface ServerParts {
  config: Config
  accounts: Pick<Accounts, 'middleware'>
  identity: Identity
  /** Answered before anybody looks at who asks, so also while sessions cannot be loaded. */
  health: readonly Route[]
  routes: readonly Route[]
  /** The built page. */
  pageFolder: string
  newId: NewId
  log: Logger
}

/** The most that a JSON body may hold; the dialog's takes pictures. */
const jsonLimits = { json: '256kb', 'large-json': '40mb' } as const

/** Express with everything in the order in which a request meets it. */
export function createServer(parts: ServerParts): Express {
  const { config, identity, log } = parts
  const app = express()
  app.disable('x-powered-by')
  // An ETag would be a hash over every JSON answer; nothing here is cached by one.
  app.disable('etag')
  app.set('query parser', 'simple')
  if (config.trustProxy !== undefined) app.set('trust proxy', config.trustProxy)

  app.use(requestId(parts.newId))
  if (log.isLevelEnabled('debug')) app.use(logRequests(log))
  app.use(securityHeaders(config))
  app.use(hostGuard(config))
  const readers: Record<BodyKind, RequestHandler | undefined> = {
    none: undefined,
    multipart: undefined,
    json: express.json({ limit: jsonLimits.json, strict: true }),
    'large-json': express.json({ limit: jsonLimits['large-json'], strict: true }),
  }
  const methods = new Map<string, Set<string>>()
  function mount(route: Route): void {
    const reader = readers[route.bodyKind]
    // Who asks is settled before a body is read.
    const guard: RequestHandler = (req, _res, next) => {
      requireAccess(route.access, identity.identify(req))
      requireContentType(req.headers, route.bodyKind)
      next()
    }
    const handle: RequestHandler = async (req, res) => {
      const user = identity.identify(req)
      const input = readInput(route, req)
      const result = await route.handle({
        ...input,
        // A public route has no user and does not look at it; every other was guarded above.
        user: user as Express.User,
        requestId: requestIdOf(res),
        req,
        res,
      })
      if (result === answered) return
      if (!(result instanceof Reply)) res.json(result)
      else if (result.body === undefined) res.status(result.status).end()
      else res.status(result.status).json(result.body)
    }
    app[route.method](route.path, guard, ...(reader ? [reader] : []), handle)
    methods.set(route.path, (methods.get(route.path) ?? new Set()).add(route.method.toUpperCase()))
  }

  for (const route of parts.health) mount(route)
  app.use(pageRoutes(parts.pageFolder))
  app.use(originGuard(config))
  for (const middleware of parts.accounts.middleware) app.use(middleware)
  for (const route of parts.routes) mount(route)
  for (const [path, allowed] of methods) {
    if (allowed.has('GET')) allowed.add('HEAD')
    const methodsHere = [...allowed, 'OPTIONS'].join(', ')
    app.all(path, (req, res) => {
      res.setHeader('Allow', methodsHere)
      if (req.method !== 'OPTIONS') {
        throw new Problem('method_not_allowed', `This address takes ${methodsHere}.`)
      }
      res.status(204).end()
    })
  }
  app.use(() => {
    throw new Problem('not_found', 'There is nothing at this address.')
  })

  const onError: ErrorRequestHandler = (thrown: unknown, req, res, _next) => {
    sendProblem(thrown, req, res, log)
  }
  app.use(onError)
  return app
}

/** One line a finished request, at debug level: at the usual level only what failed or was refused is logged. */
function logRequests(log: Logger): RequestHandler {
  return (req, res, next) => {
    const began = performance.now()
    res.on('close', () => {
      log.debug(
        {
          request: requestIdOf(res),
          user: req.user?.id,
          method: req.method,
          route: req.route?.path ?? req.path,
          status: res.statusCode,
          ms: Math.round(performance.now() - began),
        },
        'request',
      )
    })
    next()
  }
}
