import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../../server/http/route.ts'
import type { Answer, Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { quietBackground } from '../support/quiet-background.ts'
import { requestLine } from '../support/request-line.ts'

let easel: Easel
let anna: Client
const ids: Record<string, string> = {}

beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
  const conversation = await anna.conversation('Skagen')
  const said = await anna.say(conversation, 'hello there')
  const painted = await anna.say(conversation, '/image a fox --raw')
  const [image] = painted.body.generated_images
  Object.assign(ids, {
    conv_id: conversation,
    message_id: said.body.parent_id,
    turn_id: said.body.turn_id,
    id: image?.id,
    filename: image?.filename,
    file: 'start.js',
  })
  await quietBackground(easel.storageDir)
})
afterAll(() => easel.close())

const nameOf = (route: Route) => `${route.method.toUpperCase()} ${route.path}`

/** The address of a route with Anna's own ids in it. */
function address({ path }: Pick<Route, 'path'>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? '')
}

/** Nothing may come of a refused request: no message, no turn, no call, no change. */
async function expectNothingCameOf(requests: () => Promise<void>): Promise<void> {
  const before = await state()
  await requests()
  expect(await state()).toEqual(before)
}

async function state(): Promise<unknown> {
  const conversation = (await anna.get(`/api/conversations/${ids['conv_id']}`)).body
  const conversations = (await anna.get('/api/conversations')).body.items.length
  return { conversation: { ...conversation, summary: '' }, conversations, asked: easel.asked().length }
}

function expectProblem(name: string, answer: Answer, status: number, code: string): void {
  expect([name, answer.status, answer.body?.code]).toEqual([name, status, code])
  expect(answer.body).toMatchObject({ status: 'error', request_id: answer.headers['x-request-id'] })
  expect(answer.body.message).toMatch(/^\S.*[.!?]$/s)
  expect(answer.text).not.toMatch(/node_modules|\.ts:|at Object|SQLITE|ZodError/)
}

const matches = (route: Route, path: string) =>
  new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(path)
const withBody = () => easel.app.routes.filter((route) => route.bodyKind.endsWith('json'))
const method = (route: Route) => route.method.toUpperCase() as Parameters<Client['ask']>[0]

describe('a body', () => {
  it.each([
    ['text that is no JSON', '{"title": "half'],
    ['a bare number', '5'],
    ['a bare string', '"x"'],
    ['null', 'null'],
    ['true', 'true'],
    ['a list', '[]'],
    ['a list of objects', '[{"title":"x"}]'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['twenty thousand opening brackets', '['.repeat(20_000)],
  ])('of %s is refused by every route that takes one', (_what, body) =>
    expectNothingCameOf(async () => {
      for (const route of withBody()) {
        const answer = await anna.ask(method(route), address(route), { body })
        expectProblem(nameOf(route), answer, 400, 'invalid_request')
      }
    }),
  )

  it('with an unknown field is refused, and the field is named', () =>
    expectNothingCameOf(async () => {
      for (const route of withBody()) {
        for (const field of ['no_such_field', 'user_id', 'role', '__proto__', 'constructor']) {
          const answer = await anna.ask(method(route), address(route), { body: `{"${field}": {"x": 1}}` })
          const name = `${nameOf(route)} with ${field}`
          expectProblem(name, answer, 400, 'invalid_request')
          expect(JSON.stringify(answer.body.details), name).toContain(field)
        }
      }
    }))

  it('that is missing is refused where something in it is needed', () =>
    expectNothingCameOf(async () => {
      const needing = withBody().filter((route) => !route.body?.safeParse({}).success)
      expect(needing.length).toBeGreaterThan(5)
      for (const route of needing) {
        for (const body of [undefined, '', '{}']) {
          const answer = await anna.ask(method(route), address(route), body === undefined ? {} : { body })
          expectProblem(`${nameOf(route)} ${body}`, answer, 400, 'invalid_request')
          expect(answer.body.details[0].field).toMatch(/\w/)
        }
      }
    }))

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'multipart/form-data; boundary=x',
    '',
  ])('of the type "%s" is refused', (type) =>
    expectNothingCameOf(async () => {
      for (const route of withBody()) {
        const headers = { 'content-type': type }
        const answer = await anna.ask(method(route), address(route), { body: '{"messageText":"x"}', headers })
        expectProblem(nameOf(route), answer, 415, 'unsupported_media_type')
      }
    }),
  )

  it.each([
    ['an unknown charset', { 'content-type': 'application/json; charset=iso-8859-1' }],
    ['an unknown encoding', { 'content-encoding': 'squeezed' }],
  ])('in %s is refused', (_what, headers) =>
    expectNothingCameOf(async () => {
      for (const route of withBody()) {
        const answer = await anna.ask(method(route), address(route), { body: '{"messageText":"x"}', headers })
        expectProblem(nameOf(route), answer, 415, 'unsupported_media_type')
      }
    }),
  )

  it('beyond the limit is refused', () =>
    expectNothingCameOf(async () => {
      const body = JSON.stringify({ messageText: 'x'.repeat(256 * 1024) })
      for (const route of withBody().filter(({ bodyKind }) => bodyKind === 'json')) {
        expectProblem(
          nameOf(route),
          await anna.ask(method(route), address(route), { body }),
          413,
          'payload_too_large',
        )
      }
      const large = Buffer.alloc(40 * 1024 * 1024 + 1, ' ')
      for (const route of withBody().filter(({ bodyKind }) => bodyKind === 'large-json')) {
        const answer = await anna.ask(method(route), address(route), { body: large })
        expectProblem(nameOf(route), answer, 413, 'payload_too_large')
      }
    }))

  it('of a form is refused by routes that take a form when it is JSON', async () => {
    const forms = easel.app.routes.filter(({ bodyKind }) => bodyKind === 'multipart')
    expect(forms.length).toBeGreaterThan(0)
    for (const route of forms) {
      const answer = await anna.ask(method(route), address(route), { body: {} })
      expectProblem(nameOf(route), answer, 415, 'unsupported_media_type')
    }
  })
})

