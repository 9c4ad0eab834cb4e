import type { Request } from 'express'
import type { User } from '../contract/accounts.ts'

/** One way to prove who one is: a session, and whatever else joins the list. */
export interface ProofOfIdentity {
  /** Whom the request proves to be; undefined where it does not use this way. Cheap: asked on every request. */
  user(req: Request): User | undefined
  /** Whether what the request proved when it came still holds, by the database. */
  stillHolds(req: Request): boolean
}

/** Tells who a request is from. */
export interface Identity {
  identify(req: Request): User | undefined
  /**
   * For answers that take long (streams): whether whoever `identify` named may still be there. False after sign-out,
   * a change of password, or disabling; asked at least every five seconds, since these must take effect by then.
   */
  stillHolds(req: Request): boolean
}

/** Tries the ways in order; the first one that names somebody counts. */
export function identifyBy(ways: readonly ProofOfIdentity[]): Identity {
  return {
    identify(req) {
      for (const way of ways) {
        const user = way.user(req)
        if (user) return user
      }
      return undefined
    },
    stillHolds(req) {
      return ways.find((way) => way.user(req) !== undefined)?.stillHolds(req) ?? false
    },
  }
}
