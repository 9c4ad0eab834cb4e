import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import type { Client, Streamed, StreamedEvent } from '../support/client.ts'
import { eventsOf } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { asksForPicture, errorStatus, hold, text, when } from '../support/fake-openrouter/behaviours.ts'
import { lastUserText } from '../support/fake-openrouter/chat-request.ts'
import { chatBody, type ChatRequest, type FakeOpenRouter } from '../support/fake-openrouter/index.ts'

let easel: Easel
let fake: FakeOpenRouter
let anna: Client
beforeAll(async () => {
  easel = await startEasel()
  if (!easel.fake) throw new Error('these tests need the fake')
  fake = easel.fake
  anna = await easel.user('anna')
})
afterEach(() => fake.reset())
afterAll(() => easel.close())

const json = { accept: 'application/json' }

/** The call of a turn that says these words, or paints; in the background titles and descriptions may be asked for. */
const turnCall = (words: string) => (request: ChatRequest) =>
  asksForPicture(request) || lastUserText(request) === words
const turnCalls = (words: string) => easel.asked().filter(turnCall(words)).length

async function messagesOf(conversation: string): Promise<Message[]> {
  return (await anna.get(`/api/conversations/${conversation}/messages?limit=200`)).body.items
}

/** A turn whose provider stands still until released. */
async function heldTurn(conversation: string, words = 'hello') {
  const held = hold()
  fake.next(when(turnCall(words), held.behaviour))
  const { promise: begun, resolve } = Promise.withResolvers<string>()
  const streamed = anna.stream(conversation, words, {
    until: ({ event }) => {
      if (event.type === 'turn') resolve(event.turn_id)
      return false
    },
  })
  const turnId = await begun
  await held.reached
  return { held, streamed, turnId }
}

const last = (streamed: Streamed) => eventsOf(streamed, 'done')[0]?.message

describe('while a conversation is being answered', () => {
  it('refuses all that would get between, stores none of it, and goes on to its end', async () => {
    const conversation = await anna.conversation('busy')
    const first = await anna.say(conversation, 'first')
    const { held, streamed, turnId } = await heldTurn(conversation, 'second')
    const at = `/api/conversations/${conversation}`
    const refused = await Promise.all([
      anna.say(conversation, 'third'),
      anna.stream(conversation, 'third').then(({ status, events }) => ({ status, body: { code: events } })),
      anna.post(`/send_message/${conversation}`, { messageText: '/help' }, json),
      anna.post(`/send_message/${conversation}`, { messageText: '/image a fox' }, json),
      anna.post(`/api/turns/${turnId}/retry`, undefined, json),
      anna.post(`/api/turns/${first.body.turn_id}/retry`, undefined, json),
      anna.patch(at, { active_message_id: first.body.id }),
      anna.patch(`${at}/messages/${first.body.id}`, { text: 'changed' }),
      anna.delete(`${at}/messages/${first.body.id}`),
      anna.delete(at),
    ])
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 409))
    expect(refused.filter(({ body }) => body.code === 'turn_in_progress')).toHaveLength(refused.length - 1)

    expect((await anna.get(at)).body).toMatchObject({ active_turn_id: turnId, message_count: 4 })
    expect((await anna.get(`/api/turns/${turnId}`)).body).toMatchObject({ state: 'running', kind: 'chat' })
    expect((await messagesOf(conversation)).at(-1)).toMatchObject({ state: 'streaming', sender: 'model' })
    // What does not touch the messages is free.
    expect((await anna.patch(at, { title: 'still busy', pinned: true })).status).toBe(200)

    held.release()
    expect(last(await streamed)).toMatchObject({ state: 'complete' })
    expect((await anna.get(at)).body).toMatchObject({ active_turn_id: null, message_count: 4 })
    expect((await anna.get(`/api/turns/${turnId}`)).body).toMatchObject({ state: 'complete' })
  })

  it('answers other conversations', async () => {
    const { held, streamed } = await heldTurn(await anna.conversation())
    const other = await anna.say(await anna.conversation(), 'meanwhile')
    expect(other).toMatchObject({ status: 200, body: { state: 'complete' } })
    held.release()
    await streamed
  })
})

