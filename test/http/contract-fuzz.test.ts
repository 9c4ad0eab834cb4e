import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OpenApiDocument } from '../../server/http/openapi.ts'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'

let easel: Easel
let anna: Client
let published: OpenApiDocument
/** By the names that they have in addresses. */
let ids: Record<string, string>
beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
  published = (await anna.get('/api/openapi.json')).body
  const conversation = await anna.conversation()
  const painted = (await anna.say(conversation, '/image a fox --raw')).body
  const [image] = painted.generated_images
  ids = {
    conv_id: conversation,
    message_id: painted.id,
    turn_id: painted.turn_id ?? '',
    id: image?.id ?? '',
    filename: image?.filename ?? '',
  }
})
afterAll(() => easel.close())

/** A part of a JSON Schema, as far as it decides what is sent. */
interface Shape {
  $ref?: string
  anyOf?: Shape[]
  enum?: unknown[]
  type?: string
  properties?: Record<string, Shape>
  items?: Shape
  required?: string[]
  minimum?: number
  maximum?: number
}

/** Something that fits the shape, or nearly, or not at all. */
function near(shape: Shape): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 20, arbitrary: fitting(shape) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  )
}

function fitting(shape: Shape): fc.Arbitrary<unknown> {
  const name = shape.$ref?.split('/').at(-1) ?? ''
  if (name === 'Id') return fc.constantFrom(...Object.values(ids))
  // The document's own references point at its own schemas.
  if (name !== '') return fitting(published.components.schemas[name] as Shape)
  if (shape.anyOf) return fc.oneof(...shape.anyOf.map(fitting))
  if (shape.enum) return fc.constantFrom(...shape.enum)
  if (shape.properties) {
    const fields = Object.entries(shape.properties).map(([field, inner]) => [field, near(inner)] as const)
    const requiredKeys = shape.required ?? []
    return fc.record(Object.fromEntries(fields), { requiredKeys })
  }
  if (shape.type === 'array') return fc.array(near(shape.items ?? {}), { maxLength: 4 })
  if (shape.type === 'boolean') return fc.boolean()
  if (shape.type === 'integer')
    return fc.integer({ min: (shape.minimum ?? 0) - 1, max: (shape.maximum ?? 9) + 1 })
  const words = [
    'a fox',
    '/image a fox',
    '/title x',
    '/help',
    '//image',
    '/retry',
    '--n 9',
    '\u0000',
    '🦊',
    '',
  ]
  return shape.type === 'string'
    ? fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 60 }))
    : fc.jsonValue()
}

interface Sent {
  method: string
  path: string
  address: string
  body: unknown
  accept: string
}

/** A request to any operation of the document but those that would end the test's own session or remove its things. */
function anyRequest(): fc.Arbitrary<Sent> {
  const operations = Object.entries(published.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'delete' && path !== '/api/auth/logout')
      .map(([method, operation]) => ({ method, path, operation })),
  )
  return fc.constantFrom(...operations).chain(({ method, path, operation }) => {
    const places = (operation.parameters ?? []).filter((one) => one.in === 'path')
    const queries = (operation.parameters ?? []).filter((one) => one.in === 'query')
    const schema = operation.requestBody?.content['application/json']?.schema
    const values = places.map(({ name }) =>
      fc.oneof(
        { weight: 6, arbitrary: fc.constant(ids[name] ?? '') },
        { weight: 1, arbitrary: fc.constantFrom(...Object.values(ids)) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1 }) },
      ),
    )
    return fc.record({
      method: fc.constant(method),
      path: fc.constant(path),
      address: fc
        .tuple(
          fc.tuple(...values),
          fc.record(Object.fromEntries(queries.map((one) => [one.name, near(one.schema)])), {
            requiredKeys: [],
          }),
        )
        .map(([values, query]) => {
          const filled = places.reduce(
            (text, { name }, index) =>
              text.replace(`{${name}}`, encodeURIComponent((values[index] ?? '').toWellFormed())),
            path,
          )
          const search = new URLSearchParams(
            Object.entries(query).map(([name, value]): [string, string] => [
              name,
              typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value),
            ]),
          )
          return `${filled}?${search.toString()}`
        }),
      body: schema ? near(schema) : fc.constant(undefined),
      accept: fc.constantFrom('application/json', 'text/event-stream'),
    })
  })
}

it('answers whatever is sent with a status that the document tells, and lives on', async () => {
  await fc.assert(
    fc.asyncProperty(anyRequest(), async ({ method, path, address, body, accept }) => {
      const who = path.startsWith('/api/auth') ? easel.nobody() : anna
      // The table's methods are among the client's.
      const answer = await who.ask(method.toUpperCase() as Parameters<Client['ask']>[0], address, {
        headers: { accept },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const told = Object.keys(published.paths[path]?.[method]?.responses ?? {}).map(Number)
      expect(told, answer.text.slice(0, 500)).toContain(answer.status)
      expect(answer.status, answer.text.slice(0, 500)).not.toBe(500)
    }),
    { numRuns: 300, seed: 20_261_120 },
  )
  expect((await easel.nobody().get('/readyz')).status).toBe(200)
  expect(easel.log()).not.toContain('internal_error')
}, 60_000)
