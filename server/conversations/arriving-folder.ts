import { existsSync } from 'node:fs'
import { rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { conversationImages, ensureFolder, namesIn } from '../images/folders.ts'

/** Stands in a conversation's folder until its rows are committed. */
const markName = 'arriving'

function folderOf(storageDir: string, conversationId: string): string {
  return path.join(storageDir, path.dirname(conversationImages(conversationId)))
}

/**
 * Makes the folder of a conversation that has no rows yet, and marks it, so that what a stopped server left of it
 * is told from a folder whose rows are missing for another reason, which nobody may throw away.
 * @returns the absolute path of its folder of pictures
 */
export async function openArrivingFolder(storageDir: string, conversationId: string): Promise<string> {
  const images = conversationImages(conversationId)
  await ensureFolder(storageDir, path.dirname(images))
  await writeFile(path.join(folderOf(storageDir, conversationId), markName), '', { mode: 0o600 })
  // Making the folder below syncs the one that the mark stands in.
  return ensureFolder(storageDir, images)
}

/** Says that the rows are committed. */
export async function closeArrivingFolder(storageDir: string, conversationId: string): Promise<void> {
  await rm(path.join(folderOf(storageDir, conversationId), markName), { force: true })
}

interface Sweep {
  storageDir: string
  /** Whether a conversation has its row. */
  exists: (conversationId: string) => boolean
  /** Marks that were set later may be a living process's: milliseconds since 1970. */
  before: number
}

/**
 * Removes the folders of forks and imports that a stopped server did not finish, and the marks of those that it did.
 * @returns how many folders are gone
 */
export async function sweepArrivingFolders({ storageDir, exists, before }: Sweep): Promise<number> {
  let gone = 0
  for (const id of await namesIn(path.join(storageDir, 'conversations'))) {
    const folder = path.join(storageDir, 'conversations', id)
    const mark = path.join(folder, markName)
    if (!existsSync(mark) || (await stat(mark)).mtimeMs >= before) continue
    if (exists(id)) {
      await rm(mark, { force: true })
    } else {
      await rm(folder, { recursive: true, force: true })
      gone += 1
    }
  }
  return gone
}
