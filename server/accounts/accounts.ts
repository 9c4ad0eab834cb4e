import { hash } from 'node:crypto'
import { callbackify } from 'node:util'
import type { Request, RequestHandler, Response } from 'express'
import session from 'express-session'
import passport from 'passport'
import { Strategy as LocalStrategy } from 'passport-local'
import type { Logger } from 'pino'
import { type Clock, isoTime } from '../clock.ts'
import type { Config } from '../config.ts'
import type {
  ChangePasswordRequest,
  Invite,
  LoginRequest,
  RegisterRequest,
  RegistrationState,
  User,
} from '../contract/accounts.ts'
import { Problem } from '../errors.ts'
import type { ProofOfIdentity } from '../http/identify.ts'
import type { NewId } from '../ids.ts'
import type { AccountRows, Refusal } from '../store/accounts.ts'
import type { RateTicks } from '../store/rate-ticks.ts'
import type { SessionRows } from '../store/sessions.ts'
import { checkNewPassword } from './password-policy.ts'
import type { Passwords } from './passwords.ts'
import { sessionCookie, sessionIdReader } from './session-cookie.ts'
import { sessionHash, SessionStore } from './session-store.ts'
import { addressLimit, createThrottle, nameLimit, ownPasswordLimit, registrationLimit } from './throttle.ts'
import { usernameKey } from './username.ts'

declare global {
  namespace Express {
    // Passport leaves this interface open for the product's own user.
    // oxlint-disable-next-line typescript/no-empty-object-type
    interface User extends SignedInUser {}
  }
}

/** Another name, since the one above means itself. */
type SignedInUser = User

/** Express takes paths in upper case as well. */
const changesSessions = /^\/api\/auth\//i

const inviteLifetimeMs = 7 * 24 * 60 * 60 * 1000
const sweepEveryMs = 60 * 60 * 1000
/** Longer than any window that is counted. */
const ticksLifetimeMs = 2 * 24 * 60 * 60 * 1000

export interface AccountParts {
  rows: AccountRows
  sessions: SessionRows
  ticks: RateTicks
  passwords: Passwords
  clock: Clock
  newId: NewId
  randomBytes: (size: number) => Buffer
  /** Signs the session cookie; see `loadSessionSecret`. */
  sessionSecret: string
  config: Pick<Config, 'publicUrl' | 'registration'>
  log: Logger
}

/** The request that something is done for. */
interface Visit {
  req: Request
  res: Response
  requestId: string
}

/** Who there is and how one gets in and out. */
export interface Accounts {
  /** Loads who is there, and for changing requests their session; before every route that asks. */
  middleware: RequestHandler[]
  /** The session as a way to prove who one is. */
  proof: ProofOfIdentity
  /** Who may register at this moment. */
  registration(): RegistrationState
  /**
   * Makes an account and signs it in under a new session id. The first one ever is the administrator.
   * @throws Problem `forbidden`, `invalid_request` (name taken, password refused), `rate_limited`
   */
  register(visit: Visit, wish: RegisterRequest): Promise<User>
  /**
   * Signs in under a new session id. An unknown name, a wrong password and a disabled user get the same answer
   * after the same time.
   * @throws Problem `unauthenticated`, `rate_limited`
   */
  login(visit: Visit, credentials: LoginRequest): Promise<User>
  /** Ends the session on the server and takes the cookie away; does nothing when there is none. */
  logout(visit: Visit): Promise<void>
  /**
   * Ends all of the user's sessions; whoever asked goes on under a new session id.
   * @throws Problem `forbidden` (the current password is wrong), `invalid_request`, `rate_limited`
   */
  changePassword(visit: Visit, user: User, change: ChangePasswordRequest): Promise<void>
  /**
   * Makes an invitation: one registration within seven days.
   * @throws Problem `forbidden` when nobody may register at all.
   */
  invite(visit: Visit, user: User): Invite
}