describe('a query', () => {
  it.each([
    'limit=0',
    'limit=201',
    'limit=-1',
    'limit=1.5',
    'limit=ten',
    'limit=1&limit=2',
    'limit=1e400',
    'no_such=1',
  ])('of %s is refused by every list', async (query) => {
    for (const path of [
      '/api/conversations',
      `/api/conversations/${ids['conv_id']}/messages`,
      '/api/images',
    ]) {
      expectProblem(path, await anna.get(`${path}?${query}`), 400, 'invalid_request')
    }
  })

  it.each([
    'x',
    '!!!',
    'AAAA',
    'MTIz',
    '%00',
    'a'.repeat(201),
    Buffer.from('zzzzzzzzzzz.0123456789abcdef').toString('base64url'),
  ])('with the cursor %s, which no list gave out, is refused', async (cursor) => {
    for (const path of ['/api/conversations', '/api/images']) {
      expectProblem(path, await anna.get(`${path}?cursor=${cursor}`), 400, 'invalid_request')
    }
    const messages = `/api/conversations/${ids['conv_id']}/messages`
    for (const name of ['before', 'cursor']) {
      expectProblem(name, await anna.get(`${messages}?${name}=${cursor}`), 400, 'invalid_request')
    }
  })

  it.each(['source=elsewhere', 'starred=maybe', 'conversation_id=x', 'archived=yes', 'q[]=x'])(
    'of %s is refused where it means nothing',
    async (query) => {
      const path = query.startsWith('archived') ? '/api/conversations' : '/api/images'
      expectProblem(query, await anna.get(`${path}?${query}`), 400, 'invalid_request')
    },
  )

  it.each([
    '',
    '%',
    '"',
    'a"b',
    '*',
    'NEAR(a b)',
    'a AND',
    '-',
    "'",
    '\\',
    '_',
    'ß',
    '🦊',
    '%00',
    'a '.repeat(90),
  ])('may search for %j', async (words) => {
    for (const path of ['/api/conversations', '/api/images']) {
      const answer = await anna.get(`${path}?q=${encodeURIComponent(words)}`)
      expect([path, answer.status]).toEqual([path, 200])
    }
  })
})

