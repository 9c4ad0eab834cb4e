import { constants, existsSync, renameSync } from 'node:fs'
import { copyFile, link, open } from 'node:fs/promises'
import path from 'node:path'
import type { NewId } from '../ids.ts'
import { asDiskProblem, errnoOf } from './disk-problem.ts'
import { temporaryPrefix } from './picture-sink.ts'
import { removeIfThere } from './spool-file.ts'

/** What a file system says that has no second names, or no more of them for this file, or none across its border. */
const cannotLink = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/**
 * Gives a stored picture's bytes a second name in another folder, both absolute paths. What already stands
 * under the name stays: it was put there by an earlier call. The caller syncs the folder.
 * @returns false when the picture's file is gone
 * @throws Problem `storage_full`
 */
export async function linkPicture(from: string, to: string, newId: NewId): Promise<boolean> {
  try {
    await nameAgain(from, to, newId)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw asDiskProblem(error)
  }
}

/**
 * Gives a synced file a second name, both absolute paths: the same file on the disk where that is possible,
 * since pictures are never written again, else a synced copy. It appears whole or not at all, never in the
 * place of another file, and the first name stays. The caller syncs the folder.
 * @returns false when something stands under the name already
 * @throws what the file system throws, such as ENOENT when the file is gone
 */
export async function nameAgain(from: string, to: string, newId: NewId): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    const code = errnoOf(error) ?? ''
    if (code === 'EEXIST') return false
    if (!cannotLink.has(code)) throw error
    return existsSync(to) ? false : copyUnder(from, to, newId)
  }
}

async function copyUnder(from: string, to: string, newId: NewId): Promise<boolean> {
  const temporary = path.join(path.dirname(to), `${temporaryPrefix}${newId()}`)
  try {
    await copyFile(from, temporary, constants.COPYFILE_EXCL)
    const handle = await open(temporary, 'r')
    try {
      await handle.datasync()
    } finally {
      await handle.close()
    }
    // Looked at and named in one tick, since a rename takes the place of what stands there.
    const isFree = !existsSync(to)
    if (isFree) renameSync(temporary, to)
    else await removeIfThere(temporary)
    return isFree
  } catch (error) {
    await removeIfThere(temporary)
    throw error
  }
}
