import { Problem } from '../errors.ts'

const invalid = -1
const space = -2
const padding = -3
const valueOf = new Int8Array(256).fill(invalid)
const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
for (const [value, byte] of alphabet.entries()) valueOf[byte] = value
for (const [value, byte] of Buffer.from('-_').entries()) valueOf[byte] = 62 + value
for (const byte of Buffer.from(' \t\r\n\f')) valueOf[byte] = space
for (const byte of Buffer.from('=')) valueOf[byte] = padding

/**
 * Decodes one base64 text (RFC 4648, either alphabet, padded or not, white space skipped) that arrives in
 * pieces cut anywhere. Nothing is kept but the up to three characters of an unfinished group.
 */
export class Base64Decoder {
  #bits = 0
  #held = 0
  #padded = 0

  /**
   * Decodes the characters `from` … `to` of `source` into `target` at `at` and answers where it ended.
   * `target` has room for three bytes for each four characters, and three more. Pieces of at most 64 KiB
   * are the quickest: longer ones make strings that the young generation does not take (6 × slower).
   * @throws Problem `bad_image` at a character that is no base64
   */
  decode(source: Buffer, from: number, to: number, target: Buffer, at: number): number {
    while (this.#held > 0 && from < to) {
      at = this.#take(source, from, from + 1, target, at)
      from += 1
    }
    const whole = (to - from) & ~3
    if (whole > 0 && this.#padded === 0) {
      const written = target.write(source.toString('latin1', from, from + whole), at, 'base64')
      // Node skips what is no base64 without a word; that shows in the count and only there.
      if (written === (whole >> 2) * 3) {
        at += written
        from += whole
      }
    }
    return this.#take(source, from, to, target, at)
  }

  /**
   * Decodes what the last, unpadded group left over and answers where it ended.
   * @throws Problem `bad_image` when a group is incomplete
   */
  end(target: Buffer, at: number): number {
    if (this.#held === 1 || (this.#held === 0 && this.#padded > 0)) throw damaged()
    if (this.#held >= 2) target[at++] = (this.#bits >> (this.#held === 2 ? 4 : 10)) & 0xff
    if (this.#held === 3) target[at++] = (this.#bits >> 2) & 0xff
    return at
  }

  #take(source: Buffer, from: number, to: number, target: Buffer, at: number): number {
    for (let index = from; index < to; index++) {
      const value = valueOf[source[index] ?? 0] ?? invalid
      if (value >= 0 && this.#padded === 0) {
        this.#bits = ((this.#bits << 6) | value) & 0xffffff
        if (++this.#held === 4) {
          target[at++] = this.#bits >> 16
          target[at++] = (this.#bits >> 8) & 0xff
          target[at++] = this.#bits & 0xff
          this.#held = 0
        }
      } else if (value === padding && this.#held + this.#padded < 4) this.#padded += 1
      else if (value !== space) throw damaged()
    }
    return at
  }
}

function damaged(): Problem {
  return new Problem('bad_image', 'The picture that the provider sent is damaged. Try again.')
}