describe('an address', () => {
  const odd = [
    '%00',
    'a%2fb',
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    '%ff',
    '%zz',
    '%',
    'x'.repeat(3000),
    '%F0%9F%A6%8A',
    'null',
    '0',
    "'--",
  ]

  it.each(odd)('with %s for an id is nobody’s', (id) =>
    expectNothingCameOf(async () => {
      for (const route of easel.app.routes.filter(({ path }) => path.includes('/:'))) {
        const address = route.path.replace(/:\w+/g, id)
        const answer = await requestLine(easel.url, route.method, address, anna)
        const name = `${nameOf(route)} ${answer.text}`
        expect([name, [400, 404].includes(answer.status)]).toEqual([name, true])
        expect(answer.body).toMatchObject({ status: 'error' })
      }
    }),
  )

  it('that does not exist is told so, whatever the method', async () => {
    for (const verb of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      for (const path of [
        '/api',
        '/api/',
        '/api/nothing',
        '/send_message',
        '/nothing/at/all',
        '/.env',
        '/storage',
      ]) {
        expectProblem(`${verb} ${path}`, await anna.ask(verb, path), 404, 'not_found')
      }
    }
  })

  it('asked by a method that it does not take names those that it takes', async () => {
    const all = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
    for (const path of new Set(easel.app.routes.map((route) => route.path))) {
      // `/api/conversations/import` is an address of `/api/conversations/:conv_id`, too.
      if (easel.app.routes.some((other) => other.path !== path && matches(other, path))) continue
      const taken = easel.app.routes.filter((route) => route.path === path).map(method)
      for (const verb of all.filter((one) => !taken.includes(one))) {
        const answer = await anna.ask(verb, address({ path }))
        expectProblem(`${verb} ${path}`, answer, 405, 'method_not_allowed')
        for (const one of taken) expect(answer.headers['allow']).toContain(one)
      }
      const options = await anna.ask('OPTIONS', address({ path }))
      const reading = taken.includes('GET') ? ['HEAD'] : []
      expect([path, options.status, options.headers['allow']]).toEqual([
        path,
        204,
        [...taken, ...reading, 'OPTIONS'].join(', '),
      ])
    }
  })

  it('asked by HEAD answers as by GET, without the body', async () => {
    for (const route of easel.app.routes.filter((one) => one.method === 'get')) {
      const head = await anna.ask('HEAD', address(route))
      const get = await anna.get(address(route))
      expect([nameOf(route), head.status, head.text]).toEqual([nameOf(route), get.status, ''])
      expect(head.headers['content-type'], nameOf(route)).toBe(get.headers['content-type'])
    }
  })
})