describe('what a stream tells of its messages', () => {
  const ends: Record<string, () => Parameters<FakeOpenRouter['next']>[0]> = {
    complete: () => text(),
    failed: () => errorStatus(402),
  }
  for (const [state, answer] of Object.entries(ends)) {
    it(`is what stands in the conversation: ${state}`, async () => {
      const conversation = await anna.conversation(`told ${state}`)
      for (const words of [`first ${state}`, `second ${state}`]) {
        fake.next(when(turnCall(words), answer()))
        const streamed = await anna.stream(conversation, words)
        const [user, model] = (await messagesOf(conversation)).slice(-2)
        expect(last(streamed)).toEqual(model)
        expect(model).toMatchObject({ state })
        const [turn] = eventsOf(streamed, 'turn')
        expect(turn?.user_message).toEqual(user)
        expect(turn?.model_message).toMatchObject({ id: model?.id, parent_id: user?.id, state: 'streaming' })
      }
    })
  }

  it('holds for a version, too', async () => {
    const conversation = await anna.conversation('versions')
    const first = await anna.say(conversation, 'one way')
    const other = await anna.stream(conversation, 'another way', { body: { parent_id: null } })
    const stored = await messagesOf(conversation)
    expect(stored.map(({ text }) => text)).toContain('another way')
    expect(eventsOf(other, 'turn')[0]?.user_message).toEqual(stored[0])
    expect(stored[0]?.siblings).toMatchObject({ index: 1, total: 2 })
    const again = await anna.post(`/api/turns/${first.body.turn_id}/retry`, undefined, json)
    expect(again.body.siblings).toMatchObject({ index: 1, total: 2 })
  })
})

describe('Idempotency-Key', () => {
  it('makes one turn and one call of twenty sends at once', async () => {
    const conversation = await anna.conversation('once')
    const held = hold()
    fake.next(when(turnCall('twenty times'), held.behaviour))
    const body = { messageText: 'twenty times' }
    const headers = { 'idempotency-key': 'twenty-1', ...json }
    const sends = Array.from({ length: 20 }, () => anna.post(`/send_message/${conversation}`, body, headers))
    await held.reached
    held.release()
    const answers = await Promise.all(sends)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
    expect(turnCalls('twenty times')).toBe(1)
    expect((await anna.get(`/api/conversations/${conversation}`)).body.message_count).toBe(2)
  })

  it('is not answered anew when what it made was deleted', async () => {
    const conversation = await anna.conversation('gone')
    const ask = () =>
      anna.post(
        `/send_message/${conversation}`,
        { messageText: 'then deleted' },
        { 'idempotency-key': 'gone-1', ...json },
      )
    const { body } = await ask()
    await anna.delete(`/api/conversations/${conversation}/messages/${body.parent_id}`)
    expect(await ask()).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(turnCalls('then deleted')).toBe(1)
    expect((await anna.get(`/api/conversations/${conversation}`)).body.message_count).toBe(0)
  })

  it('joins the running stream from its first event, and repeats it after its end', async () => {
    const conversation = await anna.conversation('joined')
    const headers = { 'idempotency-key': 'join-1' }
    const held = hold({ afterBytes: 400 })
    fake.next(when(turnCall('join me'), held.behaviour))
    const first = anna.stream(conversation, 'join me', { headers })
    await held.reached
    const joined = anna.stream(conversation, 'join me', { headers })
    held.release()
    const repeated = await anna.stream(conversation, 'join me', { headers })
    expect((await joined).events).toEqual((await first).events)
    expect(repeated.events).toEqual((await first).events)
    const waited = await anna.post(
      `/send_message/${conversation}`,
      { messageText: 'join me' },
      { ...headers, ...json },
    )
    expect(waited.body).toEqual(last(await first))
    expect(turnCalls('join me')).toBe(1)
  })

  it('is another request with another body, in another conversation, or at another route', async () => {
    const conversation = await anna.conversation('taken')
    const headers = { 'idempotency-key': 'taken-1', ...json }
    const body = { messageText: 'take me' }
    const first = await anna.post(`/send_message/${conversation}`, body, headers)
    const other = await anna.conversation()
    const answers = [
      await anna.post(`/send_message/${conversation}`, { messageText: 'hello!' }, headers),
      await anna.post(`/send_message/${other}`, body, headers),
      await anna.post(`/api/turns/${first.body.turn_id}/retry`, undefined, headers),
      await anna.post('/api/generate-image', { prompt: 'a fox' }, headers),
    ]
    expect(answers.map(({ status, body: { code } }) => [status, code])).toEqual(
      answers.map(() => [422, 'idempotency_mismatch']),
    )
    expect(turnCalls('take me')).toBe(1)
  })

  it('counts retries once, too, and keeps its answer over a restart', async () => {
    const conversation = await anna.conversation('retried')
    const first = await anna.say(conversation, 'twice me')
    const headers = { 'idempotency-key': 'retry-1', ...json }
    const retry = () => anna.post(`/api/turns/${first.body.turn_id}/retry`, undefined, headers)
    const [once, twice] = [await retry(), await retry()]
    await easel.restart()
    const later = await retry()
    expect([once.status, twice.body, later.body]).toEqual([200, once.body, once.body])
    expect(turnCalls('twice me')).toBe(2)
  })

  it('of a refused request is free again', async () => {
    const conversation = await anna.conversation()
    const headers = { 'idempotency-key': 'refused-1', ...json }
    const refused = await anna.post(`/send_message/${conversation}`, { messageText: '' }, headers)
    expect(refused.status).toBe(400)
    const good = await anna.post(`/send_message/${conversation}`, { messageText: 'hello' }, headers)
    expect(good.status).toBe(200)
  })

  it('of a dialog is one picture for many askers', async () => {
    const headers = { 'idempotency-key': 'dialog-1' }
    const ask = () => anna.post('/api/generate-image', { prompt: 'a fox', better_context: false }, headers)
    const answers = [...(await Promise.all([ask(), ask(), ask()])), await ask()]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(new Set(answers.map(({ body }) => body.images[0])).size).toBe(1)
    expect(turnCalls('')).toBe(1)
  })
})

