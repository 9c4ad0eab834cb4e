import { existsSync } from 'node:fs'
import path from 'node:path'
import { readPieces } from '../images/read-pieces.ts'
import type { ImageRow } from '../store/image-row.ts'

type Filed = Pick<ImageRow, 'conversationId' | 'filename' | 'path'>

export type ArchiveFiles = ReturnType<typeof archiveFiles>

/** The picture files of an export: gathered while its words are written, read after them. Each goes in once. */
export function archiveFiles(storageDir: string, conversationId: string) {
  const files = new Map<string, string>()
  return {
    /**
     * Takes a picture in.
     * @returns its name in the ZIP: under `images/` where it stands in the conversation, else under
     * `attachments/`; undefined when its file is gone
     */
    add(picture: Filed): string | undefined {
      const folder = picture.conversationId === conversationId ? 'images' : 'attachments'
      const name = `${folder}/${picture.filename}`
      const file = path.join(storageDir, picture.path)
      if (!files.has(name)) {
        if (!existsSync(file)) return undefined
        files.set(name, file)
      }
      return name
    },

    /** What was taken in. Each file is opened when its turn comes. */
    *entries(lastModified: Date) {
      for (const [name, file] of files) yield { name, lastModified, input: piecesOf(file) }
    },
  }
}

// The stream that takes the pieces looks ahead, hence the copies.
async function* piecesOf(file: string): AsyncGenerator<Uint8Array> {
  for await (const piece of readPieces(file)) yield Buffer.from(piece)
}
