import type { RequestHandler, Response } from 'express'
import type { Config } from '../config.ts'

const pageDirectives = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "worker-src 'none'",
  "media-src 'none'",
  "manifest-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
]
const pagePolicy = pageDirectives.join('; ')

/** What every answer carries, with what it means for JSON. */
export const headersOfAll = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['X-Frame-Options', 'DENY'],
  ['Origin-Agent-Cluster', '?1'],
  ['Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()'],
  ['Cache-Control', 'no-store'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
] as const

const overHttps = ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains'] as const

/**
 * Sets what every answer carries, in the strict form that suits JSON; answers of another kind (pages, pictures,
 * hashed assets) set the headers that differ again. Strict-Transport-Security goes out only where PUBLIC_URL is https.
 */
export function securityHeaders(config: Pick<Config, 'publicUrl'>): RequestHandler {
  const headers = Object.freeze(
    config.publicUrl?.protocol === 'https:' ? [...headersOfAll, overHttps] : [...headersOfAll],
  )
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value)
    next()
  }
}

/** Lets an HTML page load its own scripts, styles, pictures and fonts, and nothing else. */
export function allowPage(res: Response): void {
  res.setHeader('Content-Security-Policy', pagePolicy)
}

/** The reader sets HTML strings, made of this server's own document and sanitised; it knows no Trusted Types. */
const docsPolicy = pageDirectives.filter((directive) => !directive.includes('trusted-types')).join('; ')

/** The page's policy for the reader of the API document, less what that cannot keep. */
export function allowDocsPage(res: Response): void {
  res.setHeader('Content-Security-Policy', docsPolicy)
}