describe('Accept', () => {
  it.each<[string | undefined, RegExp]>([
    [undefined, /^text\/event-stream/],
    ['*/*', /^text\/event-stream/],
    ['text/event-stream', /^text\/event-stream/],
    ['text/event-stream, application/json', /^text\/event-stream/],
    ['application/json', /^application\/json/],
    ['Application/JSON', /^application\/json/],
    ['application/json, text/plain, */*', /^application\/json/],
  ])('%s', async (accept, type) => {
    const answer = await anna.post(
      `/send_message/${await anna.conversation()}`,
      { messageText: '/help' },
      accept === undefined ? {} : { accept },
    )
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toMatch(type)
    if (type.test('text/event-stream')) {
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      })
      expect(answer.text).toMatch(/^id: 1\nevent: turn\ndata: \{.*\}\n\n/)
      expect(answer.text).toMatch(/event: done\ndata: \{.*\}\n\n$/)
    } else {
      expect(answer.body).toMatchObject({ sender: 'model', state: 'complete', kind: 'help' })
    }
  })

  it('application/json gives a failed turn its own status and body, with the turn', async () => {
    const conversation = await anna.conversation()
    for (const [behaviour, status, body] of [
      [errorStatus(429), 502, { code: 'openrouter_error', reason: 'rate_limited' }],
      [errorStatus(402), 502, { code: 'openrouter_error', reason: 'insufficient_credits' }],
      [errorStatus(503), 502, { code: 'openrouter_error', reason: 'unavailable' }],
    ] as const) {
      fake.next(when(turnCall('fail me'), behaviour))
      const answer = await anna.say(conversation, 'fail me')
      expect(answer).toMatchObject({ status, body: { status: 'error', ...body } })
      expect(answer.body).toMatchObject({ request_id: answer.headers['x-request-id'] })
      const turn = await anna.get(`/api/turns/${answer.body.turn_id}`)
      expect(turn.body).toMatchObject({ state: 'failed', error: body, message: { state: 'failed' } })
      // The same error wherever it stands, with nothing of the event that told of it.
      const { turn_id: id } = answer.body
      expect(answer.body).toEqual({ ...turn.body.error, request_id: answer.body.request_id, turn_id: id })
    }
  })
})

