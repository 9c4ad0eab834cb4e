import path from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { ImageRow } from '../store/image-row.ts'
import type { ImageRows } from '../store/images.ts'
import { removePictureFiles } from './derived-file.ts'
import { imageMarkdown } from './present-image.ts'

interface RemoveParts {
  rows: Pick<ImageRows, 'remove' | 'whenUnreferenced'>
  storageDir: string
}

/** Removes a file that no picture's row names any more, with what was made from it. */
export function removeUnreferenced(
  { rows, storageDir }: { rows: Pick<ImageRows, 'whenUnreferenced'>; storageDir: string },
  relative: string,
): void {
  rows.whenUnreferenced(relative, () => removePictureFiles(path.join(storageDir, relative)))
}

/** Removes a user's picture, and its file where nothing else uses it; false when it is not this user's. */
export function removePicture(parts: RemoveParts, userId: string, id: string): boolean {
  const gone = parts.rows.remove(userId, id, imageMarkdown)
  for (const row of gone) removeUnreferenced(parts, row.path)
  return gone.length > 0
}

interface JanitorParts {
  rows: Pick<ImageRows, 'expired' | 'removeExpired' | 'whenUnreferenced'>
  storageDir: string
  clock: Clock
  log: Logger
}

/** So many at a time, so that requests come between. */
const atOnce = 20

/**
 * Removes uploads that were never used and kept pictures of the dialog whose time has come, rows and files.
 * One that cannot be removed is logged and does not stop the others.
 * @returns how many are gone
 */
export async function removeExpired({ rows, storageDir, clock, log }: JanitorParts): Promise<number> {
  let gone = 0
  while (true) {
    const batch = rows.expired(clock.now(), atOnce)
    for (const row of batch) if (removeOne(row)) gone += 1
    if (batch.length < atOnce) return gone
    await new Promise((resolve) => setImmediate(resolve))
  }

  function removeOne(row: ImageRow): boolean {
    if (!rows.removeExpired(row, clock.now())) return false
    try {
      removeUnreferenced({ rows, storageDir }, row.path)
    } catch (error) {
      log.error({ err: error, image: row.id }, 'the file of an expired picture could not be removed')
    }
    return true
  }
}
