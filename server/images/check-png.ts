import { crc32 } from 'node:zlib'
import { Problem } from '../errors.ts'

/** The most pixels a picture may have. */
export const mostPixels = 50_000_000

export interface PngSize {
  width: number
  height: number
}

/** Checks one PNG as it arrives. */
export interface PngChecker {
  /** Takes the next bytes, in slices of any size; keeps no reference to them. @throws Problem `bad_image` */
  write(bytes: Uint8Array): void
  /** Says that nothing more comes. @throws Problem `bad_image` when the picture is not whole */
  end(): PngSize
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const
const IHDR = 0x49484452
const PLTE = 0x504c5445
const IDAT = 0x49444154
const IEND = 0x49454e44

/** Colour type → the bit depths that go with it (PNG third edition, table 8). */
const depthsOf: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

const longestChunk = 0x7fffffff

function broken(what: string): Problem {
  return new Problem('bad_image', `The picture is not a whole PNG: ${what}.`)
}

/**
 * Checks a PNG's structure (w3.org/TR/png-3, section 5) without decoding pixels: signature, header,
 * the critical chunks' order, every CRC, nothing after the end, at most 50,000,000 pixels. Since every byte
 * stands in the signature, in a length, or under a CRC, any single changed byte is found.
 */
export function pngChecker(): PngChecker {
  let size: PngSize | undefined
  let colourType = 0
  let bitDepth = 0

  let seenPalette = false
  let dataState: 'before' | 'within' | 'after' = 'before'
  let dataBytes = 0

  let part: 'signature' | 'head' | 'body' | 'crc' | 'nothing' = 'signature'
  // What the present small part (signature, head, header chunk, CRC) has gathered.
  const small = new Uint8Array(13)
  const view = new DataView(small.buffer)
  let gathered = 0

  let type = 0
  let left = 0
  let crc = 0

  function startChunk(): void {
    const length = view.getUint32(0)
    type = view.getUint32(4)
    if (length > longestChunk) throw broken('a chunk is longer than the format allows')
    for (let place = 4; place < 8; place += 1) {
      const letter = (small[place] ?? 0) | 0x20
      if (letter < 0x61 || letter > 0x7a) throw broken('a chunk has no valid name')
    }
    if (size === undefined && type !== IHDR) throw broken('it does not begin with its header')
    if (dataState === 'within' && type !== IDAT) dataState = 'after'
    if (type === IHDR) {
      if (size !== undefined) throw broken('it has two headers')
      if (length !== 13) throw broken('its header has a wrong length')
    } else if (type === PLTE) {
      checkPalette(length)
    } else if (type === IDAT) {
      checkData(length)
    } else if (type === IEND) {
      if (length !== 0) throw broken('its end holds data')
      if (dataBytes === 0) throw broken('it holds no pixels')
    } else if ((small[4] ?? 0) < 0x61) {
      // An upper-case first letter: no decoder may show the picture without knowing this chunk.
      throw broken('it has a critical chunk that nobody knows')
    }
    crc = crc32(small.subarray(4, 8))
    left = length
    part = left > 0 ? 'body' : 'crc'
    gathered = 0
  }

  function checkPalette(length: number): void {
    if (seenPalette) throw broken('it has two palettes')
    if (dataState !== 'before') throw broken('its palette follows its pixels')
    if (colourType === 0 || colourType === 4) throw broken('a grey picture has a palette')
    const entries = length / 3
    const most = colourType === 3 ? 2 ** bitDepth : 256
    if (!Number.isInteger(entries) || entries < 1 || entries > most) {
      throw broken('its palette has a wrong length')
    }
    seenPalette = true
  }

  function checkData(length: number): void {
    if (dataState === 'after') throw broken('its pixels are interrupted')
    if (colourType === 3 && !seenPalette) throw broken('its palette is missing')
    dataState = 'within'
    dataBytes += length
  }

  function readHeader(): PngSize {
    const [width, height] = [view.getUint32(0), view.getUint32(4)]
    bitDepth = small[8] ?? 0
    colourType = small[9] ?? 0
    if (width < 1 || height < 1 || width > longestChunk || height > longestChunk) {
      throw broken('its size is impossible')
    }
    if (width * height > mostPixels) {
      throw new Problem(
        'bad_image',
        `The picture has ${width} × ${height} pixels; ${mostPixels} are the most that Easel takes.`,
      )
    }
    if (!depthsOf[colourType]?.includes(bitDepth)) throw broken('its colour type and bit depth do not fit')
    if (small[10] !== 0 || small[11] !== 0 || (small[12] ?? 0) > 1) {
      throw broken('its header names an unknown method')
    }
    return { width, height }
  }

  function endChunk(): void {
    if (view.getUint32(0) !== crc) throw broken('a checksum is wrong')
    part = type === IEND ? 'nothing' : 'head'
    gathered = 0
  }

  /** Gathers up to `wanted` bytes; answers the next place, and leaves `gathered` at `wanted` when all are there. */
  function gather(bytes: Uint8Array, from: number, wanted: number): number {
    let at = from
    while (gathered < wanted && at < bytes.length) {
      small[gathered] = bytes[at] ?? 0
      gathered += 1
      at += 1
    }
    return at
  }

  function readBody(bytes: Uint8Array, from: number): number {
    const to = Math.min(bytes.length, from + left)
    crc = crc32(bytes.subarray(from, to), crc)
    if (type === IHDR) gather(bytes, from, gathered + (to - from))
    left -= to - from
    if (left === 0) {
      if (type === IHDR) size = readHeader()
      part = 'crc'
      gathered = 0
    }
    return to
  }

  return {
    write(bytes) {
      let at = 0
      while (at < bytes.length) {
        switch (part) {
          case 'signature':
            at = gather(bytes, at, 8)
            if (gathered === 8) {
              if (signature.some((byte, place) => small[place] !== byte))
                throw broken('its signature is wrong')
              part = 'head'
              gathered = 0
            }
            break
          case 'head':
            at = gather(bytes, at, 8)
            if (gathered === 8) startChunk()
            break
          case 'body':
            at = readBody(bytes, at)
            break
          case 'crc':
            at = gather(bytes, at, 4)
            if (gathered === 4) endChunk()
            break
          case 'nothing':
            throw broken('something follows its end')
        }
      }
    },
    end() {
      if (part !== 'nothing' || !size) throw broken('it was cut off')
      return size
    },
  }
}
