import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { steeredStream, when } from '../support/fake-openrouter/behaviours.ts'
import { richTalk, shown } from './talk.ts'

let easel: Easel
let anna: Client
let bob: Client
beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
  bob = await easel.user('bob')
})
afterAll(() => easel.close())

const fork = (client: Client, id: string, message_id: string) =>
  client.post(`/api/conversations/${id}/fork`, { message_id })

const imageFile = (id: string, filename: string) =>
  path.join(easel.storageDir, 'conversations', id, 'images', filename)

it('copies the path to a message, pictures included, and no other branch', async () => {
  const talk = await richTalk(easel, anna)
  const original = await shown(anna, talk.id)
  const answer = await fork(anna, talk.id, talk.seen.id)
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)])
  const id = answer.body.id
  expect(answer.body).toMatchObject({
    title: 'The lighthouse',
    message_count: 8,
    settings: { aspect_ratio: '16:9' },
    pinned: false,
    active_turn_id: null,
  })
  expect(answer.body.memory_pad).toContain(`/api/conversation-image/${id}/`)

  const copy = await shown(anna, id)
  expect(copy.map((message: { text: string }) => message.text)).toEqual(
    original.map((message: { text: string }) => message.text.replaceAll(talk.id, id)),
  )
  expect(copy.at(-1).id).toBe(answer.body.active_message_id)
  const ids = new Set(original.map((message: { id: string }) => message.id))
  for (const message of copy) {
    expect(ids.has(message.id)).toBe(false)
    expect(message).toMatchObject({ conversation_id: id, turn_id: null })
    expect(message.siblings).toBeUndefined()
  }
  const [fox, darker] = [copy[3].generated_images[0], copy[5].generated_images[0]]
  expect(fox).toMatchObject({
    number: 1,
    starred: true,
    sha256: talk.fox.image.sha256,
    message_id: copy[3].id,
  })
  expect(darker).toMatchObject({ number: 2, parent_id: fox.id })
  expect(copy[6].attachments).toMatchObject([{ id: talk.upload.id }, { id: fox.id, url: fox.url }])

  const recipe = await anna.get(`/api/images/${darker.id}`)
  expect(recipe.body.ancestors).toMatchObject([{ id: fox.id }])
  const used: string[] = recipe.body.recipe.context?.message_ids ?? []
  expect(used.every((message) => copy.some((other: { id: string }) => other.id === message))).toBe(true)

  // One file on the disk, two names.
  const [one, two] = [imageFile(talk.id, fox.filename), imageFile(id, fox.filename)].map((file) =>
    statSync(file),
  )
  expect(two?.ino).toBe(one?.ino)
  const files = readdirSync(path.dirname(imageFile(id, fox.filename)))
  expect(new Set(files).difference(new Set(['previews']))).toEqual(new Set([fox.filename, darker.filename]))
})

