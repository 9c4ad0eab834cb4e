import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Conversation } from '../../server/contract/conversations.ts'
import { GeneratedImage } from '../../server/contract/images.ts'
import { CommandDescription, ModelLists } from '../../server/contract/lists.ts'
import { Message } from '../../server/contract/messages.ts'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { formBody } from '../support/form-body.ts'
import { samplePng } from '../support/sample-pictures.ts'

let easel: Easel
let anna: Client
let people = 0
beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
})
afterAll(() => easel.close())

/** Somebody whose lists hold nothing yet. */
const someone = () => easel.user(`someone${(people += 1)}`)

async function shown(conversation: string, who = anna): Promise<Message[]> {
  return (await who.get(`/api/conversations/${conversation}/messages?limit=200`)).body.items
}

/** Every page of a list, from the first to the last. */
async function pages(who: Client, address: string, cursorName = 'cursor'): Promise<string[][]> {
  const all: string[][] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const joint = address.includes('?') ? '&' : '?'
    const answer = await who.get(cursor === '' ? address : `${address}${joint}${cursorName}=${cursor}`)
    expect(answer.status).toBe(200)
    all.push(answer.body.items.map((item: { id: string }) => item.id))
    cursor = answer.body.next_cursor
  }
  return all
}

describe('a conversation', () => {
  it('is made, read, changed and removed as the contract shows it', async () => {
    const made = await anna.post('/api/conversations', { title: '  A walk  ' })
    expect(made.status).toBe(201)
    expect(Conversation.strict().parse(made.body)).toMatchObject({
      title: 'A walk',
      summary: '',
      memory_pad: '',
      chat_model: null,
      active_message_id: null,
      active_turn_id: null,
      message_count: 0,
      pinned: false,
      archived: false,
    })
    expect(made.body.id).toMatch(/^[A-Za-z0-9_-]{16,64}$/)
    expect(made.body.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

    const at = `/api/conversations/${made.body.id}`
    const patch = {
      title: 'Skagen',
      memory_pad: 'red door',
      chat_model: 'anthropic/claude-haiku-4.5',
      settings: { aspect_ratio: '16:9', auto_images: false },
      pinned: true,
      archived: true,
    }
    const changed = await anna.patch(at, patch)
    expect(changed).toMatchObject({ status: 200, body: patch })
    expect((await anna.get(at)).body).toEqual(changed.body)
    // What a patch does not name stays, settings one by one.
    const again = await anna.patch(at, { settings: { aspect_ratio: null } })
    expect(again.body).toMatchObject({ ...patch, settings: { aspect_ratio: null, auto_images: false } })
    expect((await anna.patch(at, {})).body).toEqual(again.body)

    const gone = await anna.delete(at)
    expect([gone.status, gone.text]).toEqual([204, ''])
    for (const answer of [await anna.get(at), await anna.delete(at), await anna.say(made.body.id, 'hi')]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
    }
  })

  it.each([
    [{ title: '' }, 'title'],
    [{ title: 'x'.repeat(201) }, 'title'],
    [{ title: null }, 'title'],
    [{ memory_pad: 'x'.repeat(20_001) }, 'memory_pad'],
    [{ settings: { aspect_ratio: '5:1' } }, 'settings.aspect_ratio'],
    [{ settings: { no_such: 1 } }, 'settings.no_such'],
    [{ pinned: 'yes' }, 'pinned'],
    [{ active_message_id: null }, 'active_message_id'],
    [{ chat_model: 'no-such-model' }, 'chat_model'],
    [{ settings: { image_model: 'no-such-model' } }, 'settings.image_model'],
    [{ title: 'half', pinned: 'yes' }, 'pinned'],
  ])('changed by %j is refused whole, and the field is named', async (patch, field) => {
    const id = await anna.conversation('stays')
    const before = (await anna.get(`/api/conversations/${id}`)).body
    const answer = await anna.patch(`/api/conversations/${id}`, patch)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', details: [{ field }] } })
    expect((await anna.get(`/api/conversations/${id}`)).body).toEqual(before)
  })

  it('takes its pictures and their files with it', async () => {
    const id = await anna.conversation()
    const painted = await anna.say(id, '/image a fox --raw')
    const folder = path.join(easel.storageDir, 'conversations', id)
    expect(readdirSync(path.join(folder, 'images'))).toContain(painted.body.generated_images[0]?.filename)
    await anna.delete(`/api/conversations/${id}`)
    expect(existsSync(folder)).toBe(false)
    expect((await anna.get(`/api/images/${painted.body.generated_images[0]?.id}`)).status).toBe(404)
    expect((await anna.get(`/api/turns/${painted.body.turn_id}`)).status).toBe(404)
  })
})

describe('the list of conversations', () => {
  it('comes in pages, newest activity first, each once', async () => {
    const who = await someone()
    const made: string[] = []
    for (let n = 0; n < 7; n += 1) made.push(await who.conversation(`number ${n}`))
    await who.say(made[2] ?? '', '/help')
    const expected = [made[2], ...made.toReversed().filter((id) => id !== made[2])]
    for (const limit of [1, 2, 3, 7, 200]) {
      const all = await pages(who, `/api/conversations?limit=${limit}`)
      expect(all.flat()).toEqual(expected)
      expect(all.every((page) => page.length <= limit)).toBe(true)
      expect(all).toHaveLength(Math.ceil(7 / limit))
    }
    expect((await pages(await someone(), '/api/conversations')).flat()).toEqual([])
  })

  it('keeps archived ones apart', async () => {
    const who = await someone()
    const kept = await who.conversation('kept')
    const put = await who.conversation('put away')
    await who.patch(`/api/conversations/${put}`, { archived: true })
    expect((await pages(who, '/api/conversations')).flat()).toEqual([kept])
    expect((await pages(who, '/api/conversations?archived=true')).flat()).toEqual([put])
    expect((await pages(who, '/api/conversations?archived=false')).flat()).toEqual([kept])
  })

  it('is searched by title and by what was said, with hits', async () => {
    const who = await someone()
    const titled = await who.conversation('Lighthouse')
    const spoken = await who.conversation('Something else')
    const said = await who.say(spoken, 'We saw a lighthouse at Skagen; its doors were red.')
    await who.conversation('Nothing of that')
    const search = async (q: string) => {
      const { items } = (await who.get(`/api/conversations?q=${encodeURIComponent(q)}`)).body
      return items.map((item: Conversation) => [item.id, item.hits?.map((hit) => hit.message_id)])
    }
    const user = said.body.parent_id
    // The answer repeats the question, so both messages are hits; the newest activity comes first.
    expect(await search('lighthouse')).toEqual([
      [spoken, [said.body.id, user]],
      [titled, []],
    ])
    expect(await search('LIGHTHOU')).toEqual([
      [spoken, [said.body.id, user]],
      [titled, []],
    ])
    expect(await search('skagen doors')).toEqual([[spoken, [said.body.id, user]]])
    expect(await search('skagen zebra')).toEqual([])
    // Whatever the script, titles are compared as the words of messages are.
    const abroad = await who.conversation('Äpfel in ÅRHUS')
    for (const q of ['äpfel', 'APFEL', 'århus']) expect(await search(q)).toEqual([[abroad, []]])
    for (const q of ['\0', '%', '_']) expect(await search(q)).toEqual([])
    const { items } = (await who.get('/api/conversations?q=skagen')).body
    expect(items[0].hits[0].snippet).toMatch(/Skagen/)
  })
})

describe('the messages of a conversation', () => {
  it('come newest page first, oldest first within the page, each once', async () => {
    const id = await anna.conversation()
    for (let n = 0; n < 4; n += 1) await anna.say(id, `number ${n}`)
    const all = (await shown(id)).map((message) => message.id)
    expect(all).toHaveLength(8)
    for (const limit of [1, 3, 8]) {
      for (const name of ['before', 'cursor']) {
        const read = await pages(anna, `/api/conversations/${id}/messages?limit=${limit}`, name)
        expect(read.toReversed().flat()).toEqual(all)
        expect(read[0]).toEqual(all.slice(-limit))
      }
    }
    expect((await anna.get(`/api/conversations/${await anna.conversation()}/messages`)).body).toEqual({
      items: [],
      next_cursor: null,
    })
  })

  it('are as the contract shows them, pictures and attachments too', async () => {
    const id = await anna.conversation()
    const picture = await samplePng({ width: 60, height: 40, seed: 5 })
    const upload = await anna.ask('POST', '/api/uploads', formBody(picture))
    expect(upload).toMatchObject({ status: 201, body: { width: 60, height: 40 } })
    await anna.say(id, 'look', { attachments: [upload.body.id, upload.body.id] })
    await anna.say(id, '/image a fox --raw')
    const messages = (await shown(id)).map((message) => Message.strict().parse(message))
    expect(messages[0]?.attachments).toHaveLength(1)
    expect(messages[0]).toMatchObject({ sender: 'user', attachments: [{ id: upload.body.id, width: 60 }] })
    const image = GeneratedImage.strict().parse(messages[3]?.generated_images[0])
    expect(image.url).toBe(`/api/conversation-image/${id}/${image.filename}`)
    expect(messages[3]?.text).toBe(`![Generated Image](${image.url})\n\n`)
    const attached = await anna.bytes(messages[0]?.attachments[0]?.url ?? '')
    expect([attached.status, attached.headers['content-type']]).toEqual([200, 'image/png'])
  })

  it('may be corrected in place, and are then found by their new words', async () => {
    const id = await anna.conversation()
    const said = await anna.say(id, 'the heron stands')
    const at = `/api/conversations/${id}/messages/${said.body.parent_id}`
    const corrected = await anna.patch(at, { text: 'the kingfisher stands' })
    expect(corrected).toMatchObject({
      status: 200,
      body: { id: said.body.parent_id, text: 'the kingfisher stands' },
    })
    expect((await shown(id))[0]?.text).toBe('the kingfisher stands')
    await expect
      .poll(async () => (await anna.get('/api/conversations?q=kingfisher')).body.items.length, {
        interval: 20,
      })
      .toBe(1)
    for (const body of [{ text: '' }, { text: 'x'.repeat(32_001) }, { sender: 'model' }, {}]) {
      expect((await anna.patch(at, body)).status).toBe(400)
    }
  })

  it('are dropped with all that follows them, pictures and files included', async () => {
    const id = await anna.conversation()
    const kept = await anna.say(id, 'stays')
    const dropped = await anna.say(id, '/image a fox --raw')
    await anna.say(id, 'goes, too')
    const [image] = dropped.body.generated_images
    const gone = await anna.delete(`/api/conversations/${id}/messages/${dropped.body.parent_id}`)
    expect(gone.status).toBe(204)
    expect((await shown(id)).map((message) => message.id)).toEqual([kept.body.parent_id, kept.body.id])
    expect((await anna.get(`/api/conversations/${id}`)).body).toMatchObject({
      message_count: 2,
      active_message_id: kept.body.id,
    })
    expect((await anna.get(`/api/images/${image?.id}`)).status).toBe(404)
    expect((await anna.get(image?.url ?? '')).status).toBe(404)
    const folder = path.join(easel.storageDir, 'conversations', id, 'images')
    expect(readdirSync(folder)).not.toContain(image?.filename)
    expect((await anna.say(id, 'and on')).status).toBe(200)
    // The very first one leaves nothing, and the conversation can begin again.
    await anna.delete(`/api/conversations/${id}/messages/${kept.body.parent_id}`)
    expect(await shown(id)).toEqual([])
    expect((await anna.say(id, 'anew')).body.state).toBe('complete')
  })

  it('that are dropped leave their siblings', async () => {
    const id = await anna.conversation()
    const first = await anna.say(id, 'one')
    const second = await anna.post(`/api/turns/${first.body.turn_id}/retry`, undefined, {
      accept: 'application/json',
    })
    await anna.delete(`/api/conversations/${id}/messages/${second.body.id}`)
    const messages = await shown(id)
    expect(messages.map((message) => message.id)).toEqual([first.body.parent_id, first.body.id])
    expect(messages[1]?.siblings).toBeUndefined()
  })
})

describe('a command', () => {
  it.each<[string, string, RegExp, Record<string, unknown>]>([
    ['/help', 'help', /\/image[\s\S]*\/memory/, {}],
    ['/help image', 'help', /--aspect[\s\S]*16:9/, {}],
    ['/help imgae', 'help', /Did you mean `\/image`/, {}],
    ['/commands', 'help', /\/image/, {}],
    ['/title A red door', 'title', /A red door/, { title: 'A red door' }],
    ['/rename A blue door', 'title', /A blue door/, { title: 'A blue door' }],
    ['/memory the door is red', 'memory', /the door is red/, { memory_pad: 'the door is red' }],
    ['/memory', 'memory', /empty/, { memory_pad: '' }],
    ['/model anthropic/claude-haiku-4.5', 'model', /Claude/, { chat_model: 'anthropic/claude-haiku-4.5' }],
    ['/model', 'model', /answers now/, { chat_model: null }],
    ['/summary', 'summary', /nothing to sum up/i, { summary: '' }],
  ])('%s answers with a stored message and does what it says', async (messageText, kind, says, changes) => {
    const id = await anna.conversation('unnamed')
    const answer = await anna.say(id, messageText)
    expect(answer).toMatchObject({ status: 200, body: { kind, state: 'complete', sender: 'model' } })
    expect(answer.body.text).toMatch(says)
    expect(answer.body.cost_usd).toBeUndefined()
    expect((await anna.get(`/api/conversations/${id}`)).body).toMatchObject({ message_count: 2, ...changes })
    expect((await shown(id)).map((message) => message.text)).toEqual([messageText, answer.body.text])
  })

  it('/memory adds to what is there, and the next prompt holds it', async () => {
    const id = await anna.conversation()
    await anna.say(id, '/memory the door is red')
    await anna.say(id, '/memory the roof is blue')
    await anna.say(id, 'what colours?')
    const told = easel
      .asked()
      .findLast((call) => JSON.stringify(call.messages.at(-1)).includes('what colours?'))
    expect(JSON.stringify(told?.messages)).toMatch(/the door is red.*the roof is blue/)
  })

  it('/summary sums up and keeps it, /title without a name finds one', async () => {
    const id = await anna.conversation('before')
    await anna.say(id, 'we walked to Skagen')
    const summary = await anna.say(id, '/summary')
    expect(summary.body.text).not.toBe('')
    expect((await anna.get(`/api/conversations/${id}`)).body.summary).toBe(summary.body.text)
    const title = await anna.say(id, '/title')
    expect(title.body.state).toBe('complete')
    expect((await anna.get(`/api/conversations/${id}`)).body.title).not.toBe('before')
  })
})

describe('the lists for the page', () => {
  it('tell the commands', async () => {
    const answer = await anna.get('/api/commands')
    const commands = CommandDescription.array().parse(answer.body)
    expect(commands.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['image', 'help', 'title', 'summary', 'memory', 'model', 'retry']),
    )
    expect(commands.find(({ name }) => name === 'image')?.aliases).toEqual(
      expect.arrayContaining(['imagine', 'generate', 'draw']),
    )
  })

  it('tell the models, with one default of each kind', async () => {
    const models = ModelLists.parse((await anna.get('/api/models')).body)
    expect(models.image.filter((model) => model.default)).toMatchObject([
      { id: 'google/gemini-3.1-flash-image-preview', available: true },
    ])
    expect(models.chat.filter((model) => model.default)).toHaveLength(1)
    expect(models.refine).toBe('anthropic/claude-haiku-4.5')
  })
})