describe('a message', () => {
  const send = (body: unknown) =>
    anna.post(`/send_message/${ids['conv_id']}`, body, { accept: 'application/json' })

  it.each<[string, unknown, RegExp]>([
    ['a misspelt command', { messageText: '/imgae a fox' }, /\/image/],
    ['an unknown command', { messageText: '/xylophone' }, /\/help/],
    ['a misspelt option', { messageText: '/image a fox --aspekt 16:9' }, /--aspect/],
    ['an unknown aspect', { messageText: '/image a fox --aspect 5:1' }, /1:1.*16:9/],
    ['too many pictures', { messageText: '/image a fox --n 5' }, /1 to 4/],
    ['half a picture', { messageText: '/image a fox --n 1.5' }, /1 to 4/],
    ['an option without its value', { messageText: '/image a fox --model' }, /--model needs a value/],
    ['a model that paints nothing', { messageText: '/image a fox --model no-such-model' }, /no-such-model/],
    ['an unknown chat model', { messageText: 'hi', model: 'no-such-model' }, /no-such-model/],
    ['an unknown model for /model', { messageText: '/model no-such-model' }, /no-such-model/],
    ['a text of the wrong type', { messageText: 5 }, /messageText/],
    ['a text beyond 32,000 characters', { messageText: 'x'.repeat(32_001) }, /32,?000/],
    ['a prompt beyond 8,000 characters', { messageText: `/image ${'x'.repeat(8001)}` }, /8,?000/],
    ['a title beyond 200 characters', { messageText: `/title ${'x'.repeat(201)}` }, /200/],
    ['options of the wrong kind', { messageText: 'x', image_options: { n: '2' } }, /image_options\.n/],
    ['too many pictures in the options', { messageText: 'x', image_options: { n: 5 } }, /image_options\.n/],
    [
      'an unknown aspect in the options',
      { messageText: 'x', image_options: { aspect_ratio: '5:1' } },
      /16:9/,
    ],
    [
      'an unknown model in the options',
      { messageText: '/image x', image_options: { model: 'none' } },
      /none/,
    ],
    ['words after /retry', { messageText: '/retry but darker' }, /\/retry takes nothing/],
    ['words after /summary', { messageText: '/summary --short' }, /\/summary takes nothing/],
    ['checkboxes that are a list', { messageText: 'x', checkboxes: [] }, /checkboxes/],
    ['an attachment that is no id', { messageText: 'x', attachments: ['../x'] }, /attachments\.0/],
    ['a parent that is no id', { messageText: 'x', parent_id: 7 }, /parent_id/],
  ])('with %s is refused with what to do, stores nothing and asks nobody', (_what, body, words) =>
    expectNothingCameOf(async () => {
      const answer = await send(body)
      expectProblem(JSON.stringify(body), answer, 400, 'invalid_request')
      expect(answer.body.message).toMatch(words)
      expect(answer.body.details).not.toHaveLength(0)
    }),
  )

  it('with a note for which the memory pad has no room is refused in the same way', async () => {
    const at = `/api/conversations/${ids['conv_id']}`
    await anna.patch(at, { memory_pad: 'x'.repeat(19_990) })
    await expectNothingCameOf(async () => {
      for (const accept of ['application/json', 'text/event-stream']) {
        const answer = await anna.post(
          `/send_message/${ids['conv_id']}`,
          { messageText: '/memory ten letters' },
          { accept },
        )
        expectProblem(accept, answer, 400, 'invalid_request')
        expect(answer.body).toMatchObject({
          message: expect.stringMatching(/full \(20000 characters\)/),
          details: [{ field: 'messageText' }],
        })
      }
    })
    await anna.patch(at, { memory_pad: '' })
  })

  it.each<[string, unknown]>([
    ['nothing', { messageText: '' }],
    ['blanks', { messageText: ' \n\t ' }],
    ['/image alone', { messageText: '/image' }],
    ['/image with options alone', { messageText: '/image --n 2 --aspect 16:9' }],
    ['an alias alone', { messageText: '/draw   ' }],
    ['a flag and no words', { messageText: ' ', checkboxes: { generate_image: true } }],
  ])('of %s misses its prompt', (_what, body) =>
    expectNothingCameOf(async () => {
      for (const accept of ['application/json', 'text/event-stream', '*/*']) {
        const answer = await anna.post(`/send_message/${ids['conv_id']}`, body, { accept })
        expectProblem(accept, answer, 400, 'missing_prompt')
        expect(answer.headers['content-type']).toMatch(/^application\/json/)
      }
    }),
  )
})

it.each<[string, string, unknown, string, string]>([
  ['POST', 'conversations', { title: '' }, 'title', 'must not be empty'],
  ['POST', 'conversations', { title: 5 }, 'title', 'must be a text'],
  ['POST', 'conversations', { title: 'x'.repeat(201) }, 'title', 'takes at most 200 characters'],
  ['POST', 'auth/login', { username: 'x' }, 'password', 'is missing'],
  ['POST', 'images/export', { ids: [] }, 'ids', 'takes at least 1 entry'],
  ['POST', 'images/export', { ids: 'x' }, 'ids', 'must be a list'],
  ['POST', 'generate-image', { history_count: 1.5 }, 'history_count', 'must be a whole number'],
  ['POST', 'generate-image', { history_count: 101 }, 'history_count', 'takes at most 100'],
  ['POST', 'generate-image', { deep_context: 1 }, 'deep_context', 'must be true or false'],
  ['GET', 'images?since=2026', undefined, 'since', 'takes a time such as 2026-11-20T18:30:00.000Z'],
  ['GET', 'conversations?archived=x', undefined, 'archived', 'takes one of 0, 1, true, false'],
])('%s /api/%s with %j says what %s takes', async (verb, path, body, field, message) => {
  const asked = body === undefined ? {} : { body }
  const answer = await anna.ask(verb as 'GET', `/api/${path}`, asked)
  expectProblem(path, answer, 400, 'invalid_request')
  expect(answer.body).toMatchObject({ message: `${field} ${message}.`, details: [{ field, message }] })
})

