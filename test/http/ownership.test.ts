import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../../server/http/route.ts'
import type { Answer, Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { formBody } from '../support/form-body.ts'
import { quietBackground } from '../support/quiet-background.ts'
import { samplePng } from '../support/sample-pictures.ts'
import { attempts, type Attempt, type Things } from './ownership-attempts.ts'

/** What must never be read by anybody but Anna. */
const secrets = ['Zirbelgruft', 'Quarzlaterne', 'Nebelkrähe', 'Moorbirke', 'Taubenblau']

let easel: Easel
let admin: Client
let anna: Client
let disabled: Client
const thingsOf = new Map<Client, Things>()

beforeAll(async () => {
  easel = await startEasel()
  admin = await easel.user('root')
  anna = await easel.user('anna')
  disabled = await easel.user('dora')
  for (const person of [admin, anna, disabled]) thingsOf.set(person, await settle(person))
  const db = new Database(path.join(easel.storageDir, 'easel.sqlite'))
  db.prepare('update users set disabled_at = ? where id = ?').run(Date.now(), disabled.user.id)
  db.close()
})
afterAll(() => easel.close())

/** A conversation with a picture, an upload and notes; Anna's are full of her words. */
async function settle(person: Client): Promise<Things> {
  const [title, said, prompt, note, alt] = person === anna ? secrets : ['walk', 'hello', 'fox', 'milk', 'red']
  const conversation = await person.conversation(title)
  await person.patch(`/api/conversations/${conversation}`, { memory_pad: note })
  const picture = await samplePng({ width: 40, height: 30, seed: person.user.id })
  const upload = await person.ask('POST', '/api/uploads', formBody(picture))
  const headers = { accept: 'application/json', 'idempotency-key': `key-${conversation}` }
  const body = { messageText: `My ${said} stands here.` }
  const chat = await person.post(`/send_message/${conversation}`, body, headers)
  const painted = await person.say(conversation, `/image a ${prompt} --raw`)
  const [image] = painted.body.generated_images
  if (!image || chat.status !== 200) throw new Error(`nothing was painted: ${painted.text}`)
  await person.patch(`/api/images/${image.id}`, { alt })
  await quietBackground(easel.storageDir)
  return {
    conversation,
    message: chat.body.parent_id,
    answer: chat.body.id,
    turn: chat.body.turn_id,
    image: image.id,
    filename: image.filename,
    upload: upload.body.id,
    word: said ?? '',
  }
}

/** Ids of the same form that nobody has. */
const nobodys: Things = {
  conversation: '01900000-0000-7000-8000-000000000001',
  message: '01900000-0000-7000-8000-000000000002',
  answer: '01900000-0000-7000-8000-000000000003',
  turn: '01900000-0000-7000-8000-000000000004',
  image: '01900000-0000-7000-8000-000000000005',
  filename: 'img_0123456789abcdef.png',
  upload: '01900000-0000-7000-8000-000000000006',
  word: 'Unwort',
}

function things(person: Client): Things {
  const found = thingsOf.get(person)
  if (!found) throw new Error('this person has nothing')
  return found
}

const keyOf = (route: Pick<Route, 'method' | 'path'>) => `${route.method} ${route.path}`

function attemptsOn(route: Route, theirs: Things, mine: Things): Attempt[] {
  return attempts[keyOf(route)]?.(theirs, mine) ?? []
}

type Method = Parameters<Client['ask']>[0]

function make(
  person: Client,
  method: string,
  { path: address, body, headers = {} }: Attempt,
): Promise<Answer> {
  // The table's methods are among the client's.
  return person.ask(method.toUpperCase() as Method, address, {
    headers,
    ...(body === undefined ? {} : { body }),
  })
}

/** All of an answer but what differs each time. */
function comparable({ status, headers, text }: Answer) {
  const { 'x-request-id': id, date: _date, ...rest } = headers
  return { status, headers: rest, text: text.replaceAll(String(id), 'THE REQUEST ID') }
}

function expectNoSecret(answer: Answer): void {
  const { image, filename, upload, conversation } = things(anna)
  const said = answer.text + JSON.stringify(answer.headers)
  for (const word of [...secrets, image, filename, upload, conversation]) expect(said).not.toContain(word)
}

/** Everything of Anna's as she sees it, and every file on the disk. */
async function annasState(): Promise<unknown> {
  const { conversation, image, turn } = things(anna)
  const answers = await Promise.all(
    [
      '/api/conversations',
      `/api/conversations/${conversation}`,
      `/api/conversations/${conversation}/messages?limit=200`,
      '/api/images',
      `/api/images/${image}`,
      `/api/turns/${turn}`,
    ].map((address) => anna.get(address)),
  )
  const files = readdirSync(easel.storageDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/sqlite|lock|owner/.test(path.join(entry.parentPath, entry.name)))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => `${path.relative(easel.storageDir, file)} ${hash('sha256', readFileSync(file))}`)
  return { answers: answers.map(({ status, body }) => ({ status, body })), files: files.toSorted() }
}

