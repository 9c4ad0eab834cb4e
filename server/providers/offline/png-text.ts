import { crc32 } from 'node:zlib'

/** Signature (8 bytes) and the IHDR chunk (25): where a text chunk may follow. */
export const headBytes = 33

/**
 * A PNG chunk with UTF-8 text (iTXt, not compressed), to stand right after IHDR.
 * @param keyword Latin letters, 1 to 79, such as `Software` or `Description`
 */
export function textChunk(keyword: string, text: string): Uint8Array {
  const body = Buffer.concat([Buffer.from(`iTXt${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(text, 'utf8')])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(body.length - 4, 0)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}