it('names where in a message the unknown model stands', async () => {
  const image_options = { model: 'none' }
  for (const [body, field] of [
    [{ messageText: '/image x', image_options }, 'image_options.model'],
    [{ messageText: '/image x --model none' }, 'messageText'],
    [{ messageText: '/model none' }, 'messageText'],
    [{ messageText: 'hi', model: 'none' }, 'model'],
  ] as const) {
    const answer = await anna.post(`/send_message/${ids['conv_id']}`, body)
    expect(answer.body.details).toEqual([{ field, message: 'no such model' }])
  }
})

describe('the dialog', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a model that paints nothing', { model: 'no-such-model' }, /no-such-model/],
    ['a history that is no number', { history_count: '10' }, /history_count/],
    ['a negative history', { history_count: -1 }, /history_count/],
    ['half a message of history', { history_count: 1.5 }, /history_count/],
    ['too much history', { history_count: 101 }, /history_count/],
    ['a flag that is text', { deep_context: 'yes' }, /deep_context/],
    ['an unknown aspect', { aspect_ratio: '5:1' }, /16:9/],
    ['too many pictures to start from', { input_images: ['a', 'b', 'c', 'd', 'e'] }, /input_images/],
    ['a data URI of something else', { input_images: ['data:image/png;base64,aGVsbG8='] }, /input_images\.0/],
    ['a data URI of a GIF', { input_images: ['data:image/gif;base64,R0lGODlh'] }, /input_images\.0/],
    ['a data URI of nothing', { input_images: ['data:image/png;base64,'] }, /input_images\.0/],
    ['a prompt beyond 8,000 characters', { prompt: 'x'.repeat(8001) }, /8,?000/],
  ])('with %s is refused and asks nobody', (_what, more, words) =>
    expectNothingCameOf(async () => {
      const answer = await anna.post('/api/generate-image', { prompt: 'a fox', ...more })
      expectProblem(JSON.stringify(more), answer, 400, 'invalid_request')
      expect(answer.body.message + JSON.stringify(answer.body.details)).toMatch(words)
    }),
  )

  it.each([{}, { prompt: '' }, { prompt: ' \n ' }])('asked for %j misses its prompt', (body) =>
    expectNothingCameOf(async () => {
      expectProblem('dialog', await anna.post('/api/generate-image', body), 400, 'missing_prompt')
    }),
  )
})

it.each(['', ' ', 'x'.repeat(201), 'a b', 'naïve'])('refuses the Idempotency-Key %j', (key) =>
  expectNothingCameOf(async () => {
    const headers = { 'idempotency-key': Buffer.from(key).toString('latin1'), accept: 'application/json' }
    const answer = await anna.post(`/send_message/${ids['conv_id']}`, { messageText: 'hi' }, headers)
    expectProblem(key, answer, 400, 'invalid_request')
  }),
)

it('answers a form of random bytes with a plain refusal', async () => {
  const headers = { 'content-type': 'multipart/form-data; boundary=b' }
  for (const size of [0, 1, 100, 70_000]) {
    const answer = await anna.ask('POST', '/api/uploads', { headers, body: randomBytes(size) })
    expectProblem(`${size} bytes`, answer, 400, 'invalid_request')
  }
})

it('tells a form without a boundary, and no form at all, what is missing', async () => {
  const headers = { 'content-type': 'multipart/form-data' }
  const bare = await anna.ask('POST', '/api/uploads', { headers, body: 'x' })
  expectProblem('no boundary', bare, 400, 'invalid_request')
  expect(bare.body.message).toMatch(/boundary/)
  const none = await anna.ask('POST', '/api/uploads')
  expectProblem('no body', none, 400, 'invalid_request')
  expect(none.body.details).toEqual([{ field: 'file', message: 'is missing' }])
})

it('refuses flags without an end of brackets, with and without an Idempotency-Key', () =>
  expectNothingCameOf(async () => {
    const flags = (levels: number) => `{"a": ${'['.repeat(levels)}${']'.repeat(levels)}}`
    for (const levels of [16, 5000, 100_000]) {
      const body = `{"messageText": "/help", "checkboxes": ${flags(levels)}}`
      for (const headers of [{}, { 'idempotency-key': `deep-${levels}` }]) {
        const answer = await anna.ask('POST', `/send_message/${ids['conv_id']}`, { headers, body })
        expectProblem(`${levels} levels`, answer, 400, 'invalid_request')
        expect(answer.body.details).toEqual([{ field: 'checkboxes', message: 'takes at most 16 levels' }])
      }
    }
  }))
