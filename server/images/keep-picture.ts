import { createHash } from 'node:crypto'
import { existsSync, unlinkSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { Problem } from '../errors.ts'
import type { NewId } from '../ids.ts'
import type { SpooledPicture } from '../providers/provider.ts'
import { asDiskProblem, errnoOf } from './disk-problem.ts'
import { syncFolder } from './folders.ts'
import { nameAgain } from './link-picture.ts'
import { readPieces } from './read-pieces.ts'

export interface KeptPicture {
  /** `img_` + the first 16 hex digits of the SHA-256 of the PNG bytes + `.png`. */
  filename: string
  /** Relative to the storage folder, as the picture's row has it. */
  path: string
}

type Spooled = Pick<SpooledPicture, 'file' | 'sha256' | 'bytes'>

interface Place {
  storageDir: string
  /** Relative to the storage folder: `conversationImages(id)` or `userUploads(id)`. */
  folder: string
  newId: NewId
}

/** The name under which a picture's PNG bytes are kept. */
export function pictureFilename(sha256: string): string {
  return `img_${sha256.slice(0, 16)}.png`
}

/**
 * Gives a spooled picture its name and syncs the folder. It never overwrites: where the name is taken, the
 * bytes there must be the same. The temporary file goes last, so whatever happens before can be done again. After a crash it may be called again with the same picture, also when the
 * temporary file is already gone. The promise resolves in the very tick in which the file was seen under its
 * name, so a row that is recorded without waiting in between never precedes its file.
 * @throws Problem `storage_full`; `internal_error` when other bytes stand under the name or the picture is gone
 */
export async function keepPicture(
  spooled: Spooled,
  { storageDir, folder, newId }: Place,
): Promise<KeptPicture> {
  const filename = pictureFilename(spooled.sha256)
  const absolute = path.join(storageDir, folder)
  const final = path.join(absolute, filename)
  try {
    do {
      await nameOrCompare(spooled, final, newId)
      await syncFolder(absolute)
      // Somebody may have deleted the other picture with these bytes in the meantime: link once more.
    } while (!existsSync(final))
    removeTemporary(spooled.file)
    return { filename, path: path.posix.join(folder, filename) }
  } catch (error) {
    throw asDiskProblem(error)
  }
}

async function nameOrCompare(spooled: Spooled, final: string, newId: NewId): Promise<void> {
  let gone: unknown
  try {
    if (await nameAgain(spooled.file, final, newId)) return
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    gone = error
  }
  const there = await compare(spooled, final)
  if (there === 'other') {
    throw new Problem(
      'internal_error',
      'The picture could not be kept: other bytes stand under its name, and a picture is never overwritten.',
    )
  }
  if (there === 'nothing' && gone !== undefined) {
    throw new Problem('internal_error', 'The picture could not be kept: its temporary file is gone.', {
      cause: gone,
    })
  }
}

async function compare({ sha256, bytes }: Spooled, file: string): Promise<'same' | 'other' | 'nothing'> {
  try {
    if ((await stat(file)).size !== bytes) return 'other'
    const hash = createHash('sha256')
    for await (const piece of readPieces(file)) hash.update(piece)
    return hash.digest('hex') === sha256 ? 'same' : 'other'
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 'nothing'
    throw error
  }
}

/** Synchronously, so that nothing comes between the last look at the picture and the answer. */
function removeTemporary(file: string): void {
  try {
    unlinkSync(file)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}
