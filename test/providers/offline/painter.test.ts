import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { type AspectRatio, aspectRatios } from '../../../server/contract/images.ts'
import { offlineProvider } from '../../../server/providers/offline/index.ts'
import { doWork, type Work } from '../../../server/providers/offline/draw/work.ts'
import { usualSizes } from '../../../server/contract/usual-sizes.ts'
import { memorySink } from '../memory-sink.ts'
import { asInput, meanOfRows, paintOffline, paintRequest, smallSizes, twoFields } from './paint-offline.ts'

const sizes: Record<AspectRatio, string> = {
  '1:1': '1024x1024',
  '2:3': '832x1248',
  '3:2': '1248x832',
  '3:4': '864x1184',
  '4:3': '1184x864',
  '4:5': '896x1152',
  '5:4': '1152x896',
  '9:16': '768x1344',
  '16:9': '1344x768',
  '21:9': '1536x672',
}

async function measured(bytes: Uint8Array): Promise<string> {
  const { width, height, format, channels } = await sharp(bytes).metadata()
  expect([format, channels]).toEqual(['png', 3])
  return `${width}x${height}`
}

describe('painting offline', () => {
  it('gives the same bytes for the same prompt, and others for another', async () => {
    const first = await paintOffline('a bowl of fruit, flat')
    const again = await paintOffline('a bowl of fruit, flat')
    const other = await paintOffline('a bowl of fruit, flat!')
    expect(again.bytes.equals(first.bytes)).toBe(true)
    expect(other.bytes.equals(first.bytes)).toBe(false)
  })

  it('has the size of every shape that may be asked for', () => {
    const table = aspectRatios.map((shape) => [
      shape,
      `${usualSizes[shape].width}x${usualSizes[shape].height}`,
    ])
    expect(Object.fromEntries(table)).toEqual(sizes)
  })

  it.each(['2:3', '21:9'] as const)('paints %s in its size', async (aspectRatio) => {
    const { bytes } = await paintOffline('an abstract pattern, flat', { aspectRatio }, usualSizes)
    expect(await measured(bytes)).toBe(sizes[aspectRatio])
  })

  it.each([
    ['a calm sea, flat', '312x208'],
    ['portrait of a man, flat', '224x288'],
    ['a bowl of fruit, flat', '256x256'],
    ['a bowl of fruit, flat, 16:9', '336x192'],
  ])('chooses a shape for %s', async (prompt, size) => {
    expect(await measured((await paintOffline(prompt)).bytes)).toBe(size)
  })

  it('follows the asked shape rather than the prompt\u2019s', async () => {
    const { bytes } = await paintOffline('an abstract pattern, flat, 16:9', { aspectRatio: '1:1' })
    expect(await measured(bytes)).toBe('256x256')
  })

  it('makes nights darker than days, and skies of the colour that was asked for', async () => {
    const day = await meanOfRows((await paintOffline('a calm sea at noon')).bytes, 0, 1)
    const night = await meanOfRows((await paintOffline('a calm sea at night')).bytes, 0, 1)
    expect(night.red + night.green + night.blue).toBeLessThan((day.red + day.green + day.blue) * 0.6)
    const purple = await meanOfRows((await paintOffline('a calm sea under a purple sky')).bytes, 0, 0.15)
    expect(purple.green).toBeLessThan(Math.min(purple.red, purple.blue) - 20)
  })

  it('says in the file and in its answer that no model painted', async () => {
    const { bytes, answer } = await paintOffline('ein Fuchs im Schnee \u2744, a fox, flat')
    expect(answer.text).toContain('without an image model')
    expect(answer.spent).toEqual({
      promptTokens: 0,
      completionTokens: 0,
      costMicro: 0,
      upstreamId: undefined,
    })
    const { comments } = await sharp(bytes).metadata()
    expect(comments).toEqual([
      { keyword: 'Software', text: 'Easel offline painter' },
      { keyword: 'Description', text: 'ein Fuchs im Schnee \u2744, a fox, flat' },
    ])
  })

  it('admits that it did not understand', async () => {
    expect((await paintOffline('hope, flat')).answer.text).toContain('did not recognise')
    expect((await paintOffline('a bowl of fruit, flat')).answer.text).not.toContain('did not recognise')
  })

  it('tells once that the picture begins to arrive, before it writes', async () => {
    const order: string[] = []
    const { sink } = memorySink()
    await paintOffline('an abstract pattern, flat', {
      onReceiving: () => order.push('receiving'),
      sink: {
        open() {
          order.push('open')
          return sink.open()
        },
      },
    }).catch((failure: unknown) => expect(failure).toMatchObject({ message: 'no picture was finished' }))
    expect(order).toEqual(['receiving', 'open'])
  })

  it('discards what it wrote when the disk fails', async () => {
    const { sink, pictures } = memorySink({ fail: () => new Error('disk full') })
    await expect(paintOffline('an abstract pattern, flat', { sink })).rejects.toThrow('disk full')
    expect(pictures.map(({ state }) => state)).toEqual(['discarded'])
  })

  it('lets the event loop turn while it paints', async () => {
    let turns = 0
    let painting = true
    const count = (): void => {
      turns++
      if (painting) setImmediate(count)
    }
    setImmediate(count)
    let whilePainting = 0
    const onReceiving = (): void => void (whilePainting = turns)
    await paintOffline('a mountain at sunrise, watercolour', { onReceiving }, usualSizes)
    painting = false
    // About ten million pixels are touched before the picture is handed on.
    expect(whilePainting).toBeGreaterThan(100)
  })

  it('stops when it is aborted, with the reason, and writes nothing', async () => {
    const stop = new AbortController()
    const { sink, pictures } = memorySink()
    let received = false
    const onReceiving = (): void => void (received = true)
    const painting = paintOffline(
      'a mountain at sunrise',
      { signal: stop.signal, sink, onReceiving },
      usualSizes,
    )
    setImmediate(() => setImmediate(() => stop.abort(new Error('enough'))))
    await expect(painting).rejects.toThrow('enough')
    expect(received).toBe(false)
    expect(pictures).toEqual([])
  })

  it('does not begin when it is aborted already', async () => {
    await expect(paintOffline('a fox', { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
      'too late',
    )
  })

  it('paints one after another, and lets those who wait leave the line', async () => {
    const { painter } = offlineProvider({ sizes: smallSizes })
    const stop = new AbortController()
    const ends: string[] = []
    const first = painter?.paint(paintRequest('a bowl of fruit, flat')).then(() => ends.push('first'))
    const second = painter
      ?.paint(paintRequest('a lake', { signal: stop.signal }))
      .catch((failure: Error) => ends.push(failure.message))
    const third = painter?.paint(paintRequest('a pattern, flat')).then(() => ends.push('third'))
    stop.abort(new Error('gone'))
    await Promise.all([first, second, third])
    expect(ends).toEqual(['gone', 'first', 'third'])
  })
})

describe('work in steps', () => {
  it('stops at the next turn after the abort and not at the end', async () => {
    const stop = new AbortController()
    let steps = 0
    function* endless(): Work {
      for (;;) {
        steps++
        if (steps === 10) stop.abort(new Error('stop here'))
        yield 1_000_000
      }
    }
    await expect(doWork(endless(), stop.signal)).rejects.toThrow('stop here')
    expect(steps).toBe(10)
  })
})

describe('painting anew with a picture at hand', () => {
  it('takes its shape and its colours', async () => {
    const inputs = [await twoFields('#d8a018', '#803010', 900, 1200)]
    const { bytes, answer } = await paintOffline('a calm sea', { inputs })
    expect(answer.text).toContain('Painted')
    expect(await measured(bytes)).toBe('216x296')
    const plain = await meanOfRows((await paintOffline('a calm sea', { aspectRatio: '3:4' })).bytes, 0, 1)
    const tinted = await meanOfRows(bytes, 0, 1)
    expect(tinted.red - tinted.blue).toBeGreaterThan(plain.red - plain.blue + 20)
  })

  it('changes its own earlier painting', async () => {
    const earlier = await paintOffline('sailing boats on a calm sea')
    const { bytes, answer } = await paintOffline('orange sky', { inputs: [asInput(earlier.bytes)] })
    expect(answer.text).toContain('Changed')
    const before = await meanOfRows(earlier.bytes, 0.05, 0.4)
    const after = await meanOfRows(bytes, 0.05, 0.4)
    expect(before.blue).toBeGreaterThan(before.red)
    expect(after.red).toBeGreaterThan(after.blue + 60)
    const seaBefore = await meanOfRows(earlier.bytes, 0.75, 1)
    const seaAfter = await meanOfRows(bytes, 0.75, 1)
    expect(Math.abs(seaAfter.red - seaBefore.red)).toBeLessThan(2)
  })
})

it('says in the language of whoever asks what it did', async () => {
  const painted = await paintOffline('ein See', { language: 'de' })
  expect(painted.answer.text).toBe('Gemalt vom eingebauten Maler von Easel, ohne Bildmodell.')
  const inputs = [asInput(painted.bytes)]
  const changed = await paintOffline('mach es dunkler', { language: 'de', inputs })
  expect(changed.answer.text).toBe('Geändert vom eingebauten Maler von Easel, ohne Bildmodell.')
  const unread = await paintOffline('xyzzy', { language: 'de', aspectRatio: '1:1' })
  expect(unread.answer.text).toContain('ein abstraktes Bild')
})
