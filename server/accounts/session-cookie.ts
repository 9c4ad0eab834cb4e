import { createHmac, timingSafeEqual } from 'node:crypto'
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

/** So many checked cookies are remembered. */
const mostRemembered = 1000

/**
 * Reads the session id from a `Cookie` header, where its signature is ours; in the form that express-session
 * writes: `s:<id>.<HMAC-SHA256 of the id, base64 without padding>`, percent-encoded. What was found good is
 * remembered: a browser sends the same with each request, and checking it costs what asking the database does.
 */
export function sessionIdReader(name: string, secret: string): (header: string) => string | undefined {
  const good = new Map<string, string>()
  return (header) => {
    const value = cookieValue(header, name)
    if (value === undefined) return undefined
    const known = good.get(value)
    if (known !== undefined) return known
    const id = signedId(value, secret)
    if (id === undefined) return undefined
    if (good.size >= mostRemembered) good.clear()
    good.set(value, id)
    return id
  }
}

function signedId(encoded: string, secret: string): string | undefined {
  const value = decoded(encoded)
  if (value === undefined || !value.startsWith('s:')) return undefined
  const dot = value.lastIndexOf('.')
  const id = value.slice(2, dot)
  const ours = Buffer.from(createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, ''))
  const theirs = Buffer.from(value.slice(dot + 1))
  return ours.length === theirs.length && timingSafeEqual(ours, theirs) ? id : undefined
}

function cookieValue(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim()
  }
  return undefined
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    // Badly encoded: nothing that we wrote.
    return undefined
  }
}
