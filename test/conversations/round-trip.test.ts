import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client } from '../support/client.ts'
import { filesIn, sendFile, zipAgain } from '../support/archives.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { steeredStream, when } from '../support/fake-openrouter/behaviours.ts'
import { sampleJpeg } from '../support/sample-pictures.ts'
import { richTalk, shown } from './talk.ts'

let easel: Easel
let anna: Client
let bob: Client
let talk: Awaited<ReturnType<typeof richTalk>>
beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
  bob = await easel.user('bob')
  talk = await richTalk(easel, anna)
})
afterAll(() => easel.close())

async function exported(client: Client, id: string) {
  const answer = await client.bytes(`/api/conversations/${id}/export?format=json`)
  expect(answer.status).toBe(200)
  return { headers: answer.headers, zip: answer.bytes, files: await filesIn(answer.bytes) }
}

function documentOf(files: Map<string, Buffer>) {
  return JSON.parse(files.get('conversation.json')?.toString() ?? '')
}

/** A document in which each id is its place among the ids, and the conversation's own times are gone. */
function plain(document: ReturnType<typeof documentOf>) {
  const { exported_at: _, conversation, ...rest } = document
  const { created_at: __, updated_at: ___, ...kept } = conversation
  const places = new Map<string, string>()
  const text = JSON.stringify({ ...rest, conversation: kept }).replace(
    /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g,
    (id) => {
      if (!places.has(id)) places.set(id, `id ${places.size}`)
      return places.get(id) ?? ''
    },
  )
  return JSON.parse(text)
}

it('exports every branch with its pictures, recipes and attachments under a readable name', async () => {
  const { headers, files } = await exported(anna, talk.id)
  expect(headers['content-disposition']).toMatch(
    /^attachment; filename="easel-\d{4}-\d\d-\d\d-\d{4}-the-lighthouse\.zip"/,
  )
  const document = documentOf(files)
  expect(document).toMatchObject({
    format: 'easel-conversation',
    version: 1,
    active_message_id: talk.seen.id,
    missing: [],
    conversation: { title: 'The lighthouse', settings: { aspect_ratio: '16:9' } },
  })
  const texts = document.messages.map((message: { text: string }) => message.text)
  expect(texts).toHaveLength(12)
  expect(texts).toContain('/image a seal instead --raw')
  expect(document.messages.at(-1)).toMatchObject({
    state: 'failed',
    error: { code: 'openrouter_error', reason: 'unavailable' },
  })

  const images = document.messages.flatMap(
    (message: { generated_images: unknown[] }) => message.generated_images,
  )
  expect(images).toMatchObject([
    { id: talk.fox.image.id, number: 1, starred: true, alt: 'A fox [red] at dusk', parent_id: null },
    { number: 2, parent_id: talk.fox.image.id, source: 'edit', recipe: { raw_prompt: 'darker' } },
    { number: 3, recipe: { raw_prompt: 'a seal instead', parameters: { raw: true } } },
  ])
  const foxFile = `images/${talk.fox.image.filename}`
  expect(files.get(foxFile)).toEqual(talk.fox.bytes)
  expect([...files.keys()]).toEqual([
    'conversation.json',
    foxFile,
    `images/${talk.darker.image.filename}`,
    expect.stringMatching(/^attachments\/img_[0-9a-f]{16}\.png$/),
    `images/${talk.elsewhere.image.filename}`,
  ])
  const asked = document.messages.find((message: { text: string }) => message.text.startsWith('What do you'))
  expect(asked.attachments).toMatchObject([{ id: talk.upload.id }, { id: talk.fox.image.id, file: foxFile }])
})

it('gives back the same conversation from its own export, for another user too', async () => {
  const before = await exported(anna, talk.id)
  const answer = await sendFile(bob, '/api/conversations/import', before.zip)
  expect([answer.status, answer.text]).toEqual([201, expect.stringContaining('The lighthouse')])
  const id = answer.body.id
  expect(id).not.toBe(talk.id)
  expect(answer.body).toMatchObject({ message_count: 12, active_turn_id: null, title: 'The lighthouse' })

  const after = await exported(bob, id)
  expect(plain(documentOf(after.files))).toEqual(plain(documentOf(before.files)))
  expect([...after.files].slice(1)).toEqual([...before.files].slice(1))

  const branch = await shown(bob, id)
  expect(branch.map((message: { text: string }) => message.text)).toEqual(
    (await shown(anna, talk.id)).map((message: { text: string }) => message.text.replaceAll(talk.id, id)),
  )
  expect(branch.every((message: { turn_id: unknown }) => message.turn_id === null)).toBe(true)
  const [image] = branch[3].generated_images
  expect(branch[3].text).toContain(`](/api/conversation-image/${id}/${talk.fox.image.filename})`)
  expect((await bob.bytes(image.url)).bytes).toEqual(talk.fox.bytes)
  const folder = path.join(easel.storageDir, 'conversations', id, 'images')
  expect(readFileSync(path.join(folder, image.filename))).toEqual(talk.fox.bytes)
  expect((await anna.bytes(image.url)).status).toBe(404)
  expect(answer.body.memory_pad).toContain(`/api/conversation-image/${id}/`)
  // The siblings that branch off after the fox are siblings here, too.
  expect(branch[4].siblings).toMatchObject({ index: 0, total: 2 })

  // It goes on like any other conversation: the next picture is number 4.
  const next = await bob.say(id, '/image a whale --raw')
  expect(next.body.generated_images).toMatchObject([{ number: 4 }])
})

