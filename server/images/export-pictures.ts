import { existsSync } from 'node:fs'
import path from 'node:path'
import { makeZip } from 'client-zip'
import { isoTime } from '../clock.ts'
import type { ImageRow } from '../store/image-row.ts'
import { downloadName } from './download-name.ts'
import { presentRecipe } from './present-image.ts'
import { readPieces } from './read-pieces.ts'

interface ExportParts {
  storageDir: string
  now: number
}

/**
 * A ZIP of pictures, made while it is read, with readable names and a `manifest.json` that holds each one's
 * recipe. A picture whose file is gone is named under `missing` there.
 * @param rows the pictures, each with what it was made from and what was made from it
 */
export function exportPictures(rows: readonly ImageRow[], { storageDir, now }: ExportParts) {
  const there = rows.filter((row) => existsSync(path.join(storageDir, row.path)))
  const names = new Map(there.map((row, index) => [row.id, zipName(row, index, there.length)]))
  const manifest = {
    exported_at: isoTime(now),
    images: there.map((row) => {
      const { ancestors: _, children: __, ...image } = presentRecipe(row, { ancestors: [], children: [] })
      return { file: names.get(row.id), ...image }
    }),
    missing: rows.filter((row) => !names.has(row.id)).map((row) => row.id),
  }
  async function* entries() {
    const date = new Date(now)
    yield { name: 'manifest.json', lastModified: date, input: JSON.stringify(manifest, null, 2) }
    for (const row of there) {
      yield {
        name: names.get(row.id) ?? row.filename,
        lastModified: new Date(row.createdAt),
        input: piecesOf(path.join(storageDir, row.path)),
        size: row.bytes,
      }
    }
  }
  return makeZip(entries())
}

// Each file is opened when its turn comes, so 500 pictures are not 500 open files. The stream that takes the
// pieces looks ahead, hence the copies.
async function* piecesOf(file: string): AsyncGenerator<Uint8Array> {
  for await (const piece of readPieces(file)) yield Buffer.from(piece)
}

function zipName(row: ImageRow, index: number, count: number): string {
  const place = String(index + 1).padStart(String(count).length, '0')
  const extension = path.extname(row.filename).slice(1)
  return `${place}-${downloadName(row.createdAt, row.caption || row.rawPrompt, extension)}`
}
