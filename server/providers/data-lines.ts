import { Problem } from '../errors.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * Splits server-sent events that arrive in pieces cut anywhere, also inside a UTF-8 sequence, into the texts
 * of their `data:` lines (LF or CRLF). Comments and other fields are skipped. One line is one event here:
 * OpenRouter sends no event of several lines, and waiting for the blank line would hold tokens back.
 */
export class DataLines {
  readonly #take: (data: string) => void
  readonly #longest: number
  readonly #tooLong: () => Problem
  #unfinished: Buffer[] = []
  #length = 0

  constructor(take: (data: string) => void, longest: number, tooLong: () => Problem) {
    this.#take = take
    this.#longest = longest
    this.#tooLong = tooLong
  }

  push(chunk: Buffer): void {
    const end = chunk.lastIndexOf(lineFeed) + 1
    if (end === 0) return this.#keep(chunk)
    if (this.#length === 0) this.#split(chunk.toString('utf8', 0, end))
    else {
      const whole = Buffer.concat([...this.#unfinished, chunk.subarray(0, end)])
      this.#unfinished = []
      this.#length = 0
      this.#split(whole.toString('utf8'))
    }
    if (end < chunk.length) this.#keep(chunk.subarray(end))
  }

  /** Takes a last line that no line feed ended. */
  end(): void {
    const rest = Buffer.concat(this.#unfinished).toString('utf8')
    this.#unfinished = []
    this.#length = 0
    if (rest !== '') this.#split(`${rest}\n`)
  }

  #keep(bytes: Buffer): void {
    this.#unfinished.push(bytes)
    this.#length += bytes.length
    if (this.#length > this.#longest) throw this.#tooLong()
  }

  #split(text: string): void {
    for (let start = 0; start < text.length;) {
      const end = text.indexOf('\n', start)
      if (text.startsWith('data:', start)) {
        const from = text.startsWith(' ', start + 5) ? start + 6 : start + 5
        const to = text.charCodeAt(end - 1) === carriageReturn ? end - 1 : end
        if (to > from) this.#take(text.slice(from, to))
      }
      start = end + 1
    }
  }
}
