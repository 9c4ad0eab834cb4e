import { Problem } from '../errors.ts'
import { Base64Decoder } from './base64-decoder.ts'
import type { PictureSink, PictureWriter } from './provider.ts'

interface DivertLimits {
  pictures: number
  /** Decoded bytes of one picture. */
  pictureBytes: number
  /** Bytes of everything that is no picture. */
  restBytes: number
}

export interface DivertOptions {
  sink: PictureSink
  limits: DivertLimits
  /** What to throw when the answer itself cannot be read. */
  unreadable: (why: string) => Problem
}

type State =
  | 'outside' // between strings
  | 'inside' // in a string that is no picture
  | 'escape' // behind a backslash in such a string
  | 'opening' // in a string that may yet begin with data:image/
  | 'payload' // in the base64 of a picture

const quote = 0x22
const backslash = 0x5c
const lineFeed = 0x0a
const beginning = 'data:image/'
const longestLabel = 256
// The decoder is quickest with pieces of up to this many characters.
const pieceCharacters = 65_536
const pieceBytes = (pieceCharacters / 4) * 3 + 3
const bufferBytes = 2 * pieceBytes
const mark = 'easel-picture:'

/**
 * Takes the pictures out of JSON while it arrives: the payload of every string that begins with
 * `data:image/…;base64,` is decoded straight into a writer of the sink, and a short mark (`pictureNumber`
 * reads it) takes the string's place in the rest. It looks at strings only, so it works on server-sent
 * events as well; a raw line feed ends a string, as JSON allows none in one.
 *
 * No picture is ever whole in memory. Whoever makes one finishes or discards every one of `pictures`.
 */
export class PictureDiverter {
  /** The pictures so far, in the order they came; the last one may be incomplete until `end`. */
  readonly pictures: PictureWriter[] = []
  readonly #options: DivertOptions
  readonly #label = new Label()
  readonly #rest: Rest
  #state: State = 'outside'
  #unescape = new Unescape()
  #decoder = new Base64Decoder()
  #buffer: Buffer | undefined
  #filled = 0
  #pictureBytes = 0
  #discarded = false

  constructor(options: DivertOptions) {
    this.#options = options
    this.#rest = new Rest(options)
  }

  /**
   * Takes the next bytes; a promise means that the disk is behind and that the next ones should wait for it.
   * @throws Problem `bad_image` for damaged base64, too many or too large pictures; whatever the sink throws
   */
  push(chunk: Buffer): Promise<void> | undefined {
    return this.#scan(chunk, 0)
  }

  /**
   * Everything that is no picture.
   * @throws the `unreadable` problem when the bytes ended inside a string
   */
  end(): string {
    if (this.#state !== 'outside') throw this.#options.unreadable('the answer ends inside a string')
    return this.#rest.text()
  }

  /** Throws all pictures away and takes no more bytes; never throws itself. */
  async discard(): Promise<void> {
    this.#discarded = true
    await Promise.allSettled(this.pictures.map((picture) => picture.discard()))
  }

  #scan(chunk: Buffer, at: number): Promise<void> | undefined {
    while (at < chunk.length && !this.#discarded) {
      if (this.#state === 'payload') {
        const { wait, next } = this.#takePayload(chunk, at)
        if (wait) return wait.then(() => this.#scan(chunk, next))
        at = next
      } else if (this.#state === 'opening') at = this.#takeOpening(chunk, at)
      else at = this.#takeRest(chunk, at)
    }
    return undefined
  }

  #takeRest(chunk: Buffer, from: number): number {
    let at = from
    let state = this.#state
    while (at < chunk.length && state !== 'opening') {
      const byte = chunk[at++]
      if (state === 'outside') {
        if (byte === quote) state = 'opening'
      } else if (state === 'escape') state = 'inside'
      else if (byte === quote || byte === lineFeed) state = 'outside'
      else if (byte === backslash) state = 'escape'
    }
    this.#rest.add(chunk.subarray(from, at))
    this.#state = state
    return at
  }

  #takeOpening(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      const verdict = this.#label.take(byte)
      if (verdict === 'unsure') continue
      if (verdict === 'picture') this.#beginPicture()
      else {
        this.#rest.add(this.#label.raw())
        this.#state = verdict
      }
      this.#label.reset()
      return at + 1
    }
    return chunk.length
  }

  #beginPicture(): void {
    if (this.pictures.length >= this.#options.limits.pictures) {
      throw new Problem(
        'bad_image',
        `The provider sent more than ${this.#options.limits.pictures} pictures in one answer. Try again.`,
      )
    }
    this.#rest.add(Buffer.from(`${mark}${this.pictures.length}`))
    this.pictures.push(this.#options.sink.open())
    this.#decoder = new Base64Decoder()
    this.#buffer ??= Buffer.allocUnsafeSlow(bufferBytes)
    this.#pictureBytes = 0
    this.#state = 'payload'
  }

  #takePayload(chunk: Buffer, from: number): { wait: Promise<void> | undefined; next: number } {
    const buffer = this.#buffer
    const picture = this.pictures.at(-1)
    if (!buffer || !picture) throw new Error('A payload without a picture cannot be.')
    if (this.#filled + pieceBytes > buffer.length) return { wait: this.#flush(buffer, picture), next: from }

    const piece = chunk.subarray(from, from + pieceCharacters)
    let source = piece
    let characters = piece.indexOf(quote)
    let used = characters
    const escape = piece.indexOf(backslash)
    if (this.#unescape.isOpen || (escape >= 0 && (characters < 0 || escape < characters))) {
      const plain = this.#unescape.all(piece)
      source = plain.text
      used = plain.end
      characters = plain.text.length
    }
    const ended = used >= 0
    if (characters < 0) characters = piece.length
    let filled = this.#decoder.decode(source, 0, characters, buffer, this.#filled)
    if (ended) filled = this.#decoder.end(buffer, filled)
    this.#pictureBytes += filled - this.#filled
    this.#filled = filled
    if (this.#pictureBytes > this.#options.limits.pictureBytes) {
      throw new Problem(
        'bad_image',
        `The provider sent a picture of more than ${this.#options.limits.pictureBytes / 1e6} MB. Try a smaller size or another model.`,
      )
    }
    if (!ended) return { wait: undefined, next: from + piece.length }
    this.#rest.add(quoteMark)
    this.#state = 'outside'
    return { wait: this.#flush(buffer, picture), next: from + used + 1 }
  }

  #flush(buffer: Buffer, picture: PictureWriter): Promise<void> | undefined {
    const filled = this.#filled
    this.#filled = 0
    return filled > 0 ? picture.write(buffer.subarray(0, filled)) : undefined
  }
}

