import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import {
  asksForPicture,
  asksForRefinement,
  hold,
  steeredStream,
  text,
  textStream,
  when,
} from '../support/fake-openrouter/behaviours.ts'
import type { ChatRequest } from '../support/fake-openrouter/index.ts'
import { eventsOf, type Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'

let easel: Easel
let anna: Client
beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
})
afterAll(() => easel.close())

const systemOf = (body: ChatRequest) => JSON.stringify(body.messages[0])
const isSummary = (body: ChatRequest) => systemOf(body).includes('running summary')
const isTitle = (body: ChatRequest) => systemOf(body).includes('a title of three to six words')
const isExtract = (body: ChatRequest) => systemOf(body).includes('You find facts for a painter')
const isChat = (body: ChatRequest) => systemOf(body).includes('You are the model in Easel')

it('passes each token on as it arrives, and settles what the provider charged', async () => {
  const conversation = await anna.conversation()
  const steered = steeredStream()
  easel.fake?.next(when(isChat, steered.behaviour))
  const words = ['Two ', 'gulls ', 'and a 🦊', '.']
  const arrived = words.map(() => Promise.withResolvers<void>())
  let seen = 0
  const streaming = anna.stream(conversation, 'What is there?', {
    until({ event }) {
      if (event.type === 'delta') arrived[seen++]?.resolve()
      return false
    },
  })
  await steered.opened
  for (const [index, word] of words.entries()) {
    await steered.send(word)
    // Nothing more was sent: if this word waited for the next one, the test would end here.
    await arrived[index]?.promise
  }
  await steered.finish()
  const streamed = await streaming
  expect(eventsOf(streamed, 'delta').map((delta) => delta.text)).toEqual(words)
  const [done] = eventsOf(streamed, 'done')
  expect(done?.message).toMatchObject({ state: 'complete', text: words.join(''), sender: 'model' })
  expect(done?.message.cost_usd).toBeGreaterThan(0)
})

it('continues exactly where a client stopped, live, after the end, and after a restart', async () => {
  const conversation = await anna.conversation()
  const held = hold({ of: textStream({ chunks: ['one ', 'two ', 'three ', 'four'] }) })
  easel.fake?.next(when(isChat, held.behaviour))
  const first = anna.stream(conversation, 'Count.', { until: ({ event }) => event.type === 'context' })
  await held.reached
  const { events } = await first
  const turnId = events[0]?.event.type === 'turn' ? events[0].event.turn_id : ''
  const following = anna.follow(turnId, 2)
  held.release()
  const rest = await following
  expect(rest.events.map(({ id }) => id)).toEqual(rest.events.map((_, index) => index + 3))
  expect(
    eventsOf(rest, 'delta')
      .map((delta) => delta.text)
      .join(''),
  ).toBe('one two three four')

  const whole = await anna.follow(turnId)
  await easel.restart()
  expect(await anna.follow(turnId)).toEqual(whole)
  expect((await anna.follow(turnId, 4)).events).toEqual(whole.events.slice(4))
  const last = whole.events.at(-1)?.id ?? 0
  expect((await anna.follow(turnId, last)).events.every(({ event }) => event.type === 'done')).toBe(true)
})

it('finds a title after the first turn, and leaves one that the user gave', async () => {
  const conversation = await anna.conversation()
  easel.fake?.next(when(isTitle, text({ chunks: ['“Foxes of the north.”'] })))
  await anna.say(conversation, 'Tell me about arctic foxes.')
  await vi.waitFor(async () => {
    expect((await anna.get(`/api/conversations/${conversation}`)).body.title).toBe('Foxes of the north')
  })
  const named = await anna.conversation('Mine')
  await anna.say(named, 'Tell me about arctic foxes.')
  expect((await anna.get(`/api/conversations/${named}`)).body.title).toBe('Mine')
})

