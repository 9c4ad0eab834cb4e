import { chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { operationId } from '../../server/http/openapi.ts'
import { startEasel, type Easel } from '../support/easel.ts'

let easel: Easel
// oxlint-disable-next-line typescript/no-explicit-any -- looked into freely, like any answer
let published: any
beforeAll(async () => {
  easel = await startEasel({ offline: true })
  published = (await easel.nobody().get('/api/openapi.json')).body
})
afterAll(() => easel.close())

it('publishes every route of the table under an id of its own', () => {
  const ids = easel.app.routes.map(operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const route of easel.app.routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    expect(published.paths[path]?.[route.method], `${route.method} ${path}`).toMatchObject({
      operationId: operationId(route),
      summary: route.summary,
    })
  }
  expect(operationId({ method: 'get', path: '/api/conversations/:conv_id' })).toBe('getConversationsByConvId')
})

it('refers only to what it holds, and holds nothing that belongs to the generator', () => {
  const text = JSON.stringify(published)
  const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1])
  expect(new Set(names)).toEqual(new Set(Object.keys(published.components.schemas)))
  expect(text).not.toMatch(/"\$id"|"\$schema"/)
})

it('tells the schemas that the server checks with', () => {
  const ask = published.components.schemas.SendMessageRequest
  expect(ask).toMatchObject({
    additionalProperties: false,
    required: ['messageText'],
    properties: {
      messageText: { type: 'string', maxLength: 32_000 },
      attachments: { items: { $ref: '#/components/schemas/Id' } },
    },
  })
  const gallery = published.paths['/api/images'].get
  expect(gallery.parameters).toContainEqual({
    name: 'limit',
    in: 'query',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  })
})

it('tells the events of a stream, the kinds of bytes, and the codes of errors', () => {
  const send = published.paths['/send_message/{conv_id}'].post
  const stream = send.responses['200'].content['text/event-stream'].schema
  for (const event of ['turn', 'progress', 'context', 'prompt', 'delta', 'image', 'usage', 'error', 'done']) {
    expect(stream.description).toContain(`| \`${event}\` |`)
  }
  expect(send.responses['200'].content['application/json'].schema).toEqual({
    $ref: '#/components/schemas/Message',
  })
  expect(send.responses['409'].description).toBe('`turn_in_progress`')
  expect(send.responses['401'].content['application/json'].schema.allOf[0]).toEqual({
    $ref: '#/components/schemas/ProblemBody',
  })
  expect(send.parameters.map((parameter: { name: string }) => parameter.name)).toContain('Idempotency-Key')
  const picture = published.paths['/api/conversation-image/{conv_id}/{filename}'].get
  expect(Object.keys(picture.responses['200'].content)).toEqual(['image/png', 'image/webp'])
})

it('is public, the same each time, and holds nothing of this machine', async () => {
  const again = await easel.nobody().get('/api/openapi.json')
  expect(again.status).toBe(200)
  expect(again.headers['content-type']).toMatch(/^application\/json/)
  expect(again.body).toEqual(published)
  expect(again.text).not.toContain(easel.storageDir)
})

it('shows a page for reading it that asks nobody else and breaks no policy', async () => {
  const browser = await chromium.launch({ headless: true, ...inject('browser') })
  try {
    const page = await browser.newPage({ reducedMotion: 'reduce' })
    const asked: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    // Chromium tells what its policy blocked on the console.
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`${easel.url}/api/docs`)
    const send = page.locator('#operations-send_message-postSendMessageByConvId')
    await send.locator('button.opblock-summary-control').click()
    await send.getByText('turn_in_progress').first().waitFor()
    await page.locator('#operations-conversations-getConversations').getByRole('button').first().click()
    await page.getByText('Every answer bears').waitFor()

    expect(complaints).toEqual([])
    expect(asked.filter((url) => !url.startsWith(`${easel.url}/`) && !url.startsWith('data:'))).toEqual([])
    expect(asked).toContain(`${easel.url}/api/openapi.json`)
  } finally {
    await browser.close()
  }
})

it('serves of the reader only what the page needs', async () => {
  for (const file of ['package.json', 'index.html', '..%2fpackage.json', 'swagger-ui.css%00', 'nothing.js']) {
    const answer = await easel.nobody().get(`/api/docs/${file}`)
    expect([file, answer.status, answer.body?.code]).toEqual([file, 404, 'not_found'])
  }
  const script = await easel.nobody().get('/api/docs/swagger-ui-bundle.js')
  expect(script.headers).toMatchObject({ 'x-content-type-options': 'nosniff' })
  expect(script.headers['content-type']).toMatch(/javascript/)
})