export function createAccounts(parts: AccountParts): Accounts {
  const { rows, sessions, ticks, passwords, clock, newId, randomBytes, config, log } = parts
  const throttle = createThrottle(ticks, clock)
  const cookie = sessionCookie(config.publicUrl)
  const sessionIdIn = sessionIdReader(cookie.name, parts.sessionSecret)
  let sweptAt = 0

  const store = new SessionStore(sessions, clock, log)
  const gate = new passport.Passport()
  gate.serializeUser((user, done) => {
    done(null, user.id)
  })
  // With three parameters passport hands the request in as well.
  gate.deserializeUser((req: Request, _id: string, done: (error: unknown, user: User | false) => void) => {
    done(null, store.userOf(req.session) ?? false)
  })
  gate.use(
    new LocalStrategy({ passReqToCallback: true }, (req, username, password, done) => {
      callbackify(checkCredentials)(req, username, password, (error, user) => {
        done(error, user ?? false)
      })
    }),
  )

  const loadSession = session({
    name: cookie.name,
    secret: parts.sessionSecret,
    store,
    genid: () => randomBytes(32).toString('base64url'),
    cookie: cookie.set,
    resave: false,
    saveUninitialized: false,
    rolling: false,
  })
  const loadUser: RequestHandler = gate.authenticate('session')

  /**
   * Only what signs in and out gets a `req.session`: all others have nothing to write to it, and express-session's
   * bookkeeping for a possible change costs three times the loading, 0.2 ms of every turn.
   */
  function loadWhoIsThere(...[req, res, next]: Parameters<RequestHandler>): void {
    if (req.method === 'GET' || req.method === 'HEAD' || !changesSessions.test(req.path)) {
      loadReader(req)
      next()
      return
    }
    loadSession(req, res, (error?: unknown) => {
      if (error === undefined) loadUser(req, res, next)
      else next(error)
    })
  }

  function loadReader(req: Request): void {
    const header = req.headers.cookie
    const id = header === undefined ? undefined : sessionIdIn(header)
    const user = id === undefined ? undefined : store.findUser(id)
    if (id === undefined || user === undefined) return
    req.sessionID = id
    req.user = user
  }

  async function checkCredentials(
    req: Request,
    username: string,
    password: string,
  ): Promise<User | undefined> {
    const key = usernameKey(username)
    const limits = [addressLimit(req.ip), nameLimit(key)]
    throttle.check(limits)
    return passwords.inTurn((hashing) =>
      throttle.attempt(limits, async () => {
        const known = rows.findCredentials(key)
        if (!(await hashing.matches(known?.passwordHash, password))) return undefined
        // Hashing takes a while: the user may have been disabled, or the password changed, in the meantime.
        const now = rows.findCredentials(key)
        return now?.passwordHash === known?.passwordHash ? now?.user : undefined
      }),
    )
  }

  /** Runs passport's local strategy without letting it answer. */
  function authenticate({ req, res }: Visit): Promise<User | undefined> {
    return new Promise((resolve, reject) => {
      const handler: RequestHandler = gate.authenticate(
        'local',
        (error: unknown, user?: User | false | null) => {
          if (error) reject(error)
          else resolve(user || undefined)
        },
      )
      void handler(req, res, reject)
    })
  }

  function startSession({ req }: Visit, user: User): Promise<void> {
    if (cookie.https && !req.secure) {
      // express-session leaves a Secure cookie out where the last hop is plain http, which it is behind a proxy
      // that Express was not told to trust. PUBLIC_URL already says that the browser's side is https.
      Object.defineProperty(req, 'secure', { value: true })
    }
    sweepSometimes()
    return new Promise((resolve, reject) => {
      req.logIn(user, (error: unknown) => {
        if (error) reject(error)
        else resolve()
      })
    })
  }

  /** Rows only pile up through sign-ins, so these clear away what is over, once an hour at most. */
  function sweepSometimes(): void {
    const now = clock.now()
    if (now - sweptAt < sweepEveryMs) return
    sweptAt = now
    sessions.sweep(now)
    rows.sweep(now)
    ticks.sweep(now - ticksLifetimeMs)
  }

  function refuseRegistration(visit: Visit, refusal: Refusal): Problem {
    log.info({ request_id: visit.requestId, address: visit.req.ip, reason: refusal }, 'registration refused')
    return refusalProblems[refusal]()
  }

  return {
    middleware: [loadWhoIsThere],

    proof: {
      user: (req) => req.user,
      stillHolds: (req) =>
        typeof req.sessionID === 'string' && sessions.isLive(sessionHash(req.sessionID), clock.now()),
    },

    registration: () => (rows.isEmpty() ? 'first' : config.registration),

    async register(visit, wish) {
      const limits = [registrationLimit(visit.req.ip)]
      const inviteHash = wish.invite === undefined ? undefined : tokenHash(wish.invite)
      throttle.check(limits)
      let refusal: Refusal | undefined
      const user = await passwords.inTurn((hashing) =>
        throttle.attempt(limits, async () => {
          // Strangers without an invitation learn nothing about names and cost no hashing.
          refusal = rows.mayRegister(config.registration, inviteHash, clock.now())
          if (refusal !== undefined) return undefined
          checkNewPassword(wish.password, wish.username, 'password')
          const account = {
            id: newId(),
            username: wish.username,
            usernameKey: usernameKey(wish.username),
            displayName: wish.display_name ?? wish.username,
            passwordHash: await hashing.hash(wish.password),
            inviteHash,
          }
          const made = rows.register(account, config.registration, clock.now())
          if (typeof made === 'object') return made
          refusal = made
          return undefined
        }),
      )
      if (user === undefined) throw refuseRegistration(visit, refusal ?? 'closed')
      await startSession(visit, user)
      log.info({ request_id: visit.requestId, user_id: user.id, role: user.role }, 'registered')
      return user
    },

    async login(visit, credentials) {
      // passport-local reads the body, and the query where that has none.
      visit.req.body = credentials
      const complete = credentials.username !== '' && credentials.password !== ''
      const user = complete ? await authenticate(visit) : undefined
      if (user === undefined) {
        log.info({ request_id: visit.requestId, address: visit.req.ip }, 'sign-in refused')
        throw new Problem('unauthenticated', 'The username or the password is not right.')
      }
      await startSession(visit, user)
      log.info({ request_id: visit.requestId, user_id: user.id }, 'signed in')
      return user
    },

    async logout({ req, res, requestId }) {
      const userId = req.user?.id
      // Not passport's own: that one hands out a new, empty session.
      await new Promise<void>((resolve, reject) => {
        req.session.destroy((error: unknown) => {
          if (error) reject(error)
          else resolve()
        })
      })
      delete req.user
      res.clearCookie(cookie.name, cookie.clear)
      if (userId !== undefined) log.info({ request_id: requestId, user_id: userId }, 'signed out')
    },

    async changePassword(visit, user, change) {
      const limits = [ownPasswordLimit(user.id)]
      throttle.check(limits)
      checkNewPassword(change.new_password, user.username, 'new_password')
      const replaced = await passwords.inTurn((hashing) =>
        throttle.attempt(limits, async () => {
          const known = rows.findCredentials(usernameKey(user.username))
          const proven = await hashing.matches(known?.passwordHash, change.current_password)
          if (known === undefined || !proven) return undefined
          const newHash = await hashing.hash(change.new_password)
          const result = rows.replacePassword({
            userId: user.id,
            provenHash: known.passwordHash,
            newHash,
            sessionHash: sessionHash(visit.req.sessionID),
          })
          return result.changed ? result : undefined
        }),
      )
      if (replaced === undefined) {
        log.info({ request_id: visit.requestId, user_id: user.id }, 'change of password refused')
        throw new Problem('forbidden', 'The current password is not right.', {
          details: [{ field: 'current_password', message: 'is not right' }],
        })
      }
      log.info({ request_id: visit.requestId, user_id: user.id }, 'password changed')
      // Whoever signed out while this ran stays signed out.
      if (replaced.endedOwn) await startSession(visit, user)
    },

    invite({ req, requestId }, user) {
      if (config.registration === 'closed') {
        throw new Problem(
          'forbidden',
          'Nobody can register while REGISTRATION is "closed". Set it to "invite" and restart to invite people.',
        )
      }
      const token = randomBytes(24).toString('base64url')
      const now = clock.now()
      rows.insertInvite(tokenHash(token), user.id, now, now + inviteLifetimeMs)
      log.info({ request_id: requestId, user_id: user.id }, 'invitation made')
      const origin = config.publicUrl?.origin ?? `${req.protocol}://${req.headers.host}`
      return {
        invite: token,
        url: `${origin}/register?invite=${token}`,
        expires_at: isoTime(now + inviteLifetimeMs),
      }
    },
  }
}

const refusalProblems: Record<Refusal, () => Problem> = {
  closed: () =>
    new Problem('forbidden', 'Registration is closed on this server. Ask its administrator for an account.'),
  invite_missing: () =>
    new Problem(
      'forbidden',
      'Registration on this server needs an invitation. Ask an administrator for an invitation link.',
    ),
  invite_invalid: () =>
    new Problem(
      'forbidden',
      'This invitation is not valid: each one works once and for seven days. Ask an administrator for a new one.',
    ),
  username_taken: () =>
    new Problem('invalid_request', 'This username is taken. Choose another one.', {
      details: [{ field: 'username', message: 'is taken' }],
    }),
}

function tokenHash(token: string): string {
  return hash('sha256', token, 'hex')
}
