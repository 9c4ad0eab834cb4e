import { createHash } from 'node:crypto'
import path from 'node:path'
import { Problem } from '../errors.ts'
import type { NewId } from '../ids.ts'
import type { PictureSink, PictureWriter, SpooledPicture } from '../providers/provider.ts'
import { pngChecker, type PngChecker } from './check-png.ts'
import { asDiskProblem } from './disk-problem.ts'
import { makePng } from './make-png.ts'
import { readPieces } from './read-pieces.ts'
import { sniff, type PictureMime } from './sniff.ts'
import { openNew, removeIfThere, spoolFile, type OpenNew } from './spool-file.ts'

/** The most bytes of one picture, decoded. */
export const mostPictureBytes = 25 * 1024 * 1024

/** How the name of every temporary file begins. */
export const temporaryPrefix = '.tmp-'

interface SinkParts {
  /** Absolute path of the folder where the pictures will stand; it is there. */
  folder: string
  newId: NewId
  /** Makes files; a test hands in disks that fail. */
  openNew?: OpenNew
}

/**
 * Takes pictures as they arrive, each into one temporary file of its own in the folder where it will stand.
 * A PNG is kept byte for byte after a check of its structure; JPEG and WebP are decoded wholly and become PNG.
 */
export function pictureSink({ folder, newId, openNew: open = openNew }: SinkParts): PictureSink {
  const temporary = () => path.join(folder, `${temporaryPrefix}${newId()}`)
  return { open: () => pictureWriter(temporary, open) }
}

function pictureWriter(temporary: () => string, open: OpenNew): PictureWriter {
  const arrived = temporary()
  const others: string[] = []
  const sha256 = createHash('sha256')
  let mime: PictureMime | undefined
  let png: PngChecker | undefined
  let bytes = 0
  let ended = false

  // Checking and hashing whole pieces while they are still in the processor's cache costs less than doing
  // it for each of the network's many small ones.
  const spool = spoolFile(
    arrived,
    (piece) => {
      mime ??= typeOf(piece)
      if (mime !== 'image/png') return
      png ??= pngChecker()
      png.write(piece)
      sha256.update(piece)
    },
    open,
  )

  async function finishPng(checker: PngChecker): Promise<SpooledPicture> {
    const { width, height } = checker.end()
    const hash = sha256.digest('hex')
    let file = arrived
    try {
      await spool.close({ sync: true })
    } catch (error) {
      if (asDiskProblem(error).code === 'storage_full') throw error
      file = temporary()
      others.push(file)
      await writeAnew(arrived, file, hash, open)
      await removeIfThere(arrived)
    }
    return { file, sha256: hash, width, height, bytes }
  }

  async function finishOther(): Promise<SpooledPicture> {
    await spool.close({ sync: false })
    const file = temporary()
    others.push(file)
    const picture = await makePng(arrived, file)
    await removeIfThere(arrived)
    return picture
  }

  async function discard(): Promise<void> {
    ended = true
    await spool.discard()
    for (const file of others) await removeIfThere(file)
  }

  return {
    write(more) {
      if (ended) throw new Error('a picture takes no bytes after its end')
      bytes += more.length
      if (bytes > mostPictureBytes) {
        throw new Problem('bad_image', 'The picture is larger than the 25 MB that Easel takes.')
      }
      try {
        return spool.write(more)?.catch(rethrowAsProblem)
      } catch (error) {
        return rethrowAsProblem(error)
      }
    },
    async finish() {
      ended = true
      try {
        await spool.flush()
        if (mime === undefined) throw new Problem('bad_image', 'The picture is empty.')
        return await (png ? finishPng(png) : finishOther())
      } catch (error) {
        await discard()
        throw asDiskProblem(error)
      }
    },
    discard,
  }
}

function typeOf(head: Uint8Array): PictureMime {
  const mime = sniff(head)
  if (!mime) throw new Problem('bad_image', 'What came as a picture is neither PNG nor JPEG nor WebP.')
  return mime
}

function rethrowAsProblem(error: unknown): never {
  throw asDiskProblem(error)
}

/**
 * Writes a file once more under another name, since one whose sync failed counts as not written and a
 * second sync of it would say nothing. What it reads back may already be lost, hence the hash.
 */
async function writeAnew(from: string, to: string, sha256: string, open: OpenNew): Promise<void> {
  const hash = createHash('sha256')
  const copy = spoolFile(to, (piece) => hash.update(piece), open)
  for await (const piece of readPieces(from)) await copy.write(piece)
  await copy.flush()
  await copy.close({ sync: true })
  if (hash.digest('hex') !== sha256) throw new Error(`${from} could not be synced, nor read back whole`)
}
