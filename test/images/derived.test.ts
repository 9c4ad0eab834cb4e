import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { thumbHashToApproximateAspectRatio } from 'thumbhash'
import { describe, expect, test } from 'vitest'
import { removePictureFiles } from '../../server/images/derived-file.ts'
import { preview } from '../../server/images/previews.ts'
import { withSharp } from '../../server/images/sharp.ts'
import { thumbhashOf } from '../../server/images/thumbhash.ts'
import { visionCopy, visionCopyOfBytes } from '../../server/images/vision-copy.ts'
import { sampleJpeg, samplePng } from '../support/sample-pictures.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let made = 0
const newId = () => `0000000000000000-${(made += 1)}`

async function stored(bytes: Buffer | Promise<Buffer>): Promise<string> {
  const file = path.join(temporaryFolder(), 'img_0123456789abcdef.png')
  writeFileSync(file, await bytes)
  return file
}

describe('a preview', () => {
  test('is a WebP of the wanted width, made once and kept', async () => {
    const original = await stored(samplePng({ width: 1400, height: 700 }))
    const file = await preview(original, 512, newId)
    expect(await sharp(readFileSync(file)).metadata()).toMatchObject({
      format: 'webp',
      width: 512,
      height: 256,
    })
    utimesSync(file, 1000, 1000)
    expect(await preview(original, 512, newId)).toBe(file)
    expect(statSync(file).mtimeMs).toBe(1_000_000)
    expect(readdirSync(path.dirname(file))).toEqual(['img_0123456789abcdef.png.512.webp'])
  })

  test('never enlarges', async () => {
    const file = await preview(await stored(samplePng({ width: 300, height: 200 })), 1024, newId)
    expect(await sharp(readFileSync(file)).metadata()).toMatchObject({ width: 300, height: 200 })
  })

  test('that is wanted many times at once is made once', async () => {
    const original = await stored(samplePng({ width: 800, height: 600 }))
    const before = made
    const files = await Promise.all(Array.from({ length: 20 }, () => preview(original, 256, newId)))
    expect(new Set(files).size).toBe(1)
    expect(made - before).toBe(1)
  })

  test('of a missing or undecodable picture is refused and leaves nothing', async () => {
    const gone = path.join(temporaryFolder(), 'img_0123456789abcdef.png')
    await expect(preview(gone, 256, newId)).rejects.toMatchObject({ code: 'not_found' })
    expect(readdirSync(path.join(path.dirname(gone), 'previews'))).toEqual([])
    const text = await stored(Buffer.from('not a picture'))
    await expect(preview(text, 256, newId)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a vision copy', () => {
  test('is a JPEG of at most 1,024 pixels on the long side, on white, made once', async () => {
    const clear = sharp({ create: { width: 600, height: 1800, channels: 4, background: '#00000000' } })
    const original = await stored(clear.png().toBuffer())
    const copy = await visionCopy(original, 'nothing at all', newId)
    expect(copy).toMatchObject({ mime: 'image/jpeg', description: 'nothing at all' })
    expect(await sharp(copy.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 341, height: 1024 })
    const { channels } = await sharp(copy.bytes).stats()
    expect(Math.min(...channels.map((channel) => channel.min))).toBeGreaterThan(250)
    const before = made
    expect(Buffer.from((await visionCopy(original, '', newId)).bytes).equals(copy.bytes)).toBe(true)
    expect(made).toBe(before)
  })

  test('of bytes that were sent along is made the same way', async () => {
    const copy = await visionCopyOfBytes(await sampleJpeg({ width: 2000, height: 1000 }), '', 'file')
    expect(await sharp(copy.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 1024, height: 512 })
    await expect(visionCopyOfBytes(Buffer.from('<svg/>'), '', 'file')).rejects.toMatchObject({
      code: 'invalid_request',
    })
    const cut = (await sampleJpeg({ width: 2000, height: 1000 })).subarray(0, 9000)
    await expect(visionCopyOfBytes(cut, '', 'file')).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

test('a ThumbHash has the proportions of its picture', async () => {
  const hash = await thumbhashOf(await stored(samplePng({ width: 1000, height: 500 })))
  const bytes = Buffer.from(hash, 'base64')
  expect(bytes.toString('base64')).toBe(hash)
  expect(bytes.length).toBeLessThan(30)
  expect(thumbHashToApproximateAspectRatio(bytes)).toBeCloseTo(2, 0)
})

test('removing a picture takes everything that was made from it', async () => {
  const original = await stored(samplePng({ width: 300, height: 200 }))
  await preview(original, 256, newId)
  await preview(original, 1024, newId)
  await visionCopy(original, '', newId)
  removePictureFiles(original)
  expect(existsSync(original)).toBe(false)
  expect(readdirSync(path.join(path.dirname(original), 'previews'))).toEqual([])
  removePictureFiles(original)
})

describe('sharp', () => {
  test.each([
    [
      'SVG',
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    ],
    [
      'GIF',
      Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64').toString('latin1'),
    ],
    ['PBM text', 'P1\n1 1\n0\n'],
  ])('does not read %s, from memory or from a file named .png', async (_name, text) => {
    const bytes = Buffer.from(text, 'latin1')
    const file = await stored(bytes)
    await withSharp(async (guarded) => {
      await expect(guarded(bytes).toBuffer()).rejects.toThrow('unsupported image format')
      await expect(guarded(file).toBuffer()).rejects.toThrow('unsupported image format')
    })
  })

  test('does at most two things at once, in order, also after one fails', async () => {
    let working = 0
    let most = 0
    const order: number[] = []
    const work = Array.from({ length: 9 }, (_, place) =>
      withSharp(async () => {
        working += 1
        most = Math.max(most, working)
        order.push(place)
        await new Promise((resolve) => setImmediate(resolve))
        working -= 1
        if (place === 3) throw new Error('on purpose')
      }),
    )
    const ends = await Promise.allSettled(work)
    expect(ends.filter((end) => end.status === 'rejected')).toHaveLength(1)
    expect(most).toBe(2)
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })
})
