import { expect, it } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import { OpenConversation } from '../../public/app/open-conversation.ts'
import { createEasel } from '../../public/sdk/easel.ts'

const message = (sender: Message['sender'], state: Message['state']): Message => ({
  id: `${sender}-1`,
  conversation_id: 'c1',
  parent_id: null,
  turn_id: 't1',
  sender,
  text: '',
  kind: 'chat',
  created_at: '2026-11-20T12:00:00.000Z',
  state,
  attachments: [],
  generated_images: [],
})
const begun = {
  turn_id: 't1',
  conversation_id: 'c1',
  user_message: message('user', 'complete'),
  model_message: message('model', 'streaming'),
  kind: 'chat',
}

it('stops a turn that was to be stopped before the server had told of it, and only that one', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const stopped: string[] = []
  const { promise: wasStopped, resolve: stop } = Promise.withResolvers<void>()
  const fetch = (url: string) => {
    if (url.endsWith('/cancel')) {
      stopped.push(url)
      stop()
      return Promise.resolve(Response.json({}, { status: 202 }))
    }
    if (!url.startsWith('/send_message/')) return Promise.resolve(Response.json({ title: 'Lamps' }))
    const encoder = new TextEncoder()
    const event = (id: number, type: string, data: object) =>
      encoder.encode(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
    const body = new ReadableStream<Uint8Array>({
      async start(stream) {
        await held
        stream.enqueue(event(1, 'turn', begun))
        await wasStopped
        stream.enqueue(event(2, 'done', { message: message('model', 'cancelled') }))
        stream.close()
      },
    })
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
  }
  const page = new OpenConversation('c1', {
    easel: createEasel({ fetch, sleep: () => Promise.resolve() }),
    now: () => 0,
    onChange: () => undefined,
    onSessionEnd: () => undefined,
    onRefusal: () => undefined,
    onCreated: () => undefined,
    onTurn: () => undefined,
  })
  const expected = { kind: 'chat', prompt: '', count: 0, aspectRatio: undefined }
  const sending = page.send({ messageText: 'A long story, please' }, expected, [])
  expect(page.isRunning.value).toBe(true)
  page.stop()
  expect(stopped).toEqual([])
  release()
  await sending
  expect(stopped).toEqual(['/api/turns/t1/cancel'])
  expect(page.entries.value.at(-1)?.message.value.state).toBe('cancelled')

  await page.send({ messageText: 'A short one' }, expected, [])
  expect(stopped).toHaveLength(1)
  page.leave()
})
