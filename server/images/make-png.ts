import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { Problem } from '../errors.ts'
import type { SpooledPicture } from '../providers/provider.ts'
import { asDiskProblem } from './disk-problem.ts'
import { readPieces } from './read-pieces.ts'
import { openPicture, withSharp } from './sharp.ts'

/**
 * Decodes a PNG, JPEG or WebP file wholly and writes it as a synced PNG: upright, in sRGB, without metadata,
 * the first frame only.
 * @param longestSide what is longer is scaled down to so many pixels; nothing is scaled up
 * @throws Problem `bad_image` when it cannot be decoded (its `cause` has the decoder's words), `storage_full`
 */
export async function makePng(
  source: string,
  target: string,
  { longestSide }: { longestSide?: number } = {},
): Promise<SpooledPicture> {
  const { width, height, size } = await withSharp(async (sharp) => {
    try {
      const picture = openPicture(sharp, source)
      if (longestSide !== undefined) {
        picture.resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
      }
      return await picture.png().toFile(target)
    } catch (error) {
      const problem = asDiskProblem(error)
      if (problem.code === 'storage_full') throw problem
      throw new Problem('bad_image', 'The picture is damaged, too large or cut off, and cannot be decoded.', {
        cause: error,
      })
    }
  })
  const hash = createHash('sha256')
  for await (const piece of readPieces(target)) hash.update(piece)
  await syncFile(target)
  return { file: target, sha256: hash.digest('hex'), width, height, bytes: size }
}

/** Waits until a file's data is on the disk. */
async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    await handle.datasync()
  } finally {
    await handle.close()
  }
}
