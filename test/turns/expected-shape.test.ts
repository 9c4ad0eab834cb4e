import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventsOf, type Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'

let easel: Easel
let anna: Client
let conversation: string
beforeAll(async () => {
  easel = await startEasel({ offline: true })
  anna = await easel.user()
  conversation = await anna.conversation()
})
afterAll(() => easel.close())

/** The shape that was told before the picture came, and the picture. */
async function painted(wish: string, more: Record<string, unknown> = {}) {
  const streamed = await anna.stream(conversation, wish, { body: more })
  const [told] = eventsOf(streamed, 'image_start').map((event) => event.aspect_ratio)
  const [image] = eventsOf(streamed, 'image')
  if (!image) throw new Error('no picture came')
  return { told, image }
}

it('tells the shape of a picture before it is painted, also where none was asked for', async () => {
  const mountains = await painted('/image mountains, flat')
  expect(mountains.told).toBe('3:2')
  expect([mountains.image.width, mountains.image.height]).toEqual([1248, 832])
  const fox = await painted('/image a fox, flat, in 9:16')
  expect(fox.told).toBe('9:16')
  expect([fox.image.width, fox.image.height]).toEqual([768, 1344])
})

it('tells the shape of the picture that is changed', async () => {
  const { image } = await painted('/image a lighthouse, flat --aspect 21:9')
  const darker = await painted('/image make it darker', { image_options: { edit: image.id } })
  expect(darker.told).toBe(`${image.width}:${image.height}`)
  expect([darker.image.width, darker.image.height]).toEqual([image.width, image.height])
})
