import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEasel, type Easel } from '../../public/sdk/easel.ts'
import { hangUp, json, startScriptedServer, type ScriptedServer } from './scripted-server.ts'

let server: ScriptedServer
let easel: Easel

beforeEach(async () => {
  server = await startScriptedServer()
  easel = createEasel({ baseUrl: `${server.url}/`, sleep: () => Promise.resolve() })
})
afterEach(() => server.close())

interface Row {
  name: string
  call: (easel: Easel) => Promise<unknown>
  asks: string
  sends?: unknown
}

const rows: Row[] = [
  { name: 'who is here', call: (e) => e.auth.me(), asks: 'GET /api/auth/me' },
  {
    name: 'whether one may register',
    call: (e) => e.auth.registration(),
    asks: 'GET /api/auth/registration',
  },
  {
    name: 'registration',
    call: (e) => e.auth.register({ username: 'ana', password: 'a quiet harbour', invite: 'i1' }),
    asks: 'POST /api/auth/register',
    sends: { username: 'ana', password: 'a quiet harbour', invite: 'i1' },
  },
  {
    name: 'sign-in',
    call: (e) => e.auth.login({ username: 'ana', password: 'p' }),
    asks: 'POST /api/auth/login',
    sends: { username: 'ana', password: 'p' },
  },
  {
    name: 'a search',
    call: (e) => e.conversations.list({ q: 'a & b', limit: 5 }),
    asks: 'GET /api/conversations?q=a+%26+b&limit=5',
  },
  {
    name: 'a new conversation',
    call: (e) => e.conversations.create(),
    asks: 'POST /api/conversations',
    sends: {},
  },
  { name: 'a conversation', call: (e) => e.conversations.get('../x'), asks: 'GET /api/conversations/..%2Fx' },
  {
    name: 'a new title',
    call: (e) => e.conversations.patch('c1', { title: 'T' }),
    asks: 'PATCH /api/conversations/c1',
    sends: { title: 'T' },
  },
  {
    name: 'older messages',
    call: (e) => e.conversations.messages('c1', { before: 'k', limit: 20 }),
    asks: 'GET /api/conversations/c1/messages?before=k&limit=20',
  },
  {
    name: 'a fork',
    call: (e) => e.conversations.fork('c1', 'm1'),
    asks: 'POST /api/conversations/c1/fork',
    sends: { message_id: 'm1' },
  },
  {
    name: 'a correction',
    call: (e) => e.messages.patch('c1', 'm1', { text: 't' }),
    asks: 'PATCH /api/conversations/c1/messages/m1',
    sends: { text: 't' },
  },
  { name: 'a turn', call: (e) => e.turns.status('t1'), asks: 'GET /api/turns/t1' },
  { name: 'a cancel', call: (e) => e.turns.cancel('t1'), asks: 'POST /api/turns/t1/cancel', sends: {} },
  {
    name: 'the gallery',
    call: (e) => e.images.list({ starred: true }),
    asks: 'GET /api/images?starred=true',
  },
  { name: 'a recipe', call: (e) => e.images.get('i1'), asks: 'GET /api/images/i1' },
  {
    name: 'a star',
    call: (e) => e.images.patch('i1', { starred: true }),
    asks: 'PATCH /api/images/i1',
    sends: { starred: true },
  },
  { name: 'the commands', call: (e) => e.commands(), asks: 'GET /api/commands' },
  { name: 'the models', call: (e) => e.models(), asks: 'GET /api/models' },
]

describe('a call', () => {
  it.each(rows)('asks for $name', async ({ call, asks, sends }) => {
    server.answer(json(200, { got: 'it' }))
    expect(await call(easel)).toEqual({ got: 'it' })
    const [request] = server.seen
    expect(`${request?.method} ${request?.path}`).toBe(asks)
    if (sends === undefined) {
      expect(request?.body).toBe('')
      expect(request?.headers['content-type']).toBeUndefined()
    } else {
      expect(JSON.parse(request?.body ?? '')).toEqual(sends)
      expect(request?.headers['content-type']).toBe('application/json')
    }
  })

  it('takes an answer without a body', async () => {
    server.answer((response) => response.writeHead(204).end())
    expect(await easel.conversations.delete('c1')).toBeUndefined()
    expect(server.seen[0]).toMatchObject({ method: 'DELETE', path: '/api/conversations/c1' })
  })
})

