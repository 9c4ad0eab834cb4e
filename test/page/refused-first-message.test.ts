import { expect, it } from 'vitest'
import { OpenConversation } from '../../public/app/open-conversation.ts'
import { createEasel } from '../../public/sdk/easel.ts'

const expected = { kind: 'image', prompt: '', count: 1, aspectRatio: undefined }

/** A new conversation on a page, and a server that answers every message in the same way. */
function newPage(answer: () => Response) {
  const listed = new Set<string>()
  const sentTo: string[] = []
  let made = 0
  const fetch = (url: string, init?: RequestInit) => {
    const id = url.split('/').at(-1) ?? ''
    if (url.startsWith('/send_message/')) {
      sentTo.push(id)
      return Promise.resolve().then(answer)
    }
    if (init?.method === 'POST') listed.add(`made-${(made += 1)}`)
    if (init?.method === 'DELETE') {
      listed.delete(id)
      return Promise.resolve(new Response(null, { status: 204 }))
    }
    const shown = init?.method === 'POST' ? `made-${made}` : id
    return Promise.resolve(Response.json({ id: shown, message_count: 0, active_turn_id: null }))
  }
  const page = new OpenConversation(undefined, {
    easel: createEasel({ fetch, sleep: () => Promise.resolve() }),
    now: () => 0,
    onChange: () => undefined,
    onSessionEnd: () => undefined,
    onRefusal: () => undefined,
    onCreated: () => undefined,
    onTurn: () => undefined,
  })
  return { page, listed, sentTo }
}

it('leaves no conversation behind when its first message is refused, however often', async () => {
  const refusal = { status: 'error', code: 'missing_prompt', message: 'Say what to paint.' }
  const { page, listed, sentTo } = newPage(() => Response.json(refusal, { status: 400 }))
  for (const messageText of ['/image', '/image a fox --nonsense 3']) {
    await expect(page.send({ messageText }, expected, [])).rejects.toMatchObject({ code: 'missing_prompt' })
    await expect.poll(() => [...listed]).toEqual([])
    expect([page.id.value, page.reading.value, page.entries.value]).toEqual([undefined, 'new', []])
  }
  expect(sentTo).toEqual(['made-1', 'made-2'])
})

it('keeps the conversation for the next try when no answer came: the message may have arrived', async () => {
  const { page, listed, sentTo } = newPage(() => {
    throw new TypeError('no net')
  })
  for (const messageText of ['hello', 'hello']) {
    await expect(page.send({ messageText }, expected, [])).rejects.toMatchObject({ code: 'network' })
  }
  expect([...listed]).toEqual(['made-1'])
  expect(new Set(sentTo)).toEqual(new Set(['made-1']))
})
