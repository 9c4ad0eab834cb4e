import { open } from 'node:fs/promises'

const pieceSize = 256 * 1024

/**
 * Reads a file front to back in pieces; the piece is only valid until the next one is asked for.
 * @throws what the file system threw, for example ENOENT.
 */
export async function* readPieces(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r')
  try {
    const piece = Buffer.allocUnsafe(pieceSize)
    while (true) {
      const { bytesRead } = await handle.read(piece, 0, pieceSize)
      if (bytesRead === 0) return
      yield piece.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