describe('the events of a turn', () => {
  it('go on exactly after Last-Event-ID, whatever it is, also after a restart', async () => {
    const conversation = await anna.conversation('resumed')
    const streamed = await anna.stream(conversation, '/image a fox')
    const turnId = last(streamed)?.turn_id ?? ''
    for (const round of ['live', 'restarted']) {
      for (const after of [0, 1, 3, streamed.events.length - 1, streamed.events.length]) {
        const rest = await anna.follow(turnId, after)
        expect([round, after, rest.events]).toEqual([round, after, streamed.events.slice(after)])
      }
      await easel.restart()
    }
    const byQuery = await anna.get(`/api/turns/${turnId}/events?last_event_id=2`)
    expect(byQuery.text).toMatch(/^id: 3\n/)
  })

  it('begin at the first for a Last-Event-ID that is none', async () => {
    const done = await anna.say(await anna.conversation(), '/help')
    for (const id of ['x', '-1', '1.5', '9'.repeat(30)]) {
      const answer = await anna.get(`/api/turns/${done.body.turn_id}/events`, {
        headers: { 'last-event-id': id },
      })
      expect([id, answer.text.split('\n')[0]]).toEqual([id, 'id: 1'])
    }
  })
})

it('a running turn asked by HEAD gives its headers at once, and goes on', async () => {
  const { held, streamed, turnId } = await heldTurn(await anna.conversation())
  const head = await anna.ask('HEAD', `/api/turns/${turnId}/events`)
  expect(head).toMatchObject({ status: 200, text: '' })
  expect(head.headers['content-type']).toMatch(/^text\/event-stream/)
  held.release()
  expect(last(await streamed)).toMatchObject({ state: 'complete' })
})

it('an error in the stream bears the id of the request that began the turn', async () => {
  fake.next(when(turnCall('fail me'), errorStatus(503)))
  const answer = await anna.post(`/send_message/${await anna.conversation()}`, { messageText: 'fail me' })
  const data = /event: error\ndata: (.*)/.exec(answer.text)?.[1] ?? ''
  expect(JSON.parse(data)).toMatchObject({ status: 'error', request_id: answer.headers['x-request-id'] })
})

it('a count that is typed wins over the options, also when it is one', async () => {
  const more = { image_options: { n: 2 } }
  const answer = await anna.say(await anna.conversation(), '/image a fox --raw --n 1', more)
  expect(answer.body.generated_images).toHaveLength(1)
})

describe('somebody with forty streams open', () => {
  it('is refused one more before anything begins, and may wait for JSON or poll', async () => {
    const ben = await easel.user('ben')
    const [busy, other] = [await ben.conversation(), await ben.conversation()]
    const held = hold()
    fake.next(when(turnCall('stand still'), held.behaviour))
    const { promise: begun, resolve } = Promise.withResolvers<string>()
    const until = ({ event }: StreamedEvent) => {
      if (event.type === 'turn') resolve(event.turn_id)
      return false
    }
    const first = ben.stream(busy, 'stand still', { until })
    const turnId = await begun
    const opened: Promise<void>[] = []
    const others = Array.from({ length: 39 }, () => {
      const { promise, resolve: open } = Promise.withResolvers<void>()
      opened.push(promise)
      return ben.follow(turnId, 0, ({ event }) => {
        if (event.type === 'turn') open()
        return false
      })
    })
    await Promise.all(opened)

    const stream = { accept: 'text/event-stream' }
    for (const refused of [
      await ben.post(`/send_message/${other}`, { messageText: 'hello' }, stream),
      await ben.get(`/api/turns/${turnId}/events`),
    ]) {
      expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_active', retry_after: 5 } })
      expect(refused.headers['retry-after']).toBe('5')
    }
    expect((await ben.get(`/api/conversations/${other}`)).body).toMatchObject({
      message_count: 0,
      active_turn_id: null,
    })
    expect(turnCalls('hello')).toBe(0)
    expect((await ben.say(other, '/help')).status).toBe(200)
    expect((await ben.get(`/api/turns/${turnId}`)).body.state).toBe('running')

    held.release()
    const all = await Promise.all([first, ...others])
    expect(all.every((streamed) => last(streamed)?.state === 'complete')).toBe(true)
    await expect
      .poll(async () => (await ben.get(`/api/turns/${turnId}/events`)).status, { interval: 20 })
      .toBe(200)
  })
})

