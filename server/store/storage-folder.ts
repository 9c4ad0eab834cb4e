import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'

/**
 * Makes a folder and those above it that are missing, readable by their owner only. Node's own way to do this tries
 * for ever where a file system takes no folders, as /proc does.
 * @throws Error of the file system where there can be no such folder, or nothing can be written into it
 */
export function makeFolder(folder: string): void {
  const missing: string[] = []
  for (let at = folder; !existsSync(at); at = path.dirname(at)) missing.unshift(at)
  for (const one of missing) makeOne(one)
  if (!statSync(folder).isDirectory()) {
    throw Object.assign(new Error(`not a directory, ${folder}`), { code: 'ENOTDIR' })
  }
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (cause) {
    // Another server that starts at the same moment may have made it.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
  }
}
