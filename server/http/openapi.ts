import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import * as accounts from '../contract/accounts.ts'
import * as basics from '../contract/basics.ts'
import * as conversations from '../contract/conversations.ts'
import * as generateImage from '../contract/generate-image.ts'
import * as images from '../contract/images.ts'
import * as lists from '../contract/lists.ts'
import * as messages from '../contract/messages.ts'
import * as problem from '../contract/problem.ts'
import * as turns from '../contract/turns.ts'
import { statusOf, type ProblemCode } from '../errors.ts'
import type { Route } from './route.ts'

type Schema = Readonly<Record<string, unknown>>

interface Media {
  schema?: Schema
}

interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: Schema
}

interface Operation {
  operationId: string
  summary: string
  tags: string[]
  security: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required: boolean; content: Record<string, Media> }
  responses: Record<string, { description: string; content?: Record<string, Media> }>
}

/** OpenAPI 3.1.1 (spec.openapis.org/oas/v3.1.1.html): as much of it as is made here. */
export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, Schema> }
}

/** Every schema that the contract exports goes by its own name. */
const contract: Readonly<Record<string, unknown>> = {
  ...accounts,
  ...basics,
  ...conversations,
  ...generateImage,
  ...images,
  ...lists,
  ...messages,
  ...problem,
  ...turns,
}

const eventStream = 'text/event-stream'

/** The route table as an OpenAPI document: the schemas that check requests are the ones that describe them. */
export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const schemas = describeSchemas(routes)
  const paths: OpenApiDocument['paths'] = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: describeOperation(route, schemas) }
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Easel', version, description: introduction },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.namedIn(paths),
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'sid',
          description: 'The session of the page; `__Host-sid` where Easel is served over https.',
        },
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'Reserved for API keys, with which programs will sign in.',
        },
      },
    },
  }
}

/** `get /api/conversations/:conv_id` → `getConversationsByConvId`: it changes only when the address does. */
export function operationId({ method, path }: Pick<Route, 'method' | 'path'>): string {
  const words = path
    .split('/')
    .filter((part) => part !== '' && part !== 'api')
    .flatMap((part) => (part.startsWith(':') ? ['by', part.slice(1)] : [part]))
    .flatMap((part) => part.split(/[^A-Za-z0-9]+/))
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function describeOperation(route: Route, schemas: Schemas): Operation {
  const parameters = describeParameters(route, schemas)
  const requestBody = describeBody(route, schemas)
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [tagOf(route)],
    security: route.access === 'public' ? [] : [{ session: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(requestBody ? { requestBody } : {}),
    responses: { ...describeAnswers(route, schemas), ...describeProblems(route) },
  }
}

function describeParameters(route: Route, schemas: Schemas): Parameter[] {
  const parameters: Parameter[] = []
  for (const place of ['path', 'query'] as const) {
    const schema = place === 'path' ? route.params : route.query
    if (!schema) continue
    const { properties, required } = schemas.fieldsOf(schema)
    for (const [name, field] of Object.entries(properties)) {
      parameters.push({
        name,
        in: place,
        required: place === 'path' || required.includes(name),
        schema: field,
      })
    }
  }
  if (route.problems.includes('idempotency_mismatch')) {
    parameters.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description:
        'The same key with the same body gives the first answer again for 24 hours and spends nothing; a running stream is joined.',
      schema: { type: 'string', pattern: '^[!-~]{1,200}$' },
    })
  }
  if (route.method === 'get' && route.media.includes(eventStream)) {
    parameters.push({
      name: 'Last-Event-ID',
      in: 'header',
      required: false,
      description: 'The number of the last event that was read; the stream goes on after it.',
      schema: { type: 'integer', minimum: 0 },
    })
  }
  return parameters
}

function describeBody(route: Route, schemas: Schemas): Operation['requestBody'] {
  if (route.bodyKind === 'multipart') {
    const file = { type: 'string', format: 'binary' }
    const form = { type: 'object', properties: { file }, required: ['file'] }
    return { required: true, content: { 'multipart/form-data': { schema: form } } }
  }
  if (!route.body) return undefined
  return {
    required: !route.body.safeParse({}).success,
    content: { 'application/json': { schema: schemas.of(route.body) } },
  }
}

function describeAnswers(route: Route, schemas: Schemas): Operation['responses'] {
  const responses: Operation['responses'] = {}
  for (const [status, schema] of Object.entries(route.answers)) {
    const content: Record<string, Media> = {}
    if (schema) content['application/json'] = { schema: schemas.of(schema) }
    if (status === '200') for (const type of route.media) content[type] = describeMedia(type, schemas)
    responses[status] = {
      description: STATUS_CODES[status] ?? status,
      ...(Object.keys(content).length === 0 ? {} : { content }),
    }
  }
  return responses
}

function describeMedia(type: string, schemas: Schemas): Media {
  if (type !== eventStream) return {}
  return {
    schema: {
      type: 'string',
      description: describeEvents(schemas),
      contentMediaType: eventStream,
      contentSchema: schemas.of(turns.TurnEvent),
    },
  }
}

