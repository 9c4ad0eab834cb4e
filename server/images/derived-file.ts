import { mkdir, open, rename } from 'node:fs/promises'
import path from 'node:path'
import { existsSync, rmSync } from 'node:fs'
import type { NewId } from '../ids.ts'
import { previewWidths, type PreviewWidth } from '../contract/images.ts'
import { asDiskProblem } from './disk-problem.ts'
import { removeIfThere } from './spool-file.ts'
import { temporaryPrefix } from './picture-sink.ts'

/** What is made from a stored picture and kept beside it, and can be made again at any time. */
export type DerivedKind = `${PreviewWidth}.webp` | 'vision.jpg'

/** Where a stored picture's derived file stands; both paths are absolute. */
export function derivedPath(original: string, kind: DerivedKind): string {
  return path.join(path.dirname(original), 'previews', `${path.basename(original)}.${kind}`)
}

const making = new Map<string, Promise<void>>()

/**
 * Makes a derived file once: who asks while it is being made waits for the same making. It appears under
 * its name only when it is whole and on the disk.
 * @param make writes to the path that it is given.
 */
export async function ensureDerived(
  file: string,
  newId: NewId,
  make: (to: string) => Promise<void>,
): Promise<void> {
  if (existsSync(file)) return
  let made = making.get(file)
  if (!made) {
    made = makeDerived(file, newId, make).finally(() => making.delete(file))
    making.set(file, made)
  }
  await made
}

async function makeDerived(file: string, newId: NewId, make: (to: string) => Promise<void>): Promise<void> {
  const folder = path.dirname(file)
  const temporary = path.join(folder, `${temporaryPrefix}${newId()}`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await make(temporary)
    const handle = await open(temporary, 'r')
    try {
      await handle.datasync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await removeIfThere(temporary)
    throw asDiskProblem(error)
  }
}

/** Removes a stored picture and everything that was made from it; what is not there is fine. Synchronous. */
export function removePictureFiles(original: string): void {
  for (const width of previewWidths) rmSync(derivedPath(original, `${width}.webp`), { force: true })
  rmSync(derivedPath(original, 'vision.jpg'), { force: true })
  rmSync(original, { force: true })
}
