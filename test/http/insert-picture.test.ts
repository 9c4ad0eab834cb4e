import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForPicture, hold, picture, when } from '../support/fake-openrouter/behaviours.ts'
import { samplePng } from '../support/sample-pictures.ts'

let easel: Easel
let time = Date.parse('2026-11-20T12:00:00Z')
beforeAll(async () => {
  easel = await startEasel({ now: () => time })
})
afterEach(() => {
  easel.fake?.reset()
  time += 120_000
})
afterAll(() => easel.close())

/** A picture that was painted in the dialog: its id and its bytes. */
async function aside(who: Client, seed: number) {
  const bytes = await samplePng({ seed })
  easel.fake?.next(when(asksForPicture, picture({ bytes })))
  const answer = await who.post('/api/generate-image', { prompt: 'a red barn' })
  return { id: String(answer.body.image_ids[0]), bytes }
}

const gallery = async (who: Client) => (await who.get('/api/images')).body.items

it('keeps a picture of the dialog in the gallery only when it is told to', async () => {
  const anna = await easel.user()
  const { id } = await aside(anna, 11)
  expect(await gallery(anna)).toEqual([])
  expect((await anna.patch(`/api/images/${id}`, { kept: false })).status).toBe(400)
  expect(await anna.patch(`/api/images/${id}`, { kept: true })).toMatchObject({ status: 200, body: { id } })
  expect(await gallery(anna)).toMatchObject([{ id, conversation_id: null, prompt: 'a red barn' }])
})

it('puts a picture at the end of a conversation, where it stays when the other one goes', async () => {
  const anna = await easel.user()
  const conversation = await anna.conversation('farm')
  const said = (await anna.say(conversation, 'A farm in the snow.')).body
  const { id, bytes } = await aside(anna, 12)
  const answer = await anna.post(`/api/conversations/${conversation}/images`, { image_id: id })
  expect(answer.status).toBe(201)
  const [image] = answer.body.generated_images
  expect(answer.body).toMatchObject({
    sender: 'model',
    kind: 'image',
    state: 'complete',
    parent_id: said.id,
    turn_id: null,
    text: `![Generated Image](${image.url})\n\n`,
  })
  expect(image).toMatchObject({
    number: 1,
    conversation_id: conversation,
    source: 'api',
    prompt: 'a red barn',
  })
  expect(image.id).not.toBe(id)
  expect((await anna.get(`/api/conversations/${conversation}`)).body).toMatchObject({
    active_message_id: answer.body.id,
    message_count: 3,
  })
  expect(await gallery(anna)).toMatchObject([{ id: image.id }])

  expect((await anna.delete(`/api/images/${id}`)).status).toBe(204)
  expect((await anna.bytes(image.url)).bytes.equals(bytes)).toBe(true)
  // The talk goes on after it.
  const next = await anna.say(conversation, 'What is on it?')
  const messages = (await anna.get(`/api/conversations/${conversation}/messages`)).body.items
  expect(messages.map((message: { id: string }) => message.id)).toEqual([
    said.parent_id,
    said.id,
    answer.body.id,
    next.body.parent_id,
    next.body.id,
  ])
})

it('shows a picture once that was kept and put into a conversation, and deletes it once', async () => {
  const anna = await easel.user()
  const { id } = await aside(anna, 15)
  await anna.patch(`/api/images/${id}`, { kept: true, starred: true })
  const conversations = [await anna.conversation('barn'), await anna.conversation('field')]
  const copies: string[] = []
  for (const conversation of conversations) {
    const { body } = await anna.post(`/api/conversations/${conversation}/images`, { image_id: id })
    copies.unshift(body.generated_images[0].id)
  }
  const shown = async (query = '') =>
    (await anna.get(`/api/images${query}`)).body.items.map((image: { id: string }) => image.id)
  expect(await shown()).toEqual(copies)
  expect(await shown('?q=barn')).toEqual(copies)
  expect(await shown('?starred=true')).toEqual(copies)

  // What was kept outlives the conversation, and is then seen again.
  expect((await anna.delete(`/api/conversations/${conversations[0]}`)).status).toBe(204)
  expect(await shown()).toEqual([copies[0]])
  expect((await anna.delete(`/api/conversations/${conversations[1]}`)).status).toBe(204)
  expect(await shown()).toEqual([id])

  const again = await anna.conversation('barn once more')
  const { body } = await anna.post(`/api/conversations/${again}/images`, { image_id: id })
  expect((await anna.delete(`/api/images/${body.generated_images[0].id}`)).status).toBe(204)
  expect(await shown()).toEqual([])
  expect((await anna.get(`/api/images/${id}`)).status).toBe(404)
  expect((await anna.bytes(`/api/images/${id}/file`)).status).toBe(404)
})

it('begins an empty conversation with a picture of another one', async () => {
  const anna = await easel.user()
  const first = await anna.conversation()
  const painted = (await anna.say(first, '/image a fox --raw')).body.generated_images[0]
  const second = await anna.conversation()
  const answer = await anna.post(`/api/conversations/${second}/images`, { image_id: painted?.id })
  expect(answer.body).toMatchObject({ parent_id: null, generated_images: [{ source: 'command', number: 1 }] })
  expect((await anna.delete(`/api/conversations/${first}`)).status).toBe(204)
  expect((await anna.bytes(answer.body.generated_images[0].url)).status).toBe(200)
})

it('waits for nobody: a conversation that is being answered refuses, and nothing of it stays', async () => {
  const anna = await easel.user()
  const conversation = await anna.conversation()
  const { id } = await aside(anna, 13)
  const painting = hold()
  easel.fake?.next(when(asksForPicture, painting.behaviour))
  const turn = anna.say(conversation, '/image a goat --raw')
  await painting.reached
  const answer = await anna.post(`/api/conversations/${conversation}/images`, { image_id: id })
  expect(answer).toMatchObject({ status: 409, body: { code: 'turn_in_progress' } })
  painting.release()
  expect((await turn).body.generated_images).toHaveLength(1)
})

it('says that there is no picture when its file is gone, and leaves the conversation as it was', async () => {
  const anna = await easel.user()
  const conversation = await anna.conversation()
  const { id } = await aside(anna, 14)
  const { filename } = (await anna.get(`/api/images/${id}`)).body
  rmSync(path.join(easel.storageDir, 'uploads', anna.user.id, filename))
  const answer = await anna.post(`/api/conversations/${conversation}/images`, { image_id: id })
  expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect((await anna.get(`/api/conversations/${conversation}`)).body.message_count).toBe(0)
  const folder = path.join(easel.storageDir, 'conversations', conversation, 'images')
  expect(existsSync(path.join(folder, filename))).toBe(false)
})

it('finds the pictures of a stretch of time', async () => {
  const anna = await easel.user()
  const conversation = await anna.conversation()
  const made: string[] = []
  for (let day = 0; day < 3; day += 1) {
    time += 86_400_000
    made.push(String((await anna.say(conversation, `/image day ${day} --raw`)).body.generated_images[0]?.id))
  }
  const at = (days: number) => new Date(time + days * 86_400_000).toISOString()
  const ids = async (query: string) =>
    (await anna.get(`/api/images?${query}`)).body.items.map((image: { id: string }) => image.id)
  expect(await ids(`since=${at(-1)}`)).toEqual([made[2], made[1]])
  expect(await ids(`until=${at(-1)}`)).toEqual([made[0]])
  expect(await ids(`since=${at(-1)}&until=${at(0)}`)).toEqual([made[1]])
  expect((await anna.get('/api/images?since=yesterday')).status).toBe(400)
})
