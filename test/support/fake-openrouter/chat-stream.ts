import type { Exchange } from './exchange.ts'
import type { Usage } from './usage.ts'

/** Where the usage stands in a stream: wire.md 1.5 knows all of these. */
type UsagePlace = 'empty-choices' | 'empty-choice' | 'on-finish' | 'none'

export interface StreamForm {
  /** Comment lines before every chunk. Unless told: one, before the first. */
  comments?: number
  /** Lines end with CR LF. */
  crlf?: boolean
  usage?: UsagePlace
  /** Whether `data: [DONE]` closes the stream; it does unless told. */
  done?: boolean
  /** Cuts the body inside every character of more than one byte; each part arrives as a read of its own. */
  splitUtf8?: boolean
  /** Cuts the body in pieces of so many bytes, each of which arrives as a read of its own. */
  pieceBytes?: number
  /** Waits so long before every chunk. */
  paceMs?: number
}

export interface WireImage {
  index?: number
  type: 'image_url'
  image_url: { url: string } | string
}

export interface Delta {
  role?: 'assistant'
  content?: string | null
  reasoning?: string
  refusal?: string
  images?: WireImage[]
}

/** Writes an answer as server-sent `chat.completion.chunk`s. */
export class ChatStream {
  readonly #exchange: Exchange
  readonly #form: StreamForm
  #chunks = 0

  constructor(exchange: Exchange, form: StreamForm = {}) {
    this.#exchange = exchange
    this.#form = form
    exchange.start(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  }

  /** A keep-alive comment with its blank line. */
  async comment(text = ' OPENROUTER PROCESSING'): Promise<void> {
    await this.#lines(`:${text}`)
  }

  async delta(delta: Delta): Promise<void> {
    await this.chunk({
      choices: [
        {
          index: 0,
          delta: { role: 'assistant', ...delta },
          finish_reason: null,
          native_finish_reason: null,
          logprobs: null,
        },
      ],
    })
  }

  /** The finish chunk, then usage and `[DONE]` as the form says, then the end of the body. */
  async finish(usage: Usage, delta: Delta = {}): Promise<void> {
    const { finishReason, nativeFinishReason } = this.#exchange
    const place = this.#form.usage ?? 'empty-choices'
    const choice = {
      index: 0,
      delta: { role: 'assistant', content: '', ...delta },
      finish_reason: finishReason,
      native_finish_reason: nativeFinishReason,
    }
    await this.chunk(place === 'on-finish' ? { choices: [choice], usage } : { choices: [choice] })
    if (place === 'empty-choices') await this.chunk({ choices: [], usage })
    if (place === 'empty-choice') {
      const empty = { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }
      await this.chunk({ choices: [empty], usage })
    }
    await this.close()
  }

  /** `[DONE]` as the form says, then the end of the body. */
  async close(): Promise<void> {
    if (this.#form.done ?? true) await this.data('[DONE]')
    await this.#exchange.end()
  }

  /** One chunk with the fields that all have. */
  async chunk(rest: Record<string, unknown>): Promise<void> {
    const comments = this.#form.comments ?? (this.#chunks === 0 ? 1 : 0)
    for (let i = 0; i < comments; i++) await this.comment()
    await this.#exchange.wait(this.#form.paceMs ?? 0)
    this.#chunks += 1
    const { id, created, body } = this.#exchange
    const head = { id, provider: 'Google', model: body.model, object: 'chat.completion.chunk', created }
    await this.data(JSON.stringify({ ...head, ...rest }))
  }

  /** One `data:` line with its blank line, however long. */
  async data(text: string): Promise<void> {
    await this.#lines(`data: ${text}`)
  }

  async #lines(line: string): Promise<void> {
    const end = this.#form.crlf ? '\r\n' : '\n'
    const bytes = Buffer.from(line + end + end)
    for (const piece of pieces(bytes, this.#form)) await this.#exchange.write(piece)
  }
}

function* pieces(bytes: Buffer, { splitUtf8 = false, pieceBytes = 65_536 }: StreamForm): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + pieceBytes, bytes.length)
    if (splitUtf8) {
      // A byte 10xxxxxx goes on with the character of the byte before it.
      const inside = bytes.subarray(start + 1, end).findIndex((byte) => (byte & 0xc0) === 0x80)
      if (inside >= 0) end = start + 1 + inside
    }
    yield bytes.subarray(start, end)
    start = end
  }
}