it('sums up a long conversation in the background, and prompts with the summary from then on', async () => {
  const conversation = await anna.conversation('Long')
  easel.fake?.always(when(isSummary, text({ chunks: ['They speak of a red door at Skagen.'] })))
  for (let turn = 1; turn <= 14; turn += 1) await anna.say(conversation, `Remark ${turn} on the door.`)
  await vi.waitFor(async () => {
    expect((await anna.get(`/api/conversations/${conversation}`)).body.summary).toBe(
      'They speak of a red door at Skagen.',
    )
  })
  await anna.say(conversation, 'And now?')
  const prompt = easel.asked().findLast(isChat)
  expect(systemOf(prompt as ChatRequest)).toContain('They speak of a red door at Skagen.')
  expect(JSON.stringify(prompt?.messages)).not.toContain('Remark 1 on')
  expect(JSON.stringify(prompt?.messages)).toContain('Remark 14 on')
  const { body } = await anna.get(`/api/conversations/${conversation}/messages?limit=200`)
  expect(body.items.filter((message: { summarized?: boolean }) => message.summarized)).toHaveLength(1)
  easel.fake?.reset()
})

it('grounds a picture in what earlier parts of the conversation say about it', async () => {
  const conversation = await anna.conversation('Deep')
  await anna.say(conversation, 'The harbourmaster Ingeborg wears a green oilskin and has a glass eye.')
  for (let turn = 1; turn <= 5; turn += 1) await anna.say(conversation, `Something else, number ${turn}.`)
  await anna.patch(`/api/conversations/${conversation}`, { memory_pad: 'Everything in gouache.' })
  easel.fake?.next(when(isExtract, text({ chunks: ['Ingeborg wears a green oilskin.'] })))
  const streamed = await anna.stream(conversation, '/image a portrait of Ingeborg')
  expect(eventsOf(streamed, 'context')[0]).toMatchObject({ deep: true, memory_pad: true, messages: 4 })
  const refined = JSON.stringify(easel.asked().findLast((body) => asksForRefinement(body))?.messages)
  expect(refined).toContain('Ingeborg wears a green oilskin.')
  expect(refined).toContain('Everything in gouache.')
  expect(refined).toContain('Something else, number 5.')
  expect(refined).not.toContain('Something else, number 3.')
  const recipe = await anna.get(`/api/images/${eventsOf(streamed, 'image')[0]?.id}`)
  expect(recipe.body.recipe).toMatchObject({
    raw_prompt: 'a portrait of Ingeborg',
    fallback: false,
    context: { deep: true, memory_pad: true },
  })
  expect(recipe.body.recipe.context.message_ids.length).toBeGreaterThanOrEqual(5)
})

it('describes a picture in the background, for search and for models that do not see', async () => {
  const conversation = await anna.conversation('Described')
  const painted = await anna.stream(conversation, '/image a quince on a plate --raw')
  const id = eventsOf(painted, 'image')[0]?.id
  easel.fake?.always(
    when(
      (body) => systemOf(body).includes('people who cannot see it'),
      text({ chunks: ['Quince on blue plate\nA yellow quince lies on a blue plate in soft light.'] }),
    ),
  )
  await vi.waitFor(async () => {
    expect((await anna.get(`/api/images/${id}`)).body).toMatchObject({
      caption: expect.any(String),
      alt: expect.stringMatching(/quince/i),
    })
    const found = await anna.get('/api/images?q=quince')
    expect(found.body.items.map((image: { id: string }) => image.id)).toContain(id)
  })
  easel.fake?.reset()
})

it('keeps commands out of what models are told', async () => {
  const conversation = await anna.conversation('Commands')
  const help = await anna.say(conversation, '/help')
  expect(help.body).toMatchObject({
    state: 'complete',
    kind: 'help',
    text: expect.stringContaining('/image'),
  })
  await anna.say(conversation, 'Hello there')
  const prompt = easel.asked().findLast(isChat)
  expect(prompt?.messages.map((message) => message.role)).toEqual(['system', 'user'])
  expect(easel.asked().filter(asksForPicture)).not.toContain(prompt)
})