/** What was ever asked for or paid for. */
function spent() {
  const db = new Database(path.join(easel.storageDir, 'easel.sqlite'), { readonly: true })
  const count = (table: string) => db.prepare(`select count(*) as rows from ${table}`).get()
  const counts = ['turns', 'messages', 'images', 'conversations'].map(count)
  const generations = db.prepare('select id, kind, state from generations').all()
  db.close()
  return { counts, generations, asked: easel.asked().length }
}

it('knows how every route of the table can be asked for what is not one’s own', () => {
  const routes = easel.app.routes.map(keyOf)
  const missing = routes.filter((key) => !(key in attempts))
  expect(missing, 'routes without a line in test/http/ownership-attempts.ts').toEqual([])
  const gone = Object.keys(attempts).filter((key) => !routes.includes(key))
  expect(gone, 'lines in test/http/ownership-attempts.ts without a route').toEqual([])
})

it('asks for somebody else’s thing in every place of an address that takes one', () => {
  for (const route of easel.app.routes.filter((one) => one.path.includes('/:'))) {
    const asked = attemptsOn(route, things(anna), things(admin)).map((attempt) => attempt.path.split('?')[0])
    const pattern = new RegExp(`^${route.path.replace(/:\w+/g, '([^/]+)')}$`)
    const places = (route.path.match(/:\w+/g) ?? []).map((_, place) =>
      asked.map((address) => pattern.exec(address ?? '')?.[place + 1]),
    )
    const annas: (string | undefined)[] = Object.values(things(anna))
    for (const [place, values] of places.entries()) {
      expect(
        values.some((value) => annas.includes(value)),
        `${keyOf(route)}, place ${place + 1}`,
      ).toBe(true)
    }
  }
})

it('asks for somebody else’s thing in every field of a body or a query that takes an id', async () => {
  const published = (await easel.nobody().get('/api/openapi.json')).body
  for (const route of easel.app.routes) {
    const operation = published.paths[route.path.replace(/:(\w+)/g, '{$1}')][route.method]
    const inQuery = (operation.parameters ?? []).filter((one: { in: string }) => one.in === 'query')
    const body = operation.requestBody?.content['application/json']?.schema
    const fields = new Set<string>()
    collectIdFields(body, '', fields)
    for (const one of inQuery) collectIdFields(one.schema, one.name, fields)
    const asked = attemptsOn(route, things(anna), things(admin))
    const annas = Object.values(things(anna))
    for (const field of fields) {
      const found = asked.some(
        (attempt) =>
          annas.some((id) => attempt.path.includes(`${field}=${id}`)) ||
          valuesOf(attempt.body, field).some((value) => annas.includes(value)),
      )
      expect(found, `${keyOf(route)}: ${field} is never given a stranger's id`).toBe(true)
    }
  }

  /** The names of the fields whose values are ids, found by the contract's own schema of an id. */
  function collectIdFields(schema: unknown, name: string, found: Set<string>): void {
    if (typeof schema !== 'object' || schema === null) return
    for (const [key, value] of Object.entries(schema)) {
      if (key === '$ref' && value === '#/components/schemas/Id') found.add(name)
      else if (key === '$ref')
        collectIdFields(published.components.schemas[value.split('/').at(-1)], name, found)
      else if (key === 'properties')
        for (const [field, inner] of Object.entries(value)) collectIdFields(inner, field, found)
      else collectIdFields(value, name, found)
    }
  }
})

/** All strings at or under a field of this name, however deep. */
function valuesOf(body: unknown, field: string): string[] {
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body).flatMap(([key, value]) =>
    key === field ? [value].flat().filter((one) => typeof one === 'string') : valuesOf(value, field),
  )
}

describe('nobody', () => {
  it('gets 401 from every route that is not public, and never a word of anybody’s', async () => {
    const before = [await annasState(), spent()]
    for (const route of easel.app.routes) {
      for (const attempt of [{ path: route.path }, ...attemptsOn(route, things(anna), nobodys)]) {
        const answer = await make(easel.nobody(), route.method, attempt)
        expectNoSecret(answer)
        if (route.access === 'public') continue
        expect([keyOf(route), attempt.path, answer.status, answer.body?.code]).toEqual([
          keyOf(route),
          attempt.path,
          401,
          'unauthenticated',
        ])
      }
    }
    expect([await annasState(), spent()]).toEqual(before)
  })
})

