import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { usualSizes } from '../../../server/contract/usual-sizes.ts'
import type { Change } from '../../../server/providers/offline/change/change.ts'
import { readChanges } from '../../../server/providers/offline/change/read-changes.ts'
import type { PaintRequest } from '../../../server/providers/provider.ts'
import { asInput, meanOfRows, type MeanColour, paintOffline, twoFields } from './paint-offline.ts'

describe('reading a change', () => {
  const rows: readonly [prompt: string, expected: readonly Partial<Change>[]][] = [
    ['make it darker', [{ kind: 'mood', mood: 'dark', amount: 1 }]],
    ['Make it a bit brighter, please', [{ kind: 'mood', mood: 'bright', amount: 0.5 }]],
    ['much more vibrant', [{ kind: 'mood', mood: 'vivid', amount: 1.7 }]],
    ['less saturated', [{ kind: 'mood', mood: 'muted' }]],
    ['warmer', [{ kind: 'mood', mood: 'warm' }]],
    [
      'cooler and darker',
      [
        { kind: 'mood', mood: 'dark' },
        { kind: 'mood', mood: 'cool' },
      ],
    ],
    ['make it dark', [{ kind: 'mood', mood: 'dark' }]],
    ['mach es dunkler', [{ kind: 'mood', mood: 'dark', amount: 1 }]],
    ['mach den Himmel lila', [{ kind: 'sky' }]],
    ['als Aquarell', [{ kind: 'style', style: 'watercolour' }]],
    ['purple sky', [{ kind: 'sky' }]],
    ['make the sky deep teal', [{ kind: 'sky' }]],
    ['as a watercolour', [{ kind: 'style', style: 'watercolour' }]],
    ['turn this into pixel art', [{ kind: 'style', style: 'pixel-art' }]],
    ['black and white', [{ kind: 'grey' }]],
    ['give it a sepia tone', [{ kind: 'sepia' }]],
    ['blur it', [{ kind: 'blur' }]],
    ['flip it', [{ kind: 'flip', axis: 'across' }]],
    ['make it snow', [{ kind: 'weather', weather: 'snow' }]],
    ['the same place at night', [{ kind: 'light', light: 'night' }]],
    [
      'add a boat and birds',
      [
        { kind: 'add', thing: 'birds' },
        { kind: 'add', thing: 'boat' },
      ],
    ],
    ['make it blue', [{ kind: 'tint' }]],
    ['Make it darker: a watercolour of a lighthouse at night', [{ kind: 'mood', mood: 'dark' }]],
    [
      'Recent messages:\nUser: a watercolour\n\nImage prompt:\nmake it darker',
      [{ kind: 'mood', mood: 'dark' }],
    ],
    ['a watercolour painting of a mountain at sunrise', []],
    ['a castle on a hill under the stars, oil painting', []],
    ['an owl in the snow at night, seen from below', []],
  ]
  it.each(rows)('%s', (prompt, expected) => {
    const changes = readChanges(prompt)
    expect(changes).toHaveLength(expected.length)
    expect(changes).toMatchObject(expected)
  })
})

/** A narrow picture keeps its own size, which is quicker to change than the million pixels of a usual shape. */
const narrow = (above: string, below: string) => twoFields(above, below, 400, 100)

const brightness = ({ red, green, blue }: MeanColour): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue
const colourfulness = ({ red, green, blue }: MeanColour): number =>
  Math.max(red, green, blue) - Math.min(red, green, blue)
const warmth = ({ red, blue }: MeanColour): number => red - blue

