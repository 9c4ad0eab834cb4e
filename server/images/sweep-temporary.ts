import { stat, unlink } from 'node:fs/promises'
import path from 'node:path'
import { namesIn } from './folders.ts'
import { temporaryPrefix } from './picture-sink.ts'

interface Sweep {
  /** Files changed later may still be written by somebody: milliseconds since 1970. */
  before: number
  /** Absolute paths that are still needed: pictures that were received and wait for their name. */
  keep?: ReadonlySet<string>
}

/**
 * Removes the temporary files that a crash left in a folder of pictures (absolute path) and in its previews.
 * @returns how many are gone
 */
export async function sweepTemporary(folder: string, { before, keep }: Sweep): Promise<number> {
  let gone = 0
  for (const place of [folder, path.join(folder, 'previews')]) {
    for (const name of await namesIn(place)) {
      const file = path.join(place, name)
      if (!name.startsWith(temporaryPrefix) || keep?.has(file)) continue
      if ((await stat(file)).mtimeMs >= before) continue
      await unlink(file)
      gone += 1
    }
  }
  return gone
}
