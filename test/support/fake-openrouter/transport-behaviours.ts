import { completion } from './answer.ts'
import { defaultAnswer } from './default-answer.ts'
import type { Behaviour, Exchange } from './exchange.ts'
import { expectedUsage } from './usage.ts'

interface Wrapped {
  /** The answer that this happens to; the usual one unless told. */
  of?: Behaviour
}

/** Breaks the connection after so many bytes of the body (0: right after the headers). `reset` uses RST, which may overtake them. */
export function cut({
  afterBytes,
  of = defaultAnswer,
  reset = false,
}: Wrapped & { afterBytes: number; reset?: boolean }): Behaviour {
  return {
    async answer(exchange) {
      let left = afterBytes
      await through(exchange, of, async (bytes, pass) => {
        if (left > 0) await pass(bytes.subarray(0, left))
        left -= bytes.length
        if (left > 0) return
        exchange.cut({ reset })
        throw new Error('The fake has cut the connection.')
      })
      throw new Error(`The answer had no ${afterBytes} bytes to be cut after; ${left} were missing.`)
    },
  }
}

/** Breaks the connection before a byte of the answer. */
export function hangUp(how: { reset?: boolean } = {}): Behaviour {
  return { answer: (exchange) => exchange.cut(how) }
}

/** Falls silent for ever: before the headers, or after so many bytes of the body. */
export function stall(options: Wrapped & { afterBytes?: number } = {}): Behaviour {
  return hold(options).behaviour
}

export interface Held {
  behaviour: Behaviour
  /** Resolves when the answer stands still. */
  reached: Promise<void>
  release: () => void
}

/** Stands still until released: before the headers, or after so many bytes of the body. Serves many requests. */
export function hold({ of = defaultAnswer, afterBytes }: Wrapped & { afterBytes?: number } = {}): Held {
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  async function standStill(exchange: Exchange): Promise<void> {
    reached.resolve()
    await exchange.until(released.promise)
  }
  const behaviour: Behaviour = {
    async answer(exchange) {
      if (afterBytes === undefined) {
        await standStill(exchange)
        await of.answer(exchange)
        return
      }
      let left = afterBytes
      await through(exchange, of, async (bytes, pass) => {
        const before = bytes.subarray(0, Math.max(left, 0))
        if (before.length > 0) await pass(before)
        if (left >= 0 && bytes.length > left) await standStill(exchange)
        if (bytes.length > before.length) await pass(bytes.subarray(before.length))
        left -= bytes.length
      })
    },
  }
  return { behaviour, reached: reached.promise, release: released.resolve }
}

/** Sends the body so slowly, in ten pieces a second. */
export function drip({
  bytesPerSecond,
  of = defaultAnswer,
}: Wrapped & { bytesPerSecond: number }): Behaviour {
  const piece = Math.max(1, Math.round(bytesPerSecond / 10))
  return {
    answer: (exchange) =>
      through(exchange, of, async (bytes, pass) => {
        for (let at = 0; at < bytes.length; at += piece) {
          await pass(bytes.subarray(at, at + piece))
          await exchange.wait(100)
        }
      }),
  }
}

/** Labels the answer as something else. */
export function wrongContentType({
  contentType = 'text/html',
  of = defaultAnswer,
}: Wrapped & { contentType?: string } = {}): Behaviour {
  return {
    async answer(exchange) {
      exchange.contentType = contentType
      await of.answer(exchange)
    },
  }
}

/** HTTP 200 and a body that ends properly, but in the middle of the JSON. */
export function truncatedJson(): Behaviour {
  return {
    async answer(exchange) {
      const text = JSON.stringify(completion(exchange, { content: 'Here' }, expectedUsage(exchange.body)))
      exchange.start(200, { 'content-type': 'application/json' })
      await exchange.write(text.slice(0, text.length / 2))
      await exchange.end()
    },
  }
}

/** A well-formed answer with so many megabytes of words: one JSON body, or one line of a stream. */
export function hugeBody(mb: number): Behaviour {
  return {
    async answer(exchange) {
      const megabyte = Buffer.alloc(1_048_576, 'a')
      const marker = 'THE-WORDS'
      const whole = completion(exchange, { content: marker }, expectedUsage(exchange.body))
      const chunk = {
        id: exchange.id,
        choices: [{ index: 0, delta: { content: marker }, finish_reason: 'stop' }],
      }
      const body = exchange.streamed
        ? `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`
        : JSON.stringify(whole)
      const [before = '', after = ''] = body.split(marker)
      exchange.start(200, { 'content-type': exchange.streamed ? 'text/event-stream' : 'application/json' })
      await exchange.write(before)
      for (let i = 0; i < mb; i++) await exchange.write(megabyte)
      await exchange.write(after)
      await exchange.end()
    },
  }
}

type Pass = (bytes: Buffer) => Promise<void>

async function through(
  exchange: Exchange,
  of: Behaviour,
  take: (bytes: Buffer, pass: Pass) => Promise<void>,
): Promise<void> {
  const pass = exchange.outlet
  exchange.outlet = (bytes) => take(bytes, pass)
  await of.answer(exchange)
}