/** The number of the picture that a mark stands for; undefined for every other text. */
export function pictureNumber(text: string): number | undefined {
  const digits = text.startsWith(mark) ? text.slice(mark.length) : ''
  return /^\d{1,3}$/.test(digits) ? Number(digits) : undefined
}

const quoteMark = Buffer.from('"')

/** Decides about a string by its first characters, however they are escaped. */
class Label {
  #raw: number[] = []
  #text = ''
  readonly #unescape = new Unescape()

  take(byte: number): 'unsure' | 'picture' | 'inside' | 'outside' {
    this.#raw.push(byte)
    if ((byte === quote && !this.#unescape.isOpen) || byte === lineFeed) return 'outside'
    const code = this.#unescape.take(byte)
    if (code === pending) return 'unsure'
    this.#text += String.fromCharCode(code).toLowerCase()
    const text = this.#text
    if (!text.startsWith(beginning)) return beginning.startsWith(text) ? 'unsure' : 'inside'
    if (text.endsWith(',')) return text.endsWith(';base64,') ? 'picture' : 'inside'
    return text.length > longestLabel ? 'inside' : 'unsure'
  }

  raw(): Buffer {
    return Buffer.from(this.#raw)
  }

  reset(): void {
    this.#raw = []
    this.#text = ''
    this.#unescape.reset()
  }
}

const pending = -1
const unknownCharacter = 0xfffd
const escaped: Readonly<Record<number, number>> = {
  0x22: 0x22,
  0x2f: 0x2f,
  0x5c: 0x5c,
  0x62: 0x08,
  0x66: 0x0c,
  0x6e: 0x0a,
  0x72: 0x0d,
  0x74: 0x09,
}

/** Undoes the escapes of a JSON string (RFC 8259, section 7), a byte at a time. */
class Unescape {
  #held = ''

  get isOpen(): boolean {
    return this.#held !== ''
  }

  /** The next character's code, or `pending` inside an escape. */
  take(byte: number): number {
    if (this.#held === '') {
      if (byte !== backslash) return byte
      this.#held = '\\'
      return pending
    }
    if (this.#held === '\\' && byte !== 0x75) {
      this.#held = ''
      return escaped[byte] ?? unknownCharacter
    }
    this.#held += String.fromCharCode(byte)
    if (this.#held.length < 6) return pending
    const code = Number.parseInt(this.#held.slice(2), 16)
    this.#held = ''
    return Number.isNaN(code) ? unknownCharacter : code
  }

  /** All characters up to the closing quote, whose place is `end`, or -1 when it has not come yet. */
  all(bytes: Buffer): { text: Buffer; end: number } {
    const text = Buffer.allocUnsafe(bytes.length)
    let length = 0
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      if (byte === quote && !this.isOpen) return { text: text.subarray(0, length), end: at }
      const code = this.take(byte)
      // No base64 lies above ASCII, so any such character may become one that the decoder refuses.
      if (code !== pending) text[length++] = code > 0x7f ? 0xff : code
    }
    return { text: text.subarray(0, length), end: -1 }
  }

  reset(): void {
    this.#held = ''
  }
}

/** What is no picture, gathered up to a limit. */
class Rest {
  readonly #options: DivertOptions
  #bytes = Buffer.allocUnsafe(4096)
  #length = 0

  constructor(options: DivertOptions) {
    this.#options = options
  }

  add(bytes: Buffer): void {
    const length = this.#length + bytes.length
    if (length > this.#options.limits.restBytes) throw this.#options.unreadable('the answer is too long')
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#bytes.length))
      this.#bytes.copy(larger, 0, 0, this.#length)
      this.#bytes = larger
    }
    bytes.copy(this.#bytes, this.#length)
    this.#length = length
  }

  text(): string {
    return this.#bytes.toString('utf8', 0, this.#length)
  }
}