describe('changing a picture', () => {
  const measures: readonly [prompt: string, measure: (mean: MeanColour) => number, direction: 1 | -1][] = [
    ['make it darker', brightness, -1],
    ['make it brighter', brightness, 1],
    ['make it more vibrant', colourfulness, 1],
    ['less saturated', colourfulness, -1],
    ['warmer', warmth, 1],
    ['cooler', warmth, -1],
    ['make it night', brightness, -1],
  ]
  it.each(measures)('%s', async (prompt, measure, direction) => {
    const input = await narrow('#6f9fc4', '#6c9a58')
    const { bytes } = await paintOffline(prompt, { inputs: [input] })
    const before = measure(await meanOfRows(input.bytes, 0, 1))
    const after = measure(await meanOfRows(bytes, 0, 1))
    expect((after - before) * direction).toBeGreaterThan(8)
  })

  it('does a little less when asked for a little', async () => {
    const inputs = [await narrow('#6f9fc4', '#6c9a58')]
    const little = await meanOfRows((await paintOffline('a bit darker', { inputs })).bytes, 0, 1)
    const usual = await meanOfRows((await paintOffline('darker', { inputs })).bytes, 0, 1)
    const much = await meanOfRows((await paintOffline('much darker', { inputs })).bytes, 0, 1)
    expect(brightness(little)).toBeGreaterThan(brightness(usual) + 5)
    expect(brightness(usual)).toBeGreaterThan(brightness(much) + 5)
  })

  it('recolours the sky and leaves the land', async () => {
    const input = await narrow('#7fb4e0', '#3f7040')
    const { bytes } = await paintOffline('purple sky', { inputs: [input] })
    const sky = await meanOfRows(bytes, 0, 0.4)
    expect(sky.green).toBeLessThan(Math.min(sky.red, sky.blue) - 30)
    const land = await meanOfRows(bytes, 0.6, 1)
    const landBefore = await meanOfRows(input.bytes, 0.6, 1)
    expect(Math.abs(land.green - landBefore.green)).toBeLessThan(2)
    expect(Math.abs(land.red - landBefore.red)).toBeLessThan(2)
  })

  it('takes the colour out', async () => {
    const { bytes } = await paintOffline('black and white', {
      inputs: [await narrow('#7fb4e0', '#3f7040')],
    })
    expect(colourfulness(await meanOfRows(bytes, 0, 0.4))).toBeLessThan(1)
    expect(colourfulness(await meanOfRows(bytes, 0.6, 1))).toBeLessThan(1)
  })

  it('makes square pixels of one colour', async () => {
    const inputs = [await twoFields('#7fb4e0', '#3f7040')]
    const { bytes } = await paintOffline('as pixel art', { inputs }, usualSizes)
    const { width } = await sharp(bytes).metadata()
    const side = Math.round(width / 190)
    const corner = await sharp(bytes)
      .extract({ left: side * 20, top: side * 30, width: side, height: side })
      .raw()
      .toBuffer()
    const [red, green, blue] = corner
    expect(corner.every((value, at) => value === [red, green, blue][at % 3])).toBe(true)
  })

  it('mirrors', async () => {
    const left = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#ffffff' } })
      .png()
      .toBuffer()
    const input = await sharp({ create: { width: 400, height: 100, channels: 3, background: '#000000' } })
      .composite([{ input: left, left: 0, top: 0 }])
      .png()
      .toBuffer()
    const { bytes } = await paintOffline('flip it', { inputs: [asInput(input)] })
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    expect(data[0]).toBeLessThan(10)
    expect(data[(info.width - 1) * 3]).toBeGreaterThan(245)
  })

  it('keeps the shape of the picture, and takes another one when asked', async () => {
    const inputs = [await twoFields('#7fb4e0', '#3f7040', 900, 600)]
    const sizeOf = async (more: Partial<PaintRequest>) => {
      const { width, height } = await sharp((await paintOffline('darker', more, usualSizes)).bytes).metadata()
      return [width, height]
    }
    expect(await sizeOf({ inputs })).toEqual([1248, 832])
    expect(await sizeOf({ inputs, aspectRatio: '1:1' })).toEqual([1024, 1024])
    const odd = [await twoFields('#7fb4e0', '#3f7040', 1000, 260)]
    expect(await sizeOf({ inputs: odd })).toEqual([1000, 260])
  })

  it('gives the same bytes for the same change', async () => {
    const inputs = [await narrow('#7fb4e0', '#3f7040')]
    const first = await paintOffline('make it snow', { inputs })
    const again = await paintOffline('make it snow', { inputs })
    expect(again.bytes.equals(first.bytes)).toBe(true)
  })

  it('paints a dark picture when there is none to make darker', async () => {
    const plain = await meanOfRows((await paintOffline('a calm sea, flat')).bytes, 0, 1)
    const dark = await meanOfRows((await paintOffline('make it darker: a calm sea, flat')).bytes, 0, 1)
    expect(brightness(dark)).toBeLessThan(brightness(plain) * 0.8)
  })

  it('refuses bytes that are no picture', async () => {
    await expect(paintOffline('darker', { inputs: [asInput(Buffer.from('no picture'))] })).rejects.toThrow(
      /unsupported image format/,
    )
  })
})