describe('an error', () => {
  it('carries what the server said', async () => {
    const details = [{ field: 'title', message: 'is too long' }]
    server.answer(
      json(429, {
        status: 'error',
        code: 'rate_limited',
        message: 'Please wait 28 seconds.',
        request_id: 'r1',
        reason: 'rate_limited',
        retry_after: 28,
        details,
      }),
    )
    await expect(easel.conversations.get('c1')).rejects.toMatchObject({
      name: 'EaselError',
      status: 429,
      code: 'rate_limited',
      message: 'Please wait 28 seconds.',
      reason: 'rate_limited',
      retryAfter: 28,
      retryable: true,
      requestId: 'r1',
      details,
    })
  })

  it.each([
    ['a page of a proxy', 502, 'text/html', '<html>Bad gateway</html>'],
    ['half an answer', 200, 'application/json', '{"id":'],
    ['a body of another service', 400, 'application/json', '{"error":"nope"}'],
  ])('names %s as what it is', async (_name, status, type, body) => {
    server.answer((response) => response.writeHead(status, { 'content-type': type }).end(body))
    await expect(easel.auth.me()).rejects.toMatchObject({ name: 'EaselError', code: 'bad_answer', status })
  })

  it('says when nobody answers', async () => {
    server.answer(hangUp)
    await expect(easel.auth.me()).rejects.toMatchObject({ code: 'network', status: 0, retryable: true })
  })

  it('leaves an abort as it is', async () => {
    const leaving = new AbortController()
    server.answer(() => leaving.abort())
    await expect(easel.auth.me({ signal: leaving.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('the language', () => {
  it('goes with every call as it is then, a form too', async () => {
    let language = 'de'
    easel = createEasel({ baseUrl: server.url, language: () => language })
    server.answer(json(200, {}), json(201, {}), json(200, []))
    await easel.conversations.patch('c1', { title: 'T' })
    await easel.upload(new Blob(['png bytes']))
    language = 'en'
    await easel.commands()
    expect(server.seen.map((request) => request.headers['accept-language'])).toEqual(['de', 'de', 'en'])
    expect(server.seen[0]?.headers['content-type']).toBe('application/json')
  })

  it('is nobody’s choice where none was told', async () => {
    server.answer(json(200, []))
    await easel.commands()
    expect(server.seen[0]?.headers['accept-language']).not.toMatch(/de|en/)
  })
})

describe('the dialog', () => {
  const answer = {
    status: 'success',
    images: ['data:image/png;base64,AA=='],
    text: '',
    model: 'm',
    refined_prompt: 'p',
  }

  it('asks again under the same key when the answer was lost', async () => {
    server.answer(hangUp, hangUp, json(200, answer))
    expect(await easel.generateImage({ prompt: 'a fox' })).toEqual(answer)
    expect(server.seen).toHaveLength(3)
    expect(new Set(server.seen.map((request) => request.headers['idempotency-key'])).size).toBe(1)
  })

  it('does not ask again after an answer, whatever it was', async () => {
    server.answer(json(504, { status: 'error', code: 'timeout', message: 'timeout', request_id: 'r' }))
    await expect(easel.generateImage({ prompt: 'a fox' })).rejects.toMatchObject({ code: 'timeout' })
    expect(server.seen).toHaveLength(1)
  })
})

describe('an upload', () => {
  it('goes as a form with the file and its name', async () => {
    const upload = { id: 'u1', url: '/api/images/u1/file', width: 1, height: 1 }
    server.answer(json(201, upload))
    expect(await easel.upload(new Blob(['png bytes'], { type: 'image/png' }), { name: 'fox.png' })).toEqual(
      upload,
    )
    const [request] = server.seen
    expect(request?.path).toBe('/api/uploads')
    expect(request?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(request?.body).toContain('filename="fox.png"')
    expect(request?.body).toContain('png bytes')
  })

  it('fails as every other call does', async () => {
    server.answer(
      json(415, { status: 'error', code: 'unsupported_media_type', message: 'No.', request_id: 'r' }),
    )
    await expect(easel.upload(new Blob(['x']))).rejects.toMatchObject({
      code: 'unsupported_media_type',
      status: 415,
    })
    server.answer(hangUp)
    await expect(easel.upload(new Blob(['x']))).rejects.toMatchObject({ code: 'network' })
  })
})
