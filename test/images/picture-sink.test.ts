import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { PictureWriter } from '../../server/providers/provider.ts'
import { pictureSink } from '../../server/images/picture-sink.ts'
import type { OpenNew, SpoolHandle } from '../../server/images/spool-file.ts'
import { sampleJpeg, samplePng, sampleWebp } from '../support/sample-pictures.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let made = 0
const newId = () => `0000000000000000-${(made += 1)}`

function sinkIn(folder: string, openNew?: OpenNew) {
  return pictureSink({ folder, newId, ...(openNew ? { openNew } : {}) })
}

async function feed(writer: PictureWriter, bytes: Uint8Array, slice = 48 * 1024): Promise<void> {
  // One buffer for all slices, as a decoder would use: the writer may keep nothing of it.
  const scratch = Buffer.alloc(slice)
  for (let at = 0; at < bytes.length; at += slice) {
    const part = bytes.subarray(at, at + slice)
    scratch.set(part)
    const room = writer.write(scratch.subarray(0, part.length))
    scratch.fill(0)
    await room
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function errno(code: string): Error {
  return Object.assign(new Error(`${code}: told by the disk`), { code })
}

/** A real file whose verbs fail as told. */
function failing(verbs: Partial<Record<keyof SpoolHandle, (nth: number) => Error | undefined>>): OpenNew {
  const calls = { write: 0, datasync: 0, close: 0 }
  function check(verb: keyof SpoolHandle): void {
    calls[verb] += 1
    const error = verbs[verb]?.(calls[verb])
    if (error) throw error
  }
  return async (path) => {
    const file = await open(path, 'wx')
    return {
      write(...given) {
        check('write')
        return file.write(...given)
      },
      async datasync() {
        check('datasync')
        await file.datasync()
      },
      close: () => file.close(),
    }
  }
}

describe('a PNG', () => {
  test('is kept byte for byte in one temporary file, with its hash and size', async () => {
    const folder = temporaryFolder()
    const png = await samplePng({ width: 900, height: 700, minBytes: 1_000_000 })
    const writer = sinkIn(folder).open()
    await feed(writer, png)
    const spooled = await writer.finish()
    expect(spooled).toMatchObject({ sha256: sha256(png), width: 900, height: 700, bytes: png.length })
    expect(readFileSync(spooled.file).equals(png)).toBe(true)
    expect(readdirSync(folder)).toEqual([spooled.file.slice(folder.length + 1)])
    expect(readdirSync(folder)[0]).toMatch(/^\.tmp-/)
  })

  test.each([1, 7, 4096, 300_000, 10_000_000])('arrives whole in slices of %d bytes', async (slice) => {
    const png = await samplePng({ width: 64, height: 48, seed: 3 })
    const writer = sinkIn(temporaryFolder()).open()
    await feed(writer, png, slice)
    const spooled = await writer.finish()
    expect(sha256(readFileSync(spooled.file))).toBe(sha256(png))
  })

  test('many at once do not mix', async () => {
    const folder = temporaryFolder()
    const sink = sinkIn(folder)
    const pngs = await Promise.all(
      Array.from({ length: 12 }, (_, seed) =>
        samplePng({ width: 300, height: 300, seed, minBytes: 250_000 }),
      ),
    )
    const spooled = await Promise.all(
      pngs.map(async (png) => {
        const writer = sink.open()
        await feed(writer, png)
        return await writer.finish()
      }),
    )
    for (const [index, png] of pngs.entries()) {
      expect(readFileSync(spooled[index]?.file ?? '').equals(png)).toBe(true)
    }
  })

  test('that is damaged is refused and leaves nothing', async () => {
    const folder = temporaryFolder()
    const png = Buffer.from(await samplePng({ width: 500, height: 500, minBytes: 700_000 }))
    png[600_000] = (png[600_000] ?? 0) ^ 1
    const writer = sinkIn(folder).open()
    await expect(feed(writer, png).then(() => writer.finish())).rejects.toMatchObject({ code: 'bad_image' })
    await writer.discard()
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('other pictures', () => {
  test.each([
    ['JPEG', sampleJpeg],
    ['WebP', sampleWebp],
  ])('%s becomes PNG', async (_name, sample) => {
    const folder = temporaryFolder()
    const writer = sinkIn(folder).open()
    await feed(writer, await sample({ width: 320, height: 200 }))
    const spooled = await writer.finish()
    const stored = readFileSync(spooled.file)
    expect(spooled).toMatchObject({ sha256: sha256(stored), width: 320, height: 200, bytes: stored.length })
    expect(await sharp(stored).metadata()).toMatchObject({ format: 'png', width: 320, height: 200 })
    expect(readdirSync(folder)).toHaveLength(1)
  })

  test('a cut-off JPEG is refused and leaves nothing', async () => {
    const folder = temporaryFolder()
    const jpeg = await sampleJpeg({ width: 320, height: 200 })
    const writer = sinkIn(folder).open()
    await feed(writer, jpeg.subarray(0, jpeg.length / 2))
    await expect(writer.finish()).rejects.toMatchObject({ code: 'bad_image' })
    expect(readdirSync(folder)).toEqual([])
  })

  test.each([
    ['nothing', ''],
    ['text', 'Sorry, I cannot paint that.'],
    ['GIF', 'GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000;'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['only the beginning of a PNG', '\u0089PNG\r\n'],
  ])('%s is refused without making a file', async (_name, text) => {
    const folder = temporaryFolder()
    const opened: string[] = []
    const sink = sinkIn(folder, (path) => {
      opened.push(path)
      return open(path, 'wx')
    })
    const writer = sink.open()
    const work = (async () => {
      await writer.write(Buffer.from(text, 'latin1'))
      await writer.finish()
    })()
    await expect(work).rejects.toMatchObject({ code: 'bad_image' })
    expect(opened).toEqual([])
  })

  test('more than 25 MB are refused while they arrive', async () => {
    const folder = temporaryFolder()
    const writer = sinkIn(folder).open()
    const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(26 * 1024 * 1024)])
    await expect(feed(writer, jpeg, 1024 * 1024)).rejects.toMatchObject({ code: 'bad_image' })
    await writer.discard()
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('a failing disk', () => {
  test.each(['ENOSPC', 'EDQUOT'])(
    '%s while writing says that it is full and leaves nothing',
    async (code) => {
      const folder = temporaryFolder()
      const writer = sinkIn(folder, failing({ write: (nth) => (nth === 2 ? errno(code) : undefined) })).open()
      const png = await samplePng({ width: 900, height: 700, minBytes: 1_000_000 })
      await expect(feed(writer, png).then(() => writer.finish())).rejects.toMatchObject({
        code: 'storage_full',
        status: 507,
      })
      await writer.discard()
      expect(readdirSync(folder)).toEqual([])
    },
  )

  test('a file that cannot be made is told, without its path', async () => {
    const folder = temporaryFolder()
    const writer = sinkIn(folder, () => Promise.reject(errno('EROFS'))).open()
    await feed(writer, await samplePng({ width: 20, height: 20 }))
    const failure = await writer.finish().then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ code: 'internal_error', cause: { code: 'EROFS' } })
    expect(String(failure)).not.toContain(folder)
  })

  test('after a failed sync the picture is written anew and synced once, the first file never again', async () => {
    const folder = temporaryFolder()
    const synced: number[] = []
    const openNew = failing({
      datasync(nth) {
        synced.push(nth)
        return nth === 1 ? errno('EIO') : undefined
      },
    })
    const png = await samplePng({ width: 900, height: 700, minBytes: 1_000_000 })
    const writer = sinkIn(folder, openNew).open()
    await feed(writer, png)
    const spooled = await writer.finish()
    expect(synced).toEqual([1, 2])
    expect(readFileSync(spooled.file).equals(png)).toBe(true)
    expect(readdirSync(folder)).toHaveLength(1)
  })

  test('a disk whose sync always fails keeps nothing', async () => {
    const folder = temporaryFolder()
    let syncs = 0
    const writer = sinkIn(
      folder,
      failing({
        datasync() {
          syncs += 1
          return errno('EIO')
        },
      }),
    ).open()
    await feed(writer, await samplePng({ width: 20, height: 20 }))
    await expect(writer.finish()).rejects.toMatchObject({ code: 'internal_error' })
    expect(syncs).toBe(2)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('discarding', () => {
  test('works before anything came, midway, at the end, and twice', async () => {
    const folder = temporaryFolder()
    const png = await samplePng({ width: 900, height: 700, minBytes: 1_000_000 })
    const [idle, midway, done] = [sinkIn(folder).open(), sinkIn(folder).open(), sinkIn(folder).open()]
    await feed(midway, png.subarray(0, 600_000))
    await feed(done, png)
    await done.finish()
    for (const writer of [idle, midway, done]) {
      await writer.discard()
      await writer.discard()
    }
    expect(readdirSync(folder)).toEqual([])
  })

  test('while a piece is being written waits for it and removes the file', async () => {
    const folder = temporaryFolder()
    const writer = sinkIn(folder).open()
    const png = await samplePng({ width: 900, height: 700, minBytes: 1_000_000 })
    // Not awaited: the first piece is on its way to the disk.
    const writing = writer.write(png.subarray(0, 300_000))
    await writer.discard()
    await writing?.catch(() => undefined)
    expect(readdirSync(folder)).toEqual([])
  })
})