describe('a disabled user', () => {
  it('gets 401 from every route that is not public, also for what was the own', async () => {
    const before = [await annasState(), spent()]
    const cookie = disabled.cookie
    for (const route of easel.app.routes.filter(({ access }) => access !== 'public')) {
      const own = attemptsOn(route, things(disabled), things(disabled))
      for (const attempt of [
        { path: route.path },
        ...own,
        ...attemptsOn(route, things(anna), things(disabled)),
      ]) {
        disabled.cookie = cookie
        const answer = await make(disabled, route.method, attempt)
        expect([keyOf(route), attempt.path, answer.status, answer.body?.code]).toEqual([
          keyOf(route),
          attempt.path,
          401,
          'unauthenticated',
        ])
      }
    }
    expect([await annasState(), spent()]).toEqual(before)
  })
})

describe('a plain user', () => {
  it('gets 403 from every route for administrators', async () => {
    const forAdmins = easel.app.routes.filter(({ access }) => access === 'admin')
    expect(forAdmins.length).toBeGreaterThan(0)
    for (const route of forAdmins) {
      const answer = await make(anna, route.method, { path: route.path, body: {} })
      expect([keyOf(route), answer.status, answer.body?.code]).toEqual([keyOf(route), 403, 'forbidden'])
    }
  })
})

describe.each([
  ['another user', async () => easel.user('ben')],
  ['an administrator', async () => admin],
])('%s', (_who, find) => {
  let stranger: Client
  beforeAll(async () => {
    stranger = await find()
    if (!thingsOf.has(stranger)) thingsOf.set(stranger, await settle(stranger))
  })

  it('cannot tell Anna’s things from things that never were, and changes nothing', async () => {
    const before = [await annasState(), spent()]
    const mine = things(stranger)
    for (const route of easel.app.routes) {
      const unknown = attemptsOn(route, nobodys, mine)
      for (const [index, attempt] of attemptsOn(route, things(anna), mine).entries()) {
        const name = `${keyOf(route)}: ${attempt.path} ${JSON.stringify(attempt.body) ?? ''}`
        for (const accept of ['text/event-stream', 'application/json']) {
          const headers = { ...attempt.headers, accept }
          const answer = await make(stranger, route.method, { ...attempt, headers })
          expectNoSecret(answer)
          expect([name, answer.status]).toEqual([name, attempt.status ?? 404])
          const never = unknown[index]
          if (!never) throw new Error(`${name} has no counterpart`)
          const other = await make(stranger, route.method, { ...never, headers })
          expect(comparable(answer), name).toEqual(comparable(other))
        }
      }
    }
    expect([await annasState(), spent()]).toEqual(before)
  })

  it('learns nothing by HEAD, by conditions or by ranges either', async () => {
    const mine = things(stranger)
    const { sha256 } = (await anna.get(`/api/images/${things(anna).image}`)).body
    for (const route of easel.app.routes.filter(({ method }) => method === 'get')) {
      for (const attempt of attemptsOn(route, things(anna), mine)) {
        // A list is there for everybody; the test before this one compares what it holds.
        if (attempt.status === 200) continue
        const status = attempt.status ?? 404
        const asked = await Promise.all([
          make(stranger, 'head', attempt),
          make(stranger, 'get', { ...attempt, headers: { 'if-none-match': `"${sha256}"` } }),
          make(stranger, 'get', { ...attempt, headers: { 'if-none-match': '*' } }),
          make(stranger, 'get', { ...attempt, headers: { range: 'bytes=0-10' } }),
        ])
        expect([attempt.path, ...asked.map((answer) => answer.status)]).toEqual([
          attempt.path,
          status,
          status,
          status,
          status,
        ])
        for (const answer of asked) expectNoSecret(answer)
      }
    }
  })

  it('paints their own picture under a key that Anna used, and gets nothing of hers', async () => {
    const body = { prompt: `a ${secrets[2]} of my own`, better_context: false }
    const headers = { 'idempotency-key': `shared-${stranger.user.id}` }
    const hers = await anna.post('/api/generate-image', body, headers)
    const theirs = await stranger.post('/api/generate-image', { ...body, prompt: 'a fox' }, headers)
    expect([hers.status, theirs.status]).toEqual([200, 200])
    expect(theirs.body.images).not.toEqual(hers.body.images)
  })
})

it('shows Anna all of it, so that the strangers’ 404 means something', async () => {
  const mine = things(anna)
  for (const route of easel.app.routes.filter(({ method }) => method === 'get')) {
    // The first attempt names nothing but things of the asker's own.
    const [attempt] = attemptsOn(route, mine, mine)
    if (!attempt || route.access === 'public') continue
    const answer = await make(anna, 'get', attempt)
    expect([attempt.path, answer.status]).toEqual([attempt.path, 200])
  }
})
