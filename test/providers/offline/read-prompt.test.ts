import { describe, expect, it } from 'vitest'
import { hex } from '../../../server/providers/offline/draw/colour.ts'
import { readPrompt } from '../../../server/providers/offline/read-prompt.ts'
import type { Detail, Scene } from '../../../server/providers/offline/scene.ts'

type Row = [prompt: string, expected: Partial<Scene>, details?: readonly Detail[]]

const rows: readonly Row[] = [
  [
    'a watercolour painting of a mountain at sunrise',
    { subject: 'mountains', light: 'sunrise', style: 'watercolour', weather: 'clear' },
  ],
  [
    'Watercolor of a lighthouse on a cliff at dusk',
    { subject: 'sea', light: 'dusk', style: 'watercolour' },
    ['lighthouse'],
  ],
  ['sailing boats on a calm sea, oil on canvas', { subject: 'sea', style: 'oil', light: 'day' }, ['boat']],
  ['a fox in a snowy forest', { subject: 'animal', kind: 'fox', weather: 'snow' }],
  ['misty forest in autumn', { subject: 'forest', weather: 'fog' }, ['autumn']],
  ['snow-capped peaks under a clear sky', { subject: 'mountains', weather: 'clear' }, ['snowcaps']],
  ['snowy mountains at noon', { subject: 'mountains', weather: 'clear', light: 'day' }, ['snowcaps']],
  [
    'a city skyline at night in the rain, pixel art',
    { subject: 'city', light: 'night', weather: 'rain', style: 'pixel-art' },
  ],
  ['portrait of an old woman in ink', { subject: 'portrait', kind: 'woman', style: 'ink' }],
  ['still life with three pears', { subject: 'still-life', kind: 'pears' }],
  ['a cup of tea by the window', { subject: 'still-life', kind: 'cup' }],
  ['a field of tulips', { subject: 'flowers', kind: 'tulips' }],
  ['saturn and its moons in deep space', { subject: 'space' }, ['planet']],
  ['northern lights over a frozen lake', { subject: 'lake', light: 'night' }, ['aurora']],
  ['dunes of the Sahara, golden hour', { subject: 'desert', light: 'golden' }],
  ['a cottage among rolling hills, paper cut', { subject: 'hills', style: 'paper-cut' }, ['house']],
  [
    'a blue ceramic bowl of lemons',
    { subject: 'still-life', kind: 'lemons', colourOf: { vessel: hex('#2f6fc0') } },
    ['bowl'],
  ],
  ['a red dragon over a castle', { subject: 'animal', kind: 'dragon' }, ['castle']],
  ['a rocket launching at dawn', { subject: 'space', kind: 'rocket', light: 'sunrise' }, ['launch']],
  ['a sunset', { subject: 'mountains', light: 'dusk' }],
  ['the same place at night: a harbour at dusk', { subject: 'sea', light: 'night' }],
  ['a cat. It sits on a mountain by the sea.', { subject: 'animal', kind: 'cat' }],
  ['an abstract composition in teal and orange', { subject: 'abstract' }],
  ['hope', { subject: 'abstract', kind: '' }],
  ['', { subject: 'abstract', kind: '' }],
  ['a beach without boats', { subject: 'sea', kind: 'beach' }],
  ['a mountain lake, 21:9', { subject: 'lake', aspectRatio: '21:9' }],
  ['tall picture of a tower in a city', { subject: 'city', aspectRatio: '2:3' }],
  ['a wide desert', { subject: 'desert', aspectRatio: '16:9' }],
  ['meeting at 10:45 in the city', { subject: 'city', aspectRatio: undefined }],
  ['Memory pad:\n- we love boats\n\nImage prompt:\na red fox', { subject: 'animal', kind: 'fox' }],
]

describe('German words', () => {
  const rows: [prompt: string, scene: Partial<ReturnType<typeof readPrompt>>][] = [
    ['ein Wald im Nebel', { subject: 'forest', weather: 'fog' }],
    ['Sonnenuntergang am Meer', { subject: 'sea', light: 'dusk' }],
    ['Leuchtturm', { subject: 'sea' }],
    ['ein feuerspeiender Drache über einer Burg', { subject: 'animal', kind: 'dragon' }],
    ['eine Schüssel mit Kirschen', { subject: 'still-life', kind: 'cherries' }],
    ['ein Raketenstart am Morgen', { subject: 'space', kind: 'rocket', light: 'sunrise' }],
    ['Ein roter Fuchs im Schnee, Aquarell', { kind: 'fox', weather: 'snow', style: 'watercolour' }],
    ['ein See bei Nacht', { subject: 'lake', light: 'night' }],
    ['ein grüner Hügel', { subject: 'hills' }],
  ]
  for (const [prompt, scene] of rows) {
    it(`reads "${prompt}"`, () => {
      expect(readPrompt(prompt)).toMatchObject(scene)
    })
  }

  it('are not seen in English ones', () => {
    expect(readPrompt('I see a wolf in hell')).toMatchObject({ kind: 'wolf', subject: 'animal' })
  })
})

describe('reading a prompt', () => {
  it.each(rows)('%s', (prompt, expected, details = []) => {
    const scene = readPrompt(prompt)
    expect(scene).toMatchObject(expected)
    expect([...scene.details]).toEqual(expect.arrayContaining([...details]))
  })

  it('leaves out what is not wanted', () => {
    expect(readPrompt('a beach without boats').details.has('boat')).toBe(false)
  })

  it.each([
    ['three ripe pears in a bowl by two windows', 3],
    ['6 oranges in a blue bowl', 6],
    ['zwei Zitronen in einer Schale', 2],
    ['a bowl of pears', undefined],
    ['twelve pears', undefined],
    ['a lighthouse, one of three', undefined],
  ])('counts in "%s"', (prompt, count) => {
    expect(readPrompt(prompt).count).toBe(count)
  })

  it('binds colours to what they belong to', () => {
    const { colourOf, colours } = readPrompt(
      'a red and white lighthouse under a purple sky, green hills, teal sea',
    )
    expect(colourOf.subject).toEqual(hex('#d13a34'))
    expect(colourOf.sky).toEqual(hex('#7a3fa8'))
    expect(colourOf.land).toEqual(hex('#3f8f55'))
    expect(colourOf.water).toEqual(hex('#1f8a8c'))
    expect(colours).toEqual([])
  })

  it('reads a colour told after its thing', () => {
    expect(readPrompt('a mountain, the sky is purple').colourOf.sky).toEqual(hex('#7a3fa8'))
  })

  it('keeps colours of nothing in particular for the whole', () => {
    expect(readPrompt('mountains in teal and orange').colours).toEqual([hex('#1f8a8c'), hex('#ee8a2e')])
  })

  it('takes a dark blue for a shade, and a dark wood for a mood', () => {
    expect([...readPrompt('a dark blue sea').moods]).toEqual([])
    expect([...readPrompt('a dark forest').moods]).toEqual(['dark'])
    expect([...readPrompt('make the mountain darker and warmer').moods]).toEqual(['dark', 'warm'])
  })

  it('gives one prompt one seed, and another prompt another', () => {
    expect(readPrompt('a fox').seed).toBe(readPrompt('a fox').seed)
    expect(readPrompt('a fox').seed).not.toBe(readPrompt('a wolf').seed)
  })
})

it('takes the colour of a table for the table, not for the wall behind it', () => {
  const scene = readPrompt('a bowl of lemons on a blue table')
  expect(scene).toMatchObject({ subject: 'still-life', kind: 'lemons', colours: [] })
  expect(scene.colourOf.land).toBeDefined()
})
