import { createServer, type Server } from 'node:http'
import express from 'express'
import request from 'supertest'
import { afterEach, expect, it } from 'vitest'
import { requestId, requestIdOf } from '../../server/http/request-id.ts'
import { allowPage, securityHeaders } from '../../server/http/security-headers.ts'

let server: Server | undefined
afterEach(() => server?.close())

async function headersOf(publicUrl: string | undefined, path: string): Promise<Record<string, string>> {
  const app = express()
  let made = 0
  app.disable('x-powered-by')
  app.use(requestId(() => `request-${(made += 1)}`))
  app.use(securityHeaders({ publicUrl: publicUrl === undefined ? undefined : new URL(publicUrl) }))
  app.get('/json', (_req, res) => {
    res.json({ id: requestIdOf(res) })
  })
  app.get('/page', (_req, res) => {
    allowPage(res)
    res.send('<!doctype html>')
  })
  app.get('/picture', (_req, res) => {
    res.writeHead(200, { 'Cache-Control': 'private, no-cache' }).end()
  })
  server = createServer(app).listen(0, '127.0.0.1')
  const answer = await request(server).get(path).set('X-Request-Id', 'mine')
  if (path === '/json') expect(answer.body.id).toBe(answer.headers['x-request-id'])
  return answer.headers
}

const everywhere = {
  'x-request-id': 'request-1',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'origin-agent-cluster': '?1',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

it('JSON carries them all, and nothing that lets other sites in', async () => {
  const headers = await headersOf(undefined, '/json')
  expect(headers).toMatchObject(everywhere)
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  expect(headers['strict-transport-security']).toBeUndefined()
})

it('a page may load its own parts', async () => {
  expect(await headersOf(undefined, '/page')).toMatchObject({
    ...everywhere,
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'; worker-src 'none'; media-src 'none'; manifest-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
  })
})

it('an answer that writes its own headers keeps the others', async () => {
  expect(await headersOf(undefined, '/picture')).toMatchObject({
    ...everywhere,
    'cache-control': 'private, no-cache',
  })
})

it('https is remembered by browsers only where PUBLIC_URL is https', async () => {
  expect((await headersOf('http://pictures.example', '/json'))['strict-transport-security']).toBeUndefined()
  server?.close()
  const headers = await headersOf('https://pictures.example', '/json')
  expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
})
