import { type Answer, type AnswerForm, send } from './answer.ts'
import { ChatStream, type StreamForm } from './chat-stream.ts'
import { type WireError, errorObject } from './error-behaviours.ts'
import type { Behaviour, Exchange } from './exchange.ts'
import { usageOf } from './usage.ts'

export interface TextOptions extends AnswerForm {
  chunks?: readonly string[]
  reasoning?: string
  finishReason?: string
  nativeReason?: string
  cost?: number | null
}

const someWords = ['Once', ' upon', ' a', ' tïme', ' 🎨', ' in', ' 北京', '.']

/** A good answer of words in these chunks; whole when the request does not stream. */
export function text(options: TextOptions = {}): Behaviour {
  const { chunks = someWords, reasoning, finishReason, nativeReason, cost } = options
  const answer: Answer = {
    content: chunks,
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(nativeReason === undefined ? {} : { nativeFinishReason: nativeReason }),
    ...(cost === undefined ? {} : { cost }),
  }
  return { answer: (exchange) => send(exchange, answer, options) }
}

/** The same, always as a stream. */
export function textStream(options: TextOptions = {}): Behaviour {
  return text({ ...options, as: 'stream' })
}

export interface MidStreamOptions extends StreamForm {
  /** What comes before the error. */
  chunks?: readonly string[]
  error?: WireError
}

/** Some chunks, then one with a top-level `error` and a choice that finished by `error`; `done: true` adds `[DONE]`. */
export function midStreamError({
  chunks = ['Half', ' of'],
  error = {},
  ...form
}: MidStreamOptions = {}): Behaviour {
  return failing(chunks, form, () => ({
    error: errorObject(502, {
      message: 'Provider disconnected',
      metadata: { error_type: 'provider_unavailable' },
      ...error,
    }),
    choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error', native_finish_reason: null }],
  }))
}

/** The same with the error on the choice alone. */
export function errorOnlyOnChoiceMidStream({
  chunks = ['Half', ' of'],
  error = {},
  ...form
}: MidStreamOptions = {}): Behaviour {
  return failing(chunks, form, () => ({
    choices: [
      {
        index: 0,
        delta: { content: '' },
        finish_reason: 'error',
        native_finish_reason: null,
        error: errorObject(502, { message: 'Provider disconnected', ...error }),
      },
    ],
  }))
}

/** Comments and nothing else until the client goes, one every `everyMs`. */
export function commentsForever({ everyMs = 5 }: { everyMs?: number } = {}): Behaviour {
  return {
    async answer(exchange) {
      const stream = new ChatStream(exchange)
      for (;;) {
        await stream.comment()
        await exchange.wait(everyMs)
      }
    },
  }
}

export interface SteeredStream {
  behaviour: Behaviour
  /** Resolves when the request is there and the stream's headers are sent. */
  opened: Promise<void>
  /** Each resolves when the bytes have left; they wait until the request is there. */
  send: (text: string) => Promise<void>
  comment: () => Promise<void>
  finish: () => Promise<void>
  fail: (error?: WireError) => Promise<void>
  /** Breaks the connection. */
  cut: () => Promise<void>
}

/** A text stream whose every step the test makes itself. */
export function steeredStream(form: StreamForm = {}): SteeredStream {
  const opened = Promise.withResolvers<{ exchange: Exchange; stream: ChatStream }>()
  const ended = Promise.withResolvers<void>()
  let said = ''

  async function last(
    step: (on: { exchange: Exchange; stream: ChatStream }) => Promise<void>,
  ): Promise<void> {
    await step(await opened.promise)
    ended.resolve()
  }
  return {
    behaviour: {
      async answer(exchange) {
        opened.resolve({ exchange, stream: new ChatStream(exchange, form) })
        await exchange.until(ended.promise)
      },
    },
    opened: opened.promise.then(() => undefined),
    async send(content) {
      said += content
      await (await opened.promise).stream.delta({ content })
    },
    async comment() {
      await (await opened.promise).stream.comment()
    },
    finish: () =>
      last(async ({ exchange, stream }) => {
        exchange.usage = usageOf(exchange.body, { text: said, pictures: 0 })
        await stream.finish(exchange.usage)
      }),
    fail: (error = {}) =>
      last(async ({ exchange, stream }) => {
        await failWith(exchange, stream, {
          error: errorObject(502, error),
          choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
        })
        await stream.close()
      }),
    cut: () =>
      last(async ({ exchange }) => {
        exchange.cut()
        await Promise.resolve()
      }),
  }
}

function failing(
  chunks: readonly string[],
  form: StreamForm,
  chunk: () => Record<string, unknown>,
): Behaviour {
  return {
    async answer(exchange) {
      const stream = new ChatStream(exchange, { done: false, ...form })
      for (const content of chunks) await stream.delta({ content })
      await failWith(exchange, stream, chunk())
      await stream.close()
    },
  }
}

/** An answer that failed is not billed (wire.md 1.8, zero-completion insurance). */
async function failWith(
  exchange: Exchange,
  stream: ChatStream,
  chunk: Record<string, unknown>,
): Promise<void> {
  exchange.finishReason = 'error'
  exchange.nativeFinishReason = null
  await stream.chunk(chunk)
}
