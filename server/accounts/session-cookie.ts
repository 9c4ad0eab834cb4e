import type { CookieOptions } from 'express'
import { absoluteLifetimeMs } from './session-store.ts'

/** The cookie that carries a session: its name, how it is set, and how it is taken away again. */
export interface SessionCookie {
  name: string
  /** Users come by https, as the operator's PUBLIC_URL says, whatever the last hop to this process is. */
  https: boolean
  /** For express-session; milliseconds. */
  set: { path: '/'; httpOnly: true; sameSite: 'lax'; secure: boolean | 'auto'; maxAge: number }
  /** For `res.clearCookie`. */
  clear: CookieOptions
}

/**
 * Behind a public https address the name's prefix makes browsers refuse the cookie unless it is Secure, for the
 * whole host and set by this very host. Otherwise it is plain, and Secure where the request itself came by TLS.
 * It lives as long as a session can at most; that idle sessions end earlier is the store's business, so the
 * cookie never needs to be sent again.
 */
export function sessionCookie(publicUrl: URL | undefined): SessionCookie {
  const https = publicUrl?.protocol === 'https:'
  const shape = { path: '/', httpOnly: true, sameSite: 'lax' } as const
  return {
    name: https ? '__Host-sid' : 'sid',
    https,
    set: { ...shape, secure: https ? true : 'auto', maxAge: absoluteLifetimeMs },
    clear: { ...shape, secure: https },
  }
}
