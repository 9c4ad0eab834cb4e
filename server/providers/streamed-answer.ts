import { AlikeChunks } from './alike-chunks.ts'
import { DataLines } from './data-lines.ts'
import { parsed } from './loose-json.ts'
import { unreadableAnswer } from './openrouter-errors.ts'
import { emptyReply, foldReply, type Reply } from './openrouter-reply.ts'

const longestLine = 60_000_000
const openingBrace = 0x7b

/**
 * An answer of `/chat/completions` to `stream: true`, read as it arrives: server-sent events (wire.md section
 * 1.5), or the one JSON document that some answer with instead, whatever the content type says.
 */
export class StreamedAnswer {
  readonly reply: Reply = emptyReply()
  /** How many data lines came; comments do not count. */
  events = 0
  /** True when the answer said that it is over: `[DONE]`, or a JSON document that closed. */
  done = false
  sawText = false
  #text = ''
  #kind: 'events' | 'document' | undefined
  readonly #document: Buffer[] = []
  readonly #alike = new AlikeChunks()
  readonly #lines = new DataLines(
    (data) => this.#takeEvent(data),
    longestLine,
    () => unreadableAnswer('it is too long'),
  )

  /** @throws Problem `openrouter_error` / `bad_response` where a line is no JSON */
  push(chunk: Buffer): void {
    this.#kind ??= kindOf(chunk)
    if (this.#kind === 'document') this.#document.push(chunk)
    else if (this.#kind === 'events') this.#lines.push(chunk)
  }

  /** @throws Problem `openrouter_error` / `bad_response` where the document or the last line is no JSON */
  end(): void {
    if (this.#kind === 'events') this.#lines.end()
    else if (this.#kind === 'document') {
      this.#fold(Buffer.concat(this.#document).toString('utf8'))
      this.done = true
    }
  }

  /** The text that came since it was last taken. */
  takeText(): string {
    const text = this.#text
    this.#text = ''
    return text
  }

  #takeEvent(data: string): void {
    if (this.done) return
    this.events += 1
    if (data === '[DONE]') {
      this.done = true
      return
    }
    const words = this.#alike.wordsIn(data)
    if (words === undefined) this.#fold(data)
    else this.#text += words
  }

  #fold(json: string): void {
    const value = parsed(json)
    if (value === undefined) throw unreadableAnswer('a part of it is not JSON')
    const text = foldReply(this.reply, value)
    if (text !== '') {
      this.sawText = true
      this.#text += text
      this.#alike.learn(json, text)
    }
    // Who asked for words has no use for megabytes of pictures.
    if (this.reply.pictures.length > 0) this.reply.pictures = []
  }
}

/** Decided by the first character that is no white space; undefined while there is none. */
function kindOf(chunk: Buffer): 'events' | 'document' | undefined {
  const first = chunk.find((byte) => byte > 0x20)
  if (first === undefined) return undefined
  return first === openingBrace ? 'document' : 'events'
}
