import { statfs } from 'node:fs/promises'
import { storageFull } from './disk-problem.ts'

/** Below so many free bytes no new picture is begun: the database needs room to record what is under way. */
export const freeSpaceFloor = 256 * 1024 * 1024

/** Bytes that an unprivileged process may still write to the disk of a folder. */
async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/**
 * Refuses before anything is spent.
 * @throws Problem `storage_full` when less than the floor is free
 */
export async function assertFreeSpace(
  storageDir: string,
  {
    floor = freeSpaceFloor,
    free = freeBytes,
  }: { floor?: number; free?: (folder: string) => Promise<number> } = {},
): Promise<void> {
  if ((await free(storageDir)) < floor) throw storageFull()
}
