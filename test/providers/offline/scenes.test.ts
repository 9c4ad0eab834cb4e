import { describe, expect, it } from 'vitest'
import { Canvas, toRgb } from '../../../server/providers/offline/draw/canvas.ts'
import { doWork } from '../../../server/providers/offline/draw/work.ts'
import { paintScene } from '../../../server/providers/offline/paint-scene.ts'
import { readPrompt } from '../../../server/providers/offline/read-prompt.ts'
import { scenePainters } from '../../../server/providers/offline/scenes/index.ts'
import { styles } from '../../../server/providers/offline/styles/style.ts'
import { styleNames, subjects } from '../../../server/providers/offline/scene.ts'

const never = new AbortController().signal

/** Paints a small picture of what the prompt says, with parts of the scene replaced. */
async function painted(prompt: string, parts: object = {}, width = 120, height = 80): Promise<Uint8Array> {
  const canvas = new Canvas(width, height)
  await doWork(paintScene(canvas, { ...readPrompt(prompt), ...parts }), never)
  const rgb = new Uint8Array(width * height * 3)
  await doWork(toRgb(canvas, rgb), never)
  for (const value of canvas.data) if (!Number.isFinite(value)) throw new Error('a colour is not a number')
  return rgb
}

function spread(rgb: Uint8Array): number {
  const mean = rgb.reduce((sum, value) => sum + value, 0) / rgb.length
  return Math.sqrt(rgb.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rgb.length)
}

function mean(rgb: Uint8Array, from = 0, to = 1): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0]
  const pixels = rgb.length / 3
  const [first, last] = [Math.floor(pixels * from), Math.floor(pixels * to)]
  for (let at = first; at < last; at++)
    for (const channel of [0, 1, 2] as const) sums[channel] += rgb[at * 3 + channel] ?? 0
  return [sums[0] / (last - first), sums[1] / (last - first), sums[2] / (last - first)]
}

const light = (rgb: Uint8Array): number => mean(rgb).reduce((sum, value) => sum + value, 0) / 3

