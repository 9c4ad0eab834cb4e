import { constants } from 'node:fs'
import { copyFile, link, open, rename } from 'node:fs/promises'
import path from 'node:path'
import type { NewId } from '../ids.ts'
import { asDiskProblem, errnoOf } from './disk-problem.ts'
import { temporaryPrefix } from './picture-sink.ts'
import { removeIfThere } from './spool-file.ts'

/** Makes a second name for a file. A test hands in disks that cannot. */
export type Link = (from: string, to: string) => Promise<void>

/** What a file system says that has no second names, or no more of them for this file, or none across its border. */
const cannotLink = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/**
 * Gives a stored picture's bytes a second name in another folder, both absolute paths: the same file on the
 * disk where that is possible, since pictures are never written again, else a synced copy. What already
 * stands under the name stays: it was put there by an earlier call. The caller syncs the folder.
 * @returns false when the picture's file is gone
 * @throws Problem `storage_full`
 */
export async function linkPicture(
  from: string,
  to: string,
  newId: NewId,
  makeLink: Link = link,
): Promise<boolean> {
  try {
    await makeLink(from, to)
    return true
  } catch (error) {
    const code = errnoOf(error) ?? ''
    if (code === 'EEXIST') return true
    if (code === 'ENOENT') return false
    if (!cannotLink.has(code)) throw asDiskProblem(error)
    return copyPicture(from, to, newId)
  }
}

async function copyPicture(from: string, to: string, newId: NewId): Promise<boolean> {
  const temporary = path.join(path.dirname(to), `${temporaryPrefix}${newId()}`)
  try {
    await copyFile(from, temporary, constants.COPYFILE_EXCL)
    const handle = await open(temporary, 'r')
    try {
      await handle.datasync()
    } finally {
      await handle.close()
    }
    await rename(temporary, to)
    return true
  } catch (error) {
    await removeIfThere(temporary)
    if (errnoOf(error) === 'ENOENT') return false
    throw asDiskProblem(error)
  }
}
