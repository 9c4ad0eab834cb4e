import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { openUpstream, type Head, type Upstream } from '../../server/providers/upstream.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

function upstream(baseUrl: string): Upstream {
  const made = openUpstream({
    baseUrl,
    headers: { authorization: 'Bearer key' },
    code: 'openrouter_error',
    service: 'OpenRouter',
    maxBytes: 1000,
  })
  open.push(made)
  return made
}

async function ask(to: Upstream, onHead?: (head: Head) => void): Promise<string> {
  let body = ''
  await to.begin({
    method: 'POST',
    path: '/paid',
    body: '{}',
    deadlineMs: 5000,
    signal: new AbortController().signal,
    onHead(head) {
      onHead?.(head)
      return {
        push(chunk) {
          body += chunk.toString()
          return undefined
        },
      }
    },
  }).ended
  return body
}

async function listening(server: Server | ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return address.port
}

function answering(listener: RequestListener): Promise<number> {
  return listening(createHttpServer(listener))
}

describe('no connection', () => {
  const down = {
    code: 'openrouter_error',
    reason: 'unavailable',
    retryable: true,
    message: expect.stringMatching(/^Service unavailable/),
  }

  it('is tried once more, and no oftener', async () => {
    let connections = 0
    const port = await listening(
      createServer((socket) => {
        connections += 1
        socket.destroy()
      }),
    )
    // TLS with a server that hangs up: no byte of the request has left.
    await expect(ask(upstream(`https://127.0.0.1:${port}/v1`))).rejects.toMatchObject(down)
    expect(connections).toBe(2)
  })

  it('is got over when the second try succeeds', async () => {
    const port = await answering((_, response) => response.end('fine'))
    const server = open.pop()
    await server?.close()
    const to = upstream(`http://127.0.0.1:${port}`)
    const answer = ask(to)
    const again = createHttpServer((_, response) => response.end('fine'))
    await new Promise<void>((resolve) => again.listen(port, '127.0.0.1', resolve))
    open.push(again)
    expect(await answer).toBe('fine')
  })

  it('is the same for a name that does not resolve', async () => {
    await expect(ask(upstream('http://nowhere.invalid/v1'))).rejects.toMatchObject(down)
  })

  it('ends at once when the call is cancelled', async () => {
    const port = await listening(createServer())
    const stop = new AbortController()
    const reason = new Error('cancelled')
    const { ended } = upstream(`https://127.0.0.1:${port}`).begin({
      method: 'GET',
      path: '/',
      deadlineMs: 5000,
      signal: stop.signal,
      onHead: () => ({ push: () => undefined }),
    })
    stop.abort(reason)
    await expect(ended).rejects.toBe(reason)
  })
})

describe('what was sent', () => {
  it('is never sent again, whatever becomes of the answer', async () => {
    let requests = 0
    const port = await answering((request) => {
      requests += 1
      request.socket.destroy()
    })
    await expect(ask(upstream(`http://127.0.0.1:${port}`))).rejects.toMatchObject({ reason: 'unavailable' })
    expect(requests).toBe(1)
  })

  it('goes to the configured host and path only, also when the answer points elsewhere', async () => {
    const seen: unknown[] = []
    const elsewhere = await answering((request, response) => {
      seen.push(request.headers)
      response.end()
    })
    const port = await answering((request, response) => {
      seen.push(request.url)
      response.writeHead(307, { location: `http://127.0.0.1:${elsewhere}/` }).end()
    })
    let status = 0
    await ask(upstream(`http://127.0.0.1:${port}/api/v1/`), (head) => (status = head.status))
    expect(status).toBe(307)
    expect(seen).toEqual(['/api/v1/paid'])
  })
})

describe('an answer is refused', () => {
  it.each([
    ['packed', { 'content-encoding': 'gzip' }, gzipSync('fine'), /packed/],
    ['longer than allowed', {}, Buffer.alloc(1001, 'a'), /longer/],
    ['shorter than announced', { 'content-length': '100' }, Buffer.from('fine'), /cut off/],
  ])('%s', async (_, headers, body, says) => {
    const port = await answering((_request, response) => {
      response.writeHead(200, headers as Record<string, string>)
      response.write(body, () => response.destroy())
    })
    await expect(ask(upstream(`http://127.0.0.1:${port}`))).rejects.toMatchObject({
      code: 'openrouter_error',
      reason: 'bad_response',
      message: expect.stringMatching(says),
    })
  })
})

it('a reader that is slow gets one piece after the other, all of them before the end', async () => {
  const port = await answering((_, response) => {
    response.write('one ')
    setImmediate(() => response.end('two'))
  })
  const log: string[] = []
  await upstream(`http://127.0.0.1:${port}`).begin({
    method: 'GET',
    path: '/',
    deadlineMs: 5000,
    signal: new AbortController().signal,
    onHead: () => ({
      async push(chunk) {
        log.push(`begin ${chunk.toString()}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
        log.push('end')
      },
    }),
  }).ended
  expect(log).toEqual(['begin one ', 'end', 'begin two', 'end'])
})

it('a connection serves the next call too', async () => {
  const ports = new Set<number | undefined>()
  const port = await answering((request, response) => {
    ports.add(request.socket.remotePort)
    response.end('fine')
  })
  const to = upstream(`http://127.0.0.1:${port}`)
  await ask(to)
  await ask(to)
  expect(ports.size).toBe(1)
})
