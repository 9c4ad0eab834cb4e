import { mkdir, open, readdir } from 'node:fs/promises'
import path from 'node:path'
import { errnoOf } from './disk-problem.ts'

/** Where a conversation's pictures stand, relative to the storage folder. `conversationId` is a stored id. */
export function conversationImages(conversationId: string): string {
  return path.posix.join('conversations', checkedId(conversationId), 'images')
}

/** Where a user's uploads and kept pictures of the dialog stand, relative to the storage folder. */
export function userUploads(userId: string): string {
  return path.posix.join('uploads', checkedId(userId))
}

// Stored ids always fit; the check keeps a future caller's mistake from becoming a path of somebody's choosing.
function checkedId(id: string): string {
  if (!/^[A-Za-z0-9_-]{16,64}$/.test(id)) throw new Error('a folder is only made from a stored id')
  return id
}

/**
 * Makes a folder below the storage folder, with those above it, and syncs the parents of those that were not
 * there, so that a power cut does not take the folder from under its files.
 * @returns its absolute path
 */
export async function ensureFolder(storageDir: string, relative: string): Promise<string> {
  const folder = path.join(storageDir, relative)
  const first = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return folder
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) {
    await syncFolder(path.dirname(made))
  }
  return folder
}

/** Waits until a folder's entries are on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** What lies in a folder (absolute path): nothing where there is none. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  }
}
