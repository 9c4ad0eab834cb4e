import { crc32, deflateSync } from 'node:zlib'
import { array, assert, nat, property } from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { pngChecker, type PngSize } from '../../server/images/check-png.ts'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function chunk(type: string, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

interface Header {
  width?: number
  height?: number
  depth?: number
  colour?: number
  methods?: [number, number, number]
}
function header({ width = 2, height = 1, depth = 8, colour = 2, methods = [0, 0, 0] }: Header = {}): Buffer {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([depth, colour, ...methods], 8)
  return chunk('IHDR', data)
}

const pixels = deflateSync(Buffer.alloc(7))
const data = chunk('IDAT', pixels)
const end = chunk('IEND')

function check(...slices: Uint8Array[]): PngSize {
  const checker = pngChecker()
  for (const slice of slices) checker.write(slice)
  return checker.end()
}
function checkChunks(...chunks: Uint8Array[]): PngSize {
  return check(Buffer.concat([signature, ...chunks]))
}
const refused = expect.objectContaining({ code: 'bad_image', status: 502 })

async function smallPng(): Promise<Buffer> {
  const noise = Buffer.from(Array.from({ length: 9 * 7 * 3 }, (_, place) => (place * 73) % 251))
  return await sharp(noise, { raw: { width: 9, height: 7, channels: 3 } })
    .png()
    .withExif({ IFD0: { Copyright: 'nobody' } })
    .toBuffer()
}

describe('a whole picture', () => {
  test.each([
    ['true colour', header(), [data]],
    ['grey, 16 bits', header({ colour: 0, depth: 16 }), [data]],
    ['with transparency', header({ colour: 6 }), [data]],
    ['with a palette', header({ colour: 3, depth: 1 }), [chunk('PLTE', Buffer.alloc(6)), data]],
    ['interlaced', header({ methods: [0, 0, 1] }), [data]],
    [
      'in several pieces, one empty',
      header(),
      [chunk('IDAT', pixels.subarray(0, 3)), chunk('IDAT'), chunk('IDAT', pixels.subarray(3))],
    ],
    [
      'with notes before and after its pixels',
      header(),
      [chunk('tEXt', Buffer.from('a\0b')), data, chunk('tIME', Buffer.alloc(7))],
    ],
    ['with provenance marks', header(), [chunk('caBX', Buffer.alloc(5000, 7)), data]],
  ])('%s is taken', (_name, head, chunks) => {
    expect(checkChunks(head, ...chunks, end)).toEqual({ width: 2, height: 1 })
  })

  test('is taken however it is cut in two', async () => {
    const png = await smallPng()
    for (let cut = 0; cut <= png.length; cut += 1) {
      expect(check(png.subarray(0, cut), png.subarray(cut))).toEqual({ width: 9, height: 7 })
    }
  })

  test('is taken byte by byte, and in slices of any sizes', async () => {
    const png = await smallPng()
    expect(check(...Array.from(png, (byte) => Uint8Array.of(byte)))).toEqual({ width: 9, height: 7 })
    assert(
      property(array(nat(png.length)), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), png.length]
        const slices = places.slice(1).map((to, index) => png.subarray(places[index], to))
        expect(check(...slices)).toEqual({ width: 9, height: 7 })
      }),
    )
  })
})

describe('a damaged picture', () => {
  test('is refused wherever a byte was changed', async () => {
    const png = await smallPng()
    for (let place = 0; place < png.length; place += 1) {
      for (const bits of [0x01, 0x20, 0x80, 0xff]) {
        const damaged = Buffer.from(png)
        damaged[place] = (damaged[place] ?? 0) ^ bits
        expect(() => check(damaged), `byte ${place} ^ ${bits}`).toThrow(refused)
      }
    }
  })

  test('is refused wherever it was cut off', async () => {
    const png = await smallPng()
    for (let length = 0; length < png.length; length += 1) {
      expect(() => check(png.subarray(0, length)), `${length} bytes`).toThrow(refused)
    }
  })

  test('is refused when a byte was dropped or slipped in', async () => {
    const png = await smallPng()
    for (let place = 0; place < png.length; place += 1) {
      const dropped = [png.subarray(0, place), png.subarray(place + 1)]
      const slipped = [png.subarray(0, place), Uint8Array.of(0x55), png.subarray(place)]
      expect(() => check(...dropped), `without byte ${place}`).toThrow(refused)
      expect(() => check(...slipped), `a byte before ${place}`).toThrow(refused)
    }
  })
})

describe('a picture of wrong structure', () => {
  test.each([
    ['nothing after its end', [header(), data, end, Buffer.from('x')]],
    ['no second picture after its end', [header(), data, end, signature, header(), data, end]],
    ['its header first', [chunk('tEXt', Buffer.from('a')), header(), data, end]],
    ['one header', [header(), header(), data, end]],
    ['pixels', [header(), end]],
    ['pixels that are not empty', [header(), chunk('IDAT'), end]],
    ['its pixels in one run', [header(), data, chunk('tEXt'), data, end]],
    ['its end', [header(), data]],
    ['an empty end', [header(), data, chunk('IEND', Buffer.alloc(1))]],
    ['a known critical chunk', [header(), chunk('ABCD'), data, end]],
    ['letters in chunk names', [header(), chunk('a1bc'), data, end]],
    ['a palette where it needs one', [header({ colour: 3 }), data, end]],
    ['its palette before the pixels', [header(), data, chunk('PLTE', Buffer.alloc(3)), end]],
    ['one palette', [header(), chunk('PLTE', Buffer.alloc(3)), chunk('PLTE', Buffer.alloc(3)), data, end]],
    ['no palette when grey', [header({ colour: 0 }), chunk('PLTE', Buffer.alloc(3)), data, end]],
    ['a palette of whole colours', [header(), chunk('PLTE', Buffer.alloc(4)), data, end]],
    [
      'a palette that fits the depth',
      [header({ colour: 3, depth: 1 }), chunk('PLTE', Buffer.alloc(9)), data, end],
    ],
    ['a width', [header({ width: 0 }), data, end]],
    ['a height', [header({ height: 0 }), data, end]],
    ['a possible width', [header({ width: 0x8000_0000 }), data, end]],
    ['at most 50,000,000 pixels', [header({ width: 10_000, height: 5001 }), data, end]],
    ['a depth that fits the colour type', [header({ colour: 2, depth: 4 }), data, end]],
    ['a known colour type', [header({ colour: 5 }), data, end]],
    ['a known compression', [header({ methods: [1, 0, 0] }), data, end]],
    ['a known interlacing', [header({ methods: [0, 0, 2] }), data, end]],
  ])('must have %s', (_name, chunks) => {
    expect(() => checkChunks(...chunks)).toThrow(refused)
  })

  test('may have exactly 50,000,000 pixels', () => {
    expect(checkChunks(header({ width: 10_000, height: 5000 }), data, end)).toEqual({
      width: 10_000,
      height: 5000,
    })
  })

  test('is refused at once when a chunk claims to be endless, not after reading it', () => {
    const claim = Buffer.alloc(8)
    claim.writeUInt32BE(0x8000_0000, 0)
    claim.write('tEXt', 4, 'latin1')
    expect(() => pngChecker().write(Buffer.concat([signature, header(), claim]))).toThrow(refused)
  })
})