it('stands on its own: each lives on when the other is deleted', async () => {
  const talk = await richTalk(easel, anna)
  const [kept, dropped] = await Promise.all([
    fork(anna, talk.id, talk.seen.id),
    fork(anna, talk.id, talk.seen.id),
  ])
  expect((await anna.delete(`/api/conversations/${dropped.body.id}`)).status).toBe(204)
  // What was served a moment ago may come from memory; these are the files.
  expect(readFileSync(imageFile(talk.id, talk.fox.image.filename))).toEqual(talk.fox.bytes)

  await anna.patch(`/api/conversations/${kept.body.id}/messages/${kept.body.active_message_id}`, {
    text: 'Corrected here.',
  })
  expect((await shown(anna, talk.id)).at(-1).text).not.toBe('Corrected here.')

  expect((await anna.delete(`/api/conversations/${talk.id}`)).status).toBe(204)
  const copy = await shown(anna, kept.body.id)
  const pictures = [copy[3].generated_images[0], copy[5].generated_images[0], ...copy[6].attachments]
  const served = await Promise.all(pictures.map((image: { url: string }) => anna.ask('HEAD', image.url)))
  expect(served.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(readFileSync(imageFile(kept.body.id, talk.fox.image.filename))).toEqual(talk.fox.bytes)
  expect(readFileSync(imageFile(kept.body.id, talk.darker.image.filename))).toEqual(talk.darker.bytes)

  const next = await anna.say(kept.body.id, '/image a whale --raw')
  expect(next.body.generated_images).toMatchObject([{ number: 3 }])
})

it('keeps summaries where they stand, and shows the one of its own path', async () => {
  const id = await anna.conversation()
  for (const text of ['One.', 'Two.', 'Three.']) await anna.say(id, text)
  const messages = await shown(anna, id)
  const db = new Database(path.join(easel.storageDir, 'easel.sqlite'))
  db.pragma('busy_timeout = 5000')
  const summarise = db.prepare('update messages set summary = ? where id = ?')
  summarise.run('They counted to one.', messages[1].id)
  summarise.run('They counted to three.', messages[5].id)
  db.close()
  const { body } = await fork(anna, id, messages[3].id)
  expect(body).toMatchObject({ summary: 'They counted to one.', message_count: 4 })
  const copy = await shown(anna, body.id)
  expect(copy.map((message: { summarized?: boolean }) => message.summarized ?? false)).toEqual([
    false,
    true,
    false,
    false,
  ])
})

it('copies an answer that is still being written as interrupted', async () => {
  const id = await anna.conversation()
  const answering = steeredStream()
  easel.fake?.next(when((request) => JSON.stringify(request).includes('endless tale'), answering.behaviour))
  const streamed = anna.stream(id, 'Tell me an endless tale.')
  await answering.send('Once upon a time')
  const { body } = await anna.get(`/api/conversations/${id}`)
  const copy = await fork(anna, id, body.active_message_id)
  expect(copy.body.active_turn_id).toBeNull()
  expect((await shown(anna, copy.body.id)).at(-1)).toMatchObject({ sender: 'model', state: 'interrupted' })
  expect((await anna.say(copy.body.id, 'And here?')).status).toBe(200)
  await answering.finish()
  await streamed
  expect((await shown(anna, id)).at(-1).state).toBe('complete')
})

it('copies a picture whose file is gone as the gap that it is', async () => {
  const talk = await richTalk(easel, anna)
  rmSync(imageFile(talk.id, talk.fox.image.filename))
  const { status, body } = await fork(anna, talk.id, talk.darker.message.id)
  expect(status).toBe(201)
  const copy = await shown(anna, body.id)
  expect((await anna.ask('HEAD', copy[3].generated_images[0].url)).status).toBe(404)
  expect((await anna.ask('HEAD', copy[5].generated_images[0].url)).status).toBe(200)
})

it('answers strangers, made-up ids and messages of other conversations as if there were nothing', async () => {
  const mine = await anna.conversation()
  const { body: message } = await anna.say(mine, 'Mine.')
  const other = await anna.conversation()
  const bobs = await bob.conversation()
  const none = '01990000-0000-7000-8000-000000000000'
  const before = readdirSync(path.join(easel.storageDir, 'conversations')).length

  const strangers = await Promise.all([fork(bob, mine, message.id), fork(bob, none, message.id)])
  expect(strangers.map(({ status }) => status)).toEqual([404, 404])
  expect({ ...strangers[0]?.body, request_id: '' }).toEqual({ ...strangers[1]?.body, request_id: '' })
  const elsewhere = await Promise.all([
    fork(anna, other, message.id),
    fork(anna, mine, none),
    fork(bob, bobs, message.id),
  ])
  expect(elsewhere.map(({ status }) => status)).toEqual([404, 404, 404])
  expect((await fork(easel.nobody(), mine, message.id)).status).toBe(401)
  expect((await anna.post(`/api/conversations/${mine}/fork`, {})).status).toBe(400)
  expect(readdirSync(path.join(easel.storageDir, 'conversations'))).toHaveLength(before)
})
