import { createHash } from 'node:crypto'
import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs'
import path from 'node:path'

/**
 * Copies a storage folder as its server would leave it if it died now: every file with its bytes, its time and
 * its other names. Locks end with their process and are not copied.
 * @returns a fingerprint of it all; folders with the same one are the same to a server that starts on them.
 */
export function copyState(from: string, to: string): string {
  const seen = createHash('sha256')
  const copies = new Map<number, string>()
  mkdirSync(to, { recursive: true })
  const entries = readdirSync(from, { recursive: true, withFileTypes: true })
    .map((entry) => ({ isFolder: entry.isDirectory(), file: path.join(entry.parentPath, entry.name) }))
    .toSorted((one, other) => (one.file < other.file ? -1 : 1))
  for (const { isFolder, file } of entries) {
    const name = path.relative(from, file)
    const copy = path.join(to, name)
    if (isFolder) {
      mkdirSync(copy)
      seen.update(`${name}/\n`)
      continue
    }
    const { ino, atime, mtime, mtimeMs } = statSync(file)
    const other = copies.get(ino)
    if (other === undefined) {
      copyFileSync(file, copy)
      utimesSync(copy, atime, mtime)
      copies.set(ino, copy)
    } else linkSync(other, copy)
    // SQLite makes its shared memory anew when the first process opens the database.
    if (name.endsWith('-shm')) continue
    seen.update(`${name} ${mtimeMs} ${other === undefined ? '' : path.relative(to, other)}\n`)
    seen.update(readFileSync(file))
  }
  return seen.digest('hex')
}