/** The events of a stream, as a table. */
function describeEvents(schemas: Schemas): string {
  const rows = turns.TurnEvent.options.map((event) => {
    const { type: _type, ...data } = schemas.fieldsOf(event).properties
    const [name] = event.shape.type.values
    return `| \`${name}\` | ${Object.keys(data)
      .map((field) => `\`${field}\``)
      .join(', ')} |`
  })
  return [
    'Server-sent events. Each has `id:` (1, 2, 3 … within the turn), `event:` and one line of JSON `data:`; a comment line goes out after 15 s of silence. `turn` is always the first and `done` always the last.',
    '',
    '| event | data |',
    '| --- | --- |',
    ...rows,
  ].join('\n')
}

/** Every code that the route can answer with, by HTTP status. */
function problemsOf(route: Route): Map<number, ProblemCode[]> {
  const codes = new Set<ProblemCode>(['unknown_host', 'internal_error', ...route.problems])
  if (route.access !== 'public') codes.add('unauthenticated')
  if (route.access === 'admin') codes.add('forbidden')
  if (route.method !== 'get') codes.add('forbidden_origin').add('unsupported_media_type')
  if (route.params) codes.add('not_found').add('invalid_request')
  if (route.query) codes.add('invalid_request')
  if (route.bodyKind !== 'none')
    codes.add('invalid_request').add('payload_too_large').add('unsupported_media_type')
  return Map.groupBy(
    [...codes].toSorted((a, b) => statusOf[a] - statusOf[b]),
    (code) => statusOf[code],
  )
}

function describeProblems(route: Route): Operation['responses'] {
  const responses: Operation['responses'] = {}
  for (const [status, codes] of problemsOf(route)) {
    const narrowed = { type: 'object', properties: { code: { enum: codes } } }
    const schema = { allOf: [{ $ref: '#/components/schemas/ProblemBody' }, narrowed] }
    responses[status] = {
      description: codes.map((code) => `\`${code}\``).join(', '),
      content: { 'application/json': { schema } },
    }
  }
  return responses
}

/** The first part of the address that names a thing. */
function tagOf({ path }: Pick<Route, 'path'>): string {
  return path.split('/').find((part) => part !== '' && part !== 'api') ?? 'easel'
}

interface Schemas {
  /** By reference where the schema is one of the contract's own, else written out. */
  of(schema: z.ZodType): Schema
  /** What stands in an object. */
  fieldsOf(schema: z.ZodType): { properties: Record<string, Schema>; required: readonly string[] }
  /** The contract's schemas that a part of the document refers to, those that these refer to, and so on. */
  namedIn(part: unknown): Record<string, Schema>
}

const reference = '#/components/schemas/'
/** What stands in one route only has no name of its own and is written out. */
const inline = '-'
const Fields = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  required: z.array(z.string()).default([]),
})

/**
 * All schemas of the contract and of the routes as JSON Schema (2020-12), made in one go so that each refers to the others
 * by name. In the form of what is sent, since in the other one everything with a default would read as required.
 */
function describeSchemas(routes: readonly Route[]): Schemas {
  const registry = z.registry<{ id: string }>()
  for (const [name, schema] of Object.entries(contract)) {
    if (schema instanceof z.ZodType) registry.add(schema, { id: name })
  }
  for (const event of turns.TurnEvent.options) {
    const [type = ''] = event.shape.type.values
    registry.add(event, { id: `TurnEvent.${type}` })
  }
  const unnamed = routes.flatMap((route) => [
    route.params,
    route.query,
    route.body,
    ...Object.values(route.answers),
  ])
  for (const [index, schema] of unnamed.entries()) {
    if (schema && !registry.has(schema)) registry.add(schema, { id: `${inline}${index}` })
  }
  const made = z.toJSONSchema(registry, { io: 'input', uri: (name) => `${reference}${name}` }).schemas
  const byName = new Map<string, Schema>(
    Object.entries(made).map(([name, { $id: _id, $schema: _schema, ...schema }]) => [name, schema]),
  )
  const nameOf = (schema: z.ZodType) => registry.get(schema)?.id ?? ''
  const written = (schema: z.ZodType) => byName.get(nameOf(schema)) ?? {}

  function collect(part: unknown, found: Map<string, Schema>): void {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([\w.]+)"/g)) {
      const schema = byName.get(name)
      if (!schema || found.has(name)) continue
      found.set(name, schema)
      collect(schema, found)
    }
  }

  return {
    of: (schema) =>
      nameOf(schema).startsWith(inline) ? written(schema) : { $ref: `${reference}${nameOf(schema)}` },
    fieldsOf: (schema) => Fields.parse(written(schema)),
    namedIn(part) {
      const found = new Map<string, Schema>()
      collect(part, found)
      return Object.fromEntries([...found].toSorted(([a], [b]) => a.localeCompare(b)))
    },
  }
}

const introduction = `Easel is a self-hosted chat where pictures are part of the conversation.

Bodies are JSON in UTF-8. Times are ISO 8601 UTC with milliseconds. Lists answer \`{items, next_cursor}\` and take \`limit\` and \`cursor\`. Every answer bears \`X-Request-Id\`, which errors repeat; \`retry_after\` goes with a \`Retry-After\` header. Somebody else's thing answers as a thing that does not exist.`
