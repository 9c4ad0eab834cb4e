import { expect } from 'vitest'
import type { Client } from '../support/client.ts'
import { sendFile } from '../support/archives.ts'
import { asksForPicture, errorStatus, picture, when } from '../support/fake-openrouter/behaviours.ts'
import type { Easel } from '../support/easel.ts'
import { samplePng } from '../support/sample-pictures.ts'

/** A conversation with everything in it that an export and a fork must not lose. */
export async function richTalk(easel: Easel, client: Client) {
  const id = await client.conversation('The lighthouse')
  const first = await client.say(id, 'Our lighthouse at Skagen has a red door.')

  const paint = async (text: string, seed: number, more: Record<string, unknown> = {}) => {
    const bytes = await samplePng({ width: 320, height: 180, seed })
    easel.fake?.next(when(asksForPicture, picture({ bytes })))
    const { body } = await client.say(id, text, more)
    expect(body.state).toBe('complete')
    const [image] = body.generated_images
    if (!image) throw new Error('nothing was painted')
    return { message: body, image, bytes }
  }
  const fox = await paint('/image a fox before the lighthouse --raw', 1)
  const darker = await paint('/image darker --raw', 2, { image_options: { edit: fox.image.id } })

  const photo = await samplePng({ width: 90, height: 60, seed: 'photo' })
  const upload = (await sendFile(client, '/api/uploads', photo)).body
  const seen = await client.say(id, 'What do you see in these two?', {
    attachments: [upload.id, fox.image.id],
  })

  // Another branch from the fox on, with the same photo and a picture of its own.
  const elsewhere = await paint('/image a seal instead --raw', 3, {
    parent_id: fox.message.id,
    attachments: [upload.id],
  })
  easel.fake?.next(when(asksForPicture, errorStatus(503)))
  const failed = (await client.get(`/api/conversations/${id}`)).body.active_message_id
  await client.say(id, '/image one that fails --raw')

  await client.patch(`/api/images/${fox.image.id}`, { starred: true, alt: 'A fox [red] at dusk' })
  await client.patch(`/api/conversations/${id}`, {
    memory_pad: `The door is red: ![door](${fox.image.url})`,
    settings: { aspect_ratio: '16:9' },
    active_message_id: seen.body.id,
  })
  return { id, first: first.body, fox, darker, upload, photo, seen: seen.body, elsewhere, failed }
}

/** The shown branch, oldest first. */
export async function shown(client: Client, id: string) {
  const answer = await client.get(`/api/conversations/${id}/messages?limit=200`)
  expect(answer.status).toBe(200)
  return answer.body.items
}
