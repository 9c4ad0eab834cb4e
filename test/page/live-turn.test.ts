import { describe, expect, it } from 'vitest'
import type { GeneratedImage } from '../../server/contract/images.ts'
import type { Message } from '../../server/contract/messages.ts'
import type { TurnEvent } from '../../server/contract/turns.ts'
import { applyEvent, beginTurn, expectedOf, type LiveTurn } from '../../public/app/live-turn.ts'
import { endWords } from '../../public/conversation/model-message.tsx'
import { slotsOf } from '../../public/conversation/picture-set.tsx'

const message = (more: Partial<Message> = {}): Message => ({
  id: 'm1',
  conversation_id: 'c1',
  parent_id: null,
  turn_id: 't1',
  sender: 'model',
  text: '',
  kind: 'image',
  created_at: '2026-11-20T12:00:00.000Z',
  state: 'streaming',
  attachments: [],
  generated_images: [],
  ...more,
})
const image = (number: number): GeneratedImage => ({
  id: `i${number}`,
  number,
  caption: 'a fox',
  filename: `img_${number}.png`,
  url: `/api/conversation-image/c1/img_${number}.png`,
  width: 1024,
  height: 576,
  bytes: 1,
  sha256: '',
  thumbhash: null,
  alt: '',
  prompt: 'a fox',
  refined_prompt: null,
  model: 'm',
  provider: 'p',
  source: 'command',
  parent_id: null,
  cost_usd: 0,
  starred: false,
  conversation_id: 'c1',
  message_id: 'm1',
  created_at: '2026-11-20T12:00:00.000Z',
})
const turn: TurnEvent = {
  type: 'turn',
  turn_id: 't1',
  conversation_id: 'c1',
  user_message: message({ sender: 'user', text: '/image a fox', state: 'complete' }),
  model_message: message(),
  kind: 'image',
}
const progress = (stage: string, percent: number, index?: number, total = 2): TurnEvent => ({
  type: 'progress',
  stage,
  percent,
  label: stage,
  ...(index === undefined ? {} : { image: { index, total } }),
})
const after = (live: LiveTurn, ...events: TurnEvent[]) => events.reduce(applyEvent, live)
const oneFox = () => beginTurn({ kind: 'image', prompt: 'a fox', count: 1, aspectRatio: '16:9' }, 0)

describe('what a message will become', () => {
  it('has its frames before the server has answered', () => {
    const slash = { kind: 'command', name: 'image', text: 'a fox', options: { n: 3, aspect: '3:2' } } as const
    const expected = expectedOf(slash, { asPicture: false })
    expect(expected).toEqual({ kind: 'image', prompt: 'a fox', count: 3, aspectRatio: '3:2' })
    expect(beginTurn(expected, 5).pictures.map((picture) => picture.aspectRatio)).toEqual([
      '3:2',
      '3:2',
      '3:2',
    ])
  })

  it('is a picture where the Picture button is down, and words otherwise', () => {
    const slash = { kind: 'text', text: 'a fox' } as const
    expect(expectedOf(slash, { asPicture: true })).toMatchObject({ kind: 'image', count: 1 })
    expect(expectedOf(slash, { asPicture: false })).toMatchObject({ kind: 'chat', count: 0 })
  })
})