describe('cancel', () => {
  it('reaches the provider, keeps what was there, and is not charged', async () => {
    const conversation = await anna.conversation('stopped')
    const held = hold({
      afterBytes: 600,
      of: text({ chunks: Array.from({ length: 40 }, (_, n) => ` word${n}`) }),
    })
    fake.next(when(turnCall('tell me'), held.behaviour))
    const { promise: begun, resolve } = Promise.withResolvers<string>()
    const streaming = anna.stream(conversation, 'tell me', {
      until: ({ event }) => {
        if (event.type === 'turn') resolve(event.turn_id)
        return false
      },
    })
    const turnId = await begun
    await held.reached
    const cancelled = await anna.post(`/api/turns/${turnId}/cancel`)
    expect(cancelled).toMatchObject({ status: 202, body: { turn_id: turnId } })
    const streamed = await streaming
    const message = last(streamed)
    expect(message).toMatchObject({ state: 'cancelled', turn_id: turnId })
    expect(message?.cost_usd).toBeUndefined()
    expect(message?.text).toBe(
      eventsOf(streamed, 'delta')
        .map((delta) => delta.text)
        .join(''),
    )
    expect(streamed.events.at(-1)?.event.type).toBe('done')
    const request = fake.requests.find(
      (one) => one.path.endsWith('/chat/completions') && turnCall('tell me')(chatBody(one)),
    )
    await request?.finished
    expect(request?.aborted).toBe(true)
    expect((await anna.get(`/api/conversations/${conversation}`)).body.active_turn_id).toBeNull()

    const again = await anna.post(`/api/turns/${turnId}/cancel`)
    expect(again).toMatchObject({ status: 202, body: { state: 'cancelled' } })
  })

  it('of a picture aborts the painting, and the conversation goes on', async () => {
    const conversation = await anna.conversation('no picture')
    const { streamed, turnId } = await heldTurn(conversation, '/image a fox --raw')
    await anna.post(`/api/turns/${turnId}/cancel`)
    expect(last(await streamed)).toMatchObject({ state: 'cancelled', generated_images: [] })
    expect((await anna.say(conversation, 'and now?')).status).toBe(200)
  })

  it('changes nothing about a turn that has ended', async () => {
    const done = await anna.say(await anna.conversation(), 'hello')
    const answer = await anna.post(`/api/turns/${done.body.turn_id}/cancel`)
    expect(answer).toMatchObject({ status: 202, body: { state: 'complete' } })
  })
})

describe('retry', () => {
  it('adds a sibling to the answer, shows it, and leaves the earlier one', async () => {
    const conversation = await anna.conversation('again')
    const first = await anna.say(conversation, 'hello')
    const second = await anna.post(`/api/turns/${first.body.turn_id}/retry`, undefined, json)
    expect(second.body).toMatchObject({ parent_id: first.body.parent_id, siblings: { index: 1, total: 2 } })
    const shown = await messagesOf(conversation)
    expect(shown.map(({ id }) => id)).toEqual([first.body.parent_id, second.body.id])
    expect(shown[1]?.siblings?.ids).toEqual([first.body.id, second.body.id])
  })

  it('streams unless asked for JSON, and takes no body', async () => {
    const first = await anna.say(await anna.conversation(), '/image a fox --raw')
    const answer = await anna.post(`/api/turns/${first.body.turn_id}/retry`)
    expect(answer.headers['content-type']).toMatch(/^text\/event-stream/)
    expect(answer.text).toContain('event: image\n')
  })

  it('by /retry does the same and adds no message of the user', async () => {
    const conversation = await anna.conversation('again by word')
    const first = await anna.say(conversation, 'hello')
    const second = await anna.say(conversation, '/retry')
    expect(second.body).toMatchObject({ parent_id: first.body.parent_id, kind: 'chat' })
    expect((await messagesOf(conversation)).filter(({ sender }) => sender === 'user')).toHaveLength(1)
    const nothing = await anna.say(await anna.conversation(), '/retry')
    expect(nothing).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })
})