it('brings nothing into the ledger, nothing to pay for later, and is found by its words', async () => {
  const carol = await easel.user('carol')
  const { body } = await sendFile(carol, '/api/conversations/import', (await exported(anna, talk.id)).zip)
  const found = await carol.get('/api/conversations?q=Skagen')
  expect(found.body.items).toMatchObject([{ id: body.id }])
  const pictures = await carol.get('/api/images?starred=true')
  expect(pictures.body.items).toMatchObject([{ conversation_id: body.id, number: 1 }])

  const db = new Database(path.join(easel.storageDir, 'easel.sqlite'), { readonly: true })
  const count = (sql: string) => db.prepare<[string], number>(sql).pluck().get(carol.user.id)
  expect(count('select count(*) from images where user_id = ?')).toBe(4)
  // A picture that nobody described yet is sent to a model.
  expect(count('select count(*) from images where user_id = ? and described = 0')).toBe(0)
  expect(count('select count(*) from generations where user_id = ?')).toBe(0)
  expect(count('select count(*) from images where user_id = ? and expires_at is not null')).toBe(0)
  db.close()
})

it('keeps each picture under the hash of its own bytes, whatever the file says of it', async () => {
  const { files } = await exported(anna, talk.id)
  const other = await sampleJpeg({ width: 64, height: 48, seed: 'other' })
  files.set(`images/${talk.fox.image.filename}`, other)
  const answer = await sendFile(bob, '/api/conversations/import', zipAgain(files))
  expect(answer.status).toBe(201)
  const branch = await shown(bob, answer.body.id)
  const [image] = branch[3].generated_images
  const served = await bob.bytes(image.url)
  expect(image).toMatchObject({
    width: 64,
    height: 48,
    bytes: served.bytes.length,
    sha256: createHash('sha256').update(served.bytes).digest('hex'),
  })
  expect(image.filename).toBe(`img_${image.sha256.slice(0, 16)}.png`)
  expect(branch[3].text).toContain(image.url)
  expect(answer.body.memory_pad).toContain(image.filename)
})

it('exports a picture whose file is gone by name only, and what is left can be imported', async () => {
  const { body } = await sendFile(bob, '/api/conversations/import', (await exported(anna, talk.id)).zip)
  const gone = `img_${talk.fox.image.sha256.slice(0, 16)}.png`
  rmSync(path.join(easel.storageDir, 'conversations', body.id, 'images', gone))
  const { zip, files } = await exported(bob, body.id)
  expect(documentOf(files).missing).toMatchObject([{ filename: gone }, { filename: gone }])
  const again = await sendFile(bob, '/api/conversations/import', zip)
  expect(again.status).toBe(201)
  expect((await shown(bob, again.body.id))[5].generated_images).toMatchObject([
    { number: 2, parent_id: null },
  ])
})

it('exports a turn that runs with what is saved of it, as interrupted', async () => {
  const id = await anna.conversation('Running')
  const answering = steeredStream()
  easel.fake?.next(
    when((request) => JSON.stringify(request).includes('Tell me of the sea'), answering.behaviour),
  )
  const streamed = anna.stream(id, 'Tell me of the sea.')
  await answering.send('The sea is')
  const { files } = await exported(anna, id)
  expect(documentOf(files)).toMatchObject({
    messages: [
      { text: 'Tell me of the sea.', state: 'complete' },
      { sender: 'model', state: 'interrupted' },
    ],
  })
  const imported = await sendFile(anna, '/api/conversations/import', zipAgain(files))
  expect(imported.body).toMatchObject({ message_count: 2, active_turn_id: null })
  await answering.finish()
  await streamed
})