describe('a turn that runs', () => {
  it('joins the words', () => {
    const live = after(
      beginTurn({ kind: 'chat', prompt: '', count: 0, aspectRatio: undefined }, 0),
      { ...turn, kind: 'chat' },
      { type: 'delta', text: 'a ' },
      { type: 'delta', text: 'fox' },
    )
    expect(live).toMatchObject({ turnId: 't1', text: 'a fox', pictures: [] })
  })

  it('never goes back within one picture', () => {
    const live = after(oneFox(), turn, progress('generating', 60), progress('initializing', 30))
    expect(live.pictures[0]).toMatchObject({ stage: 'generating', percent: 60 })
  })

  it('shows the refined prompt and the shape that is painted', () => {
    const live = after(
      oneFox(),
      turn,
      { type: 'prompt', raw: 'a fox', refined: 'a red fox in snow', fallback: false, model: 'haiku' },
      { type: 'image_start', index: 0, total: 1, prompt: 'a red fox in snow', aspect_ratio: '3:2' },
    )
    expect(live.pictures).toHaveLength(1)
    expect(live.pictures[0]).toMatchObject({ index: 0, prompt: 'a red fox in snow', aspectRatio: '3:2' })
  })

  it('keeps the places of several pictures, whichever comes first', () => {
    const start = (index: number): TurnEvent => ({
      type: 'image_start',
      index,
      total: 2,
      prompt: 'p',
      aspect_ratio: null,
    })
    const live = after(
      beginTurn({ kind: 'image', prompt: 'a fox', count: 2, aspectRatio: undefined }, 0),
      turn,
      start(0),
      start(1),
      progress('saving', 90, 1),
      { type: 'image', index: 1, total: 2, ...image(1) },
      progress('complete', 100, 1),
      { type: 'image_error', index: 0, code: 'timeout', message: 'too slow', retryable: true },
    )
    expect(slotsOf(message(), live).map((slot) => slot.state)).toEqual(['failed', 'finished'])
  })

  it('finds room for pictures it did not expect', () => {
    const live = after(
      oneFox(),
      turn,
      { type: 'image', index: 0, total: 2, ...image(1) },
      { type: 'image', index: 1, total: 2, ...image(2) },
    )
    expect(slotsOf(message(), live)).toHaveLength(2)
  })

  it('gives a followed image turn its frame', () => {
    const unknown = beginTurn({ kind: 'chat', prompt: '', count: 0, aspectRatio: undefined }, 0)
    expect(after(unknown, turn).pictures).toHaveLength(1)
  })
})

describe('a turn that has ended', () => {
  it('shows its pictures where they were painted', () => {
    const live = after(oneFox(), turn, { type: 'image', index: 0, total: 1, ...image(1) })
    const ended = message({ state: 'complete', generated_images: [image(1)] })
    expect(slotsOf(ended, live)).toEqual([{ state: 'finished', image: image(1), aspectRatio: '16:9' }])
    expect(slotsOf(ended, undefined)).toEqual([{ state: 'finished', image: image(1) }])
  })

  it('keeps the places and frames of pictures that came in another order, and of one that failed', () => {
    const live = after(
      beginTurn({ kind: 'image', prompt: 'a fox', count: 3, aspectRatio: '16:9' }, 0),
      turn,
      progress('generating', 60, 0),
      progress('generating', 60, 1),
      progress('generating', 60, 2),
      { type: 'image', index: 2, total: 3, ...image(1) },
      { type: 'image_error', index: 1, code: 'timeout', message: 'too slow', retryable: true },
      { type: 'image', index: 0, total: 3, ...image(2) },
    )
    const ended = message({ state: 'complete', generated_images: [image(1), image(2)] })
    expect(slotsOf(ended, live)).toMatchObject([
      { state: 'finished', image: { id: image(2).id }, aspectRatio: '16:9' },
      { state: 'failed' },
      { state: 'finished', image: { id: image(1).id }, aspectRatio: '16:9' },
    ])
  })

  it.each([
    ['failed', 'failed'],
    ['cancelled', 'cancelled'],
    ['interrupted', 'interrupted'],
  ] as const)('keeps the frame of a %s picture', (state, shown) => {
    expect(slotsOf(message({ state }), undefined).map((slot) => slot.state)).toEqual([shown])
  })

  it('has no frame for words', () => {
    expect(slotsOf(message({ kind: 'chat', state: 'failed' }), undefined)).toEqual([])
    expect(slotsOf(message({ state: 'complete', text: 'Only words.' }), undefined)).toEqual([])
  })

  it('says how it ended', () => {
    const error = { status: 'error', code: 'rate_limited', message: 'Too many.', retry_after: 28 } as const
    expect(endWords(message({ state: 'failed', error }))).toBe('Too many. More is possible in 28 seconds.')
    expect(endWords(message({ state: 'cancelled', text: 'half' }))).toMatch(/kept/)
    expect(endWords(message({ state: 'complete', text: 'all' }))).toBeUndefined()
    expect(endWords(message({ state: 'complete', text: '' }))).toBeDefined()
  })
})