describe('scenes', () => {
  it.each(subjects)(
    'paints %s by day, by night and in any weather, with something to see',
    async (subject) => {
      const day = await painted('a picture', { subject, light: 'day' })
      const night = await painted('a picture', { subject, light: 'night' })
      expect(Math.min(spread(day), spread(night))).toBeGreaterThan(12)
      if (subject !== 'space') expect(Buffer.compare(day, night)).not.toBe(0)
      for (const weather of ['storm', 'snow', 'fog']) {
        expect(spread(await painted('a picture', { subject, weather }))).toBeGreaterThan(8)
      }
    },
  )

  it.each(subjects)('fills the narrowest and the widest canvas with %s', async (subject) => {
    for (const [width, height] of [
      [90, 160],
      [210, 90],
    ] as const) {
      expect(spread(await painted('a picture', { subject }, width, height))).toBeGreaterThan(10)
    }
  })

  it('paints every subject by its own painter', () => {
    expect(new Set(Object.values(scenePainters)).size).toBe(subjects.length)
  })

  it.each([
    ['a lighthouse on a cliff', 'the sea'],
    ['the sea around an island', 'the sea'],
    ['a city with a bridge', 'a city'],
    ['hills with a house', 'hills'],
    ['hills with a river', 'hills'],
    ['mountains with a river', 'mountains'],
    ['a lake with a boat', 'a lake'],
    ['hills under a rainbow', 'hills'],
    ['an autumn forest', 'a forest'],
    ['a cat', 'a fox'],
    ['an owl', 'a robin'],
    ['a panda', 'a bear'],
    ['a lion', 'a tiger'],
    ['a rabbit', 'a dog'],
    ['a vase', 'a bottle'],
    ['a cup of tea', 'three apples'],
    ['sunflowers', 'tulips'],
    ['poppies', 'roses'],
    ['ferns', 'daisies'],
    ['portrait of a woman', 'portrait of a man'],
    ['a vase with sunflowers', 'a vase with tulips'],
    ['still life with lemons', 'still life with pears'],
    ['a bowl of lemons', 'still life with lemons'],
    ['a bowl of cherries', 'a bowl of plums'],
    ['a bowl of fruit', 'an empty bowl'],
    ['a rocket in space', 'a planet in space'],
    ['a rocket launch', 'a rocket in space'],
    ['a dragon', 'a fox'],
    ['a dragon over a castle', 'a dragon'],
    ['a dragon breathing fire', 'a dragon'],
  ])('shows %s otherwise than %s', async (one, other) => {
    const seed = 5
    expect(Buffer.compare(await painted(one, { seed }), await painted(other, { seed }))).not.toBe(0)
  })

  it('gets darker towards the night, and greyer in fog', async () => {
    expect(light(await painted('hills at night'))).toBeLessThan(light(await painted('hills at noon')) * 0.6)
    const colour = (rgb: Uint8Array): number =>
      Math.max(...mean(rgb, 0, 0.3)) - Math.min(...mean(rgb, 0, 0.3))
    expect(colour(await painted('hills in fog'))).toBeLessThan(colour(await painted('hills at noon')) * 0.6)
  })

  it('lies under snow when it snows', async () => {
    const ground = (rgb: Uint8Array): number => Math.min(...mean(rgb, 0.85, 1))
    expect(ground(await painted('hills in the snow'))).toBeGreaterThan(ground(await painted('hills')) + 60)
  })

  it('gives a bowl, a dragon and a rocket the colour that was named for them', async () => {
    const most = async (prompt: string, seed: number) => mean(await painted(prompt, { seed }), 0.4, 0.7)
    for (const [thing, seed] of [
      ['bowl', 1],
      ['dragon', 2],
      ['rocket', 3],
    ] as const) {
      const [red, blue] = [await most(`a red ${thing}`, seed), await most(`a blue ${thing}`, seed)]
      expect(red[0] - red[2], thing).toBeGreaterThan(blue[0] - blue[2] + 12)
    }
    // Lemons in a blue bowl are yellow.
    const lemons = await painted('a blue bowl of lemons', { seed: 4 }, 160, 160)
    const plain = await painted('a bowl of blue lemons', { seed: 4 }, 160, 160)
    const heap = (rgb: Uint8Array) => mean(rgb, 0.38, 0.5)
    expect(heap(lemons)[0] - heap(lemons)[2]).toBeGreaterThan(heap(plain)[0] - heap(plain)[2] + 12)
  })

  it.each(['a bowl of cherries', 'a dragon over a castle breathing fire', 'a rocket launch at dawn'])(
    'gives the same pixels for %s, and fits it on any canvas',
    async (prompt) => {
      for (const [width, height] of [
        [160, 160],
        [90, 160],
        [210, 90],
      ] as const) {
        const first = await painted(prompt, {}, width, height)
        expect(Buffer.compare(await painted(prompt, {}, width, height), first)).toBe(0)
        expect(spread(first)).toBeGreaterThan(10)
      }
    },
  )

  it('has the colours that were named', async () => {
    const [red, green, blue] = mean(await painted('hills under a purple sky'), 0, 0.2)
    expect(green).toBeLessThan(Math.min(red, blue) - 20)
    const sea = mean(await painted('a red sea at noon'), 0.8, 1)
    expect(sea[0]).toBeGreaterThan(Math.max(sea[1], sea[2]) + 30)
  })
})

describe('styles', () => {
  it('paint each in their own way', async () => {
    const seen = new Set<string>()
    for (const style of styleNames)
      seen.add(Buffer.from(await painted('a lighthouse', { style, seed: 1 })).toString('base64'))
    expect(seen.size).toBe(styleNames.length)
    expect(Object.keys(styles)).toEqual(expect.arrayContaining([...styleNames]))
  })

  it.each(styleNames)('%s gives the same pixels for the same prompt', async (style) => {
    const first = await painted('a mountain at sunrise', { style })
    expect(Buffer.compare(await painted('a mountain at sunrise', { style }), first)).toBe(0)
  })

  it('draw in one colour with ink and with pencil', async () => {
    for (const style of ['ink', 'pencil'] as const) {
      const [red, green, blue] = mean(await painted('a lighthouse at dusk', { style }))
      expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(16)
    }
  })

  it('leave a border of paper round a watercolour', async () => {
    const rgb = await painted('a mountain at night, watercolour')
    expect(Math.min(...mean(rgb, 0, 0.006))).toBeGreaterThan(190)
  })
})