it('writes the shown branch as one readable document with its pictures beside it', async () => {
  const answer = await anna.bytes(`/api/conversations/${talk.id}/export?format=markdown`)
  const files = await filesIn(answer.bytes)
  const text = files.get('conversation.md')?.toString() ?? ''
  expect(text).toMatch(/^# The lighthouse\n\nExported from Easel on \d{4}-\d\d-\d\d \d\d:\d\d UTC\.\n/)
  const order = [
    '## You · ',
    'Our lighthouse at Skagen has a red door.',
    '## Model (',
    `![Generated Image](images/${talk.fox.image.filename})`,
    '/image darker --raw',
    `![Generated Image](images/${talk.darker.image.filename})`,
    'What do you see in these two?',
    '![Uploaded picture](attachments/img_',
    '![A fox \\[red\\] at dusk](images/',
  ]
  let at = -1
  for (const part of order) {
    const next = text.indexOf(part, at + 1)
    expect([part, next > at]).toEqual([part, true])
    at = next
  }
  expect(text).not.toContain('/api/')
  // A picture that stands in the text is not shown once more below it.
  expect(text.split(talk.darker.image.filename)).toHaveLength(2)
  expect(text).not.toContain('a seal instead')
  const linked = [...text.matchAll(/\]\(((?:images|attachments)\/[^)]+)\)/g)].map((match) => match[1])
  expect(new Set(linked)).toEqual(new Set([...files.keys()].slice(1)))
  expect(files.get(`images/${talk.fox.image.filename}`)).toEqual(talk.fox.bytes)
})

it('answers a stranger, and a made-up id, as if there were nothing', async () => {
  const none = '01990000-0000-7000-8000-000000000000'
  const answers = await Promise.all([
    bob.get(`/api/conversations/${talk.id}/export`),
    bob.get(`/api/conversations/${none}/export?format=markdown`),
    anna.get(`/api/conversations/${none}/export`),
  ])
  for (const { status, body } of answers) {
    expect(status).toBe(404)
    expect({ ...body, request_id: '' }).toEqual({ ...answers[0]?.body, request_id: '' })
  }
  expect((await easel.nobody().get(`/api/conversations/${talk.id}/export`)).status).toBe(401)
  expect((await anna.get(`/api/conversations/${talk.id}/export?format=pdf`)).status).toBe(400)
})

it('takes 10,000 messages in one go without holding others up for long', async () => {
  const id = await anna.conversation('Long')
  const { files } = await exported(anna, id)
  const document = documentOf(files)
  const created_at = document.exported_at
  const idOf = (index: number) => `message-${String(index).padStart(12, '0')}`
  document.messages = Array.from({ length: 10_000 }, (_, index) => ({
    id: idOf(index),
    parent_id: index === 0 ? null : idOf(index - 1),
    sender: index % 2 === 0 ? 'user' : 'model',
    kind: 'chat',
    text: `The ${index}th thing that was said about the lighthouse. `.repeat(8),
    model: null,
    created_at,
    state: 'complete',
    warning: null,
    error: null,
    summary: null,
    cost_usd: null,
    generated_images: [],
    attachments: [],
  }))
  document.active_message_id = idOf(9999)
  files.set('conversation.json', Buffer.from(JSON.stringify(document)))
  const zip = zipAgain(files)

  let longest = 0
  let last = performance.now()
  const ticking = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }, 5)
  const answer = await sendFile(anna, '/api/conversations/import', zip)
  clearInterval(ticking)
  expect(answer.body).toMatchObject({ message_count: 10_000 })
  expect((await shown(anna, answer.body.id)).at(-1).text).toMatch(/^The 9999th thing/)
  // About 60 ms where two cores are shared by few.
  expect(longest).toBeLessThan(1500)
})

it('leaves no temporary file behind', () => {
  const names = readdirSync(easel.storageDir, { recursive: true }).map(String)
  expect(names).toContain(path.join('conversations', talk.id, 'images', talk.fox.image.filename))
  expect(names.filter((name) => path.basename(name).startsWith('.tmp-'))).toEqual([])
})

it('takes back a message as long as messages may be, of characters that are two units of UTF-16', async () => {
  const conversation = await anna.conversation('long')
  const text = '🦊'.repeat(32_000)
  expect((await anna.say(conversation, text)).status).toBe(200)
  const { zip } = await exported(anna, conversation)
  const { status, body } = await sendFile(anna, '/api/conversations/import', zip)
  expect([status, body.message]).toEqual([201, undefined])
  expect((await shown(anna, body.id))[0].text).toBe(text)
})
