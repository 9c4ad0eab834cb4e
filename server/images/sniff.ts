export type PictureMime = 'image/png' | 'image/jpeg' | 'image/webp'

/**
 * A picture's type by its first twelve bytes (magic numbers as in the WHATWG MIME Sniffing standard, section 6.1),
 * never by its label; undefined for everything that Easel does not take.
 */
export function sniff(head: Uint8Array): PictureMime | undefined {
  if (startsWith(head, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  if (startsWith(head, 0, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  const isRiff = startsWith(head, 0, [0x52, 0x49, 0x46, 0x46])
  if (isRiff && startsWith(head, 8, [0x57, 0x45, 0x42, 0x50])) return 'image/webp'
  return undefined
}

function startsWith(bytes: Uint8Array, at: number, expected: readonly number[]): boolean {
  return expected.every((byte, place) => bytes[at + place] === byte)
}