describe('a branch', () => {
  it('begins where parent_id says, beside what was there; null begins a new root', async () => {
    const conversation = await anna.conversation('tree')
    const one = await anna.say(conversation, 'one')
    const two = await anna.say(conversation, 'two')
    const other = await anna.say(conversation, 'two, said otherwise', { parent_id: one.body.id })
    const root = await anna.say(conversation, 'from the start', { parent_id: null })
    const at = `/api/conversations/${conversation}`
    expect((await anna.get(at)).body).toMatchObject({ message_count: 8, active_message_id: root.body.id })

    const shown = async () => (await messagesOf(conversation)).map((message) => message.text || message.id)
    expect((await messagesOf(conversation)).map(({ id }) => id)).toEqual([root.body.parent_id, root.body.id])
    const [first] = await messagesOf(conversation)
    expect(first).toMatchObject({
      parent_id: null,
      siblings: { index: 1, total: 2, ids: [one.body.parent_id, root.body.parent_id] },
    })

    const back = await anna.patch(at, { active_message_id: two.body.id })
    expect(back.body.active_message_id).toBe(two.body.id)
    expect(await shown()).toEqual(['one', one.body.text, 'two', two.body.text])
    const forked = (await messagesOf(conversation))[2]
    expect(forked?.siblings).toEqual({ index: 0, total: 2, ids: [two.body.parent_id, other.body.parent_id] })

    // A message in the middle shows the newest branch through it.
    const middle = await anna.patch(at, { active_message_id: one.body.id })
    expect(middle.body.active_message_id).toBe(other.body.id)
    expect((await anna.patch(at, { active_message_id: root.body.id })).status).toBe(200)
  })

  it('tells the model only of its own path', async () => {
    const conversation = await anna.conversation('paths')
    const one = await anna.say(conversation, 'we speak of herons')
    await anna.say(conversation, 'now of badgers')
    await anna.say(conversation, 'now of otters', { parent_id: one.body.id })
    const told = JSON.stringify(easel.asked().findLast(turnCall('now of otters'))?.messages)
    expect(told).toContain('herons')
    expect(told).toContain('otters')
    expect(told).not.toContain('badgers')
  })
})

describe('what is a picture', () => {
  it.each<[string, Record<string, unknown>, string | undefined]>([
    ['/image a fox', {}, 'a fox'],
    ['/IMAGE a fox', {}, 'a fox'],
    ['/imagine a fox', {}, 'a fox'],
    ['/generate a fox', {}, 'a fox'],
    ['/draw a fox', {}, 'a fox'],
    ['please /image a fox', {}, 'please  a fox'],
    ['a fox /image', {}, 'a fox'],
    ['a fox\n/image\nin the snow', {}, 'a fox\n\nin the snow'],
    ['look at `/image a fox`', {}, undefined],
    ['```\n/image a fox\n```', {}, undefined],
    ['https://example.org/image a fox', {}, undefined],
    ['what/image is', {}, undefined],
    ['//image a fox', {}, undefined],
    ['say /help please', {}, undefined],
    ['a fox', { generate_image: true }, 'a fox'],
    ['a fox', { generate_image: 'true' }, 'a fox'],
    ['a fox', { generate_image: 1 }, 'a fox'],
    ['a fox', { generate_image: 'on' }, 'a fox'],
    ['/image a fox', { generate_image: true }, 'a fox'],
    ['//image a fox', { generate_image: true }, '/image a fox'],
    ['a fox', { generate_image: false }, undefined],
    ['a fox', { generate_image: 'false' }, undefined],
    ['a fox', { generate_image: 0 }, undefined],
    ['a fox', { generate_image: null }, undefined],
    ['a fox', { something_else: true, nested: { generate_image: true } }, undefined],
  ])('%j with %j', async (messageText, checkboxes, prompt) => {
    const conversation = await anna.conversation('words')
    const streamed = await anna.stream(conversation, messageText, {
      body: { checkboxes, image_options: { better_context: false } },
    })
    const [turn] = eventsOf(streamed, 'turn')
    expect(turn?.kind).toBe(prompt === undefined ? 'chat' : 'image')
    if (prompt === undefined) {
      expect(eventsOf(streamed, 'image')).toEqual([])
    } else {
      const spoken = eventsOf(streamed, 'prompt')[0]?.raw.replace(/\s+/g, ' ')
      expect(spoken).toBe(prompt.replace(/\s+/g, ' '))
      expect(eventsOf(streamed, 'image')).toHaveLength(1)
    }
    // `//` escapes the slash: what is shown and what the model gets is the literal text.
    const literal = messageText.startsWith('//') ? messageText.slice(1) : messageText
    expect(turn?.user_message.text).toBe(literal)
    if (prompt === undefined) {
      expect(turnCalls(literal)).toBeGreaterThan(0)
    }
  })
})
