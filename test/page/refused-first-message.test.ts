import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { OpenConversation } from '../../public/app/open-conversation.ts'
import { createEasel } from '../../public/sdk/easel.ts'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'

let server: Easel
let anna: Client
beforeAll(async () => {
  // A page that nobody looks at paints no frames.
  vi.stubGlobal('document', { hidden: true })
  server = await startEasel({ offline: true })
  anna = await server.user('anna')
})
afterAll(async () => {
  vi.unstubAllGlobals()
  await server.close()
})

const expected = { kind: 'image', prompt: '', count: 1, aspectRatio: undefined }

/** The page's new conversation, on a real server. */
function newPage() {
  const easel = createEasel({
    baseUrl: server.url,
    fetch: (input, init) =>
      fetch(input, {
        ...init,
        headers: { ...Object.fromEntries(new Headers(init?.headers)), cookie: anna.cookie ?? '' },
      }),
  })
  return new OpenConversation(undefined, {
    easel,
    now: Date.now,
    onChange: () => undefined,
    onSessionEnd: () => undefined,
    onRefusal: () => undefined,
    onCreated: () => undefined,
    onTurn: () => undefined,
  })
}
const listed = async () => (await anna.get('/api/conversations')).body.items

it.each(['/image', '/image a fox --nonsense 3'])(
  'leaves no conversation behind when its first message is refused: %s',
  async (messageText) => {
    const page = newPage()
    await expect(page.send({ messageText }, expected, [])).rejects.toMatchObject({ status: 400 })
    await expect.poll(listed).toEqual([])
    expect([page.id.value, page.reading.value, page.entries.value]).toEqual([undefined, 'new', []])

    await page.send({ messageText: 'hello' }, { ...expected, kind: 'chat', count: 0 }, [])
    expect(await listed()).toMatchObject([{ id: page.id.value, message_count: 2 }])
    page.leave()
    await anna.delete(`/api/conversations/${page.id.value}`)
  },
)
