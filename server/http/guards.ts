import type { IncomingHttpHeaders } from 'node:http'
import { isIPv6 } from 'node:net'
import type { Request, RequestHandler } from 'express'
import type { Config } from '../config.ts'
import { Problem } from '../errors.ts'
import type { BodyKind } from './route.ts'

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']
/** Listening on these means listening everywhere; they are nobody's name. */
const wildcards = new Set(['', '0.0.0.0', '::', '[::]'])

/**
 * Refuses requests for a host that is not ours (DNS rebinding): loopback names and the listening address with any
 * port, PUBLIC_URL's host, and ALLOWED_HOSTS (with any port where an entry names none).
 * Goes on to the error handler with Problem `unknown_host`.
 */
export function hostGuard(config: Pick<Config, 'host' | 'publicUrl' | 'allowedHosts'>): RequestHandler {
  const isOurs = hostCheck(config)
  let lastGood: string | undefined
  return (req, _res, next) => {
    const host = req.headers.host
    if (host !== undefined && (host === lastGood || isOurs(host))) {
      lastGood = host
      next()
      return
    }
    next(
      new Problem(
        'unknown_host',
        'This server does not answer under that host name. Open it under its own address, or have its operator add the name to ALLOWED_HOSTS.',
      ),
    )
  }
}

function hostCheck(config: Pick<Config, 'host' | 'publicUrl' | 'allowedHosts'>): (host: string) => boolean {
  const withAnyPort = new Set(loopbackNames)
  const exact = new Set<string>()
  if (!wildcards.has(config.host)) withAnyPort.add(bracketed(config.host.toLowerCase()))
  for (const entry of config.allowedHosts) {
    const host = bracketed(entry.toLowerCase())
    if (nameOf(host) === host) withAnyPort.add(host)
    else exact.add(host)
  }
  if (config.publicUrl) {
    exact.add(config.publicUrl.host)
    // A client may also write out the port that the scheme implies.
    if (config.publicUrl.port === '') {
      exact.add(`${config.publicUrl.host}:${config.publicUrl.protocol === 'https:' ? 443 : 80}`)
    }
  }
  return (host) => {
    const lower = host.toLowerCase()
    const name = nameOf(lower)
    return exact.has(lower) || (name !== undefined && withAnyPort.has(name))
  }
}

/** A Host header's name without its port (RFC 9110, section 7.2); undefined when it is not of that form. */
function nameOf(host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/.exec(host)?.[1]
}

function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}

/**
 * Refuses changing requests that another site made a browser send, and those with a cookie whose body a plain form
 * could have sent. Programs that bring a key and no cookie are exempt. GET, HEAD and OPTIONS pass: they change nothing.
 * Goes on to the error handler with Problem `forbidden_origin` or `unsupported_media_type`.
 */
export function originGuard(config: Pick<Config, 'publicUrl'>): RequestHandler {
  const publicOrigin = config.publicUrl?.origin
  return (req, _res, next) => {
    next(faultOf(req, publicOrigin))
  }
}

function faultOf(req: Request, publicOrigin: string | undefined): Problem | undefined {
  if (req.method === 'GET' || req.method === 'HEAD' || req.method === 'OPTIONS') return undefined
  const { headers } = req
  const withCookie = headers.cookie !== undefined
  if (!withCookie && /^bearer /i.test(headers.authorization ?? '')) return undefined
  if (!comesFromUs(req, publicOrigin)) {
    return new Problem(
      'forbidden_origin',
      'This request came from another site and was refused. Use Easel from its own page.',
    )
  }
  if (withCookie && hasBody(headers)) {
    const type = mediaType(headers)
    if (type !== 'application/json' && type !== 'multipart/form-data') {
      return wrongType('application/json or multipart/form-data')
    }
  }
  return undefined
}

/** By Sec-Fetch-Site, else by Origin; browsers send at least one of them with every such request, programs neither. */
function comesFromUs(req: Request, publicOrigin: string | undefined): boolean {
  const site = req.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = req.headers.origin
  if (origin === undefined) return true
  return origin === publicOrigin || origin === `${req.protocol}://${req.headers.host}`
}

/**
 * Checks a body's type against what its route takes; a request without a body passes, for the schema to judge.
 * @throws Problem `unsupported_media_type`
 */
export function requireContentType(headers: IncomingHttpHeaders, kind: BodyKind): void {
  if (kind === 'none' || !hasBody(headers)) return
  const wanted = kind === 'multipart' ? 'multipart/form-data' : 'application/json'
  if (mediaType(headers) !== wanted) throw wrongType(wanted)
}

function wrongType(wanted: string): Problem {
  return new Problem('unsupported_media_type', `Send the body as ${wanted}, named in Content-Type.`)
}

/** RFC 9112, section 6.3: a request has a body only when one of these says so. */
function hasBody(headers: IncomingHttpHeaders): boolean {
  if (headers['transfer-encoding'] !== undefined) return true
  const length = headers['content-length']
  return length !== undefined && length !== '0'
}

function mediaType(headers: IncomingHttpHeaders): string | undefined {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
}
