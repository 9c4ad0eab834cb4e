import type { Clock } from '../clock.ts'
import type { Problem } from '../errors.ts'
import { isObject, objectIn, parsed } from './loose-json.ts'
import { problemOf, unreadableAnswer } from './openrouter-errors.ts'
import type { BodyReader, Exchange, Head, Upstream } from './upstream.ts'

/** OpenRouter as the writer, the painter and the catalogue talk to it: what comes back is an answer or a Problem. */
export interface Line {
  /**
   * Asks for a completion, once. `onAnswer` is called for an answer with status 200 only; every other one
   * becomes the Problem that `ended` rejects with.
   */
  ask(
    request: { model: string; signal: AbortSignal },
    body: string,
    onAnswer: (head: Head, exchange: Exchange) => BodyReader,
  ): Exchange
  /** Reads a JSON document; costs nothing upstream. */
  read(path: string, signal: AbortSignal): Promise<unknown>
  /** Names the reason of an error that stood in an answer. */
  problem(model: string, head: Head, error: unknown): Problem
}

export interface LineOptions {
  upstream: Upstream
  apiKey: string
  timeoutMs: number
  clock: Clock
}

const longestRefusal = 65_536
const longestDocument = 20_000_000
const documentMs = 20_000

export function openrouterLine({ upstream, apiKey, timeoutMs, clock }: LineOptions): Line {
  function problem(model: string, { status, headers }: Head, error: unknown): Problem {
    return problemOf({ status, headers, error, model, apiKey, now: clock.now() })
  }

  return {
    problem,

    ask({ model, signal }, body, onAnswer) {
      let refusal: { head: Head; text: Text } | undefined
      const exchange = upstream.begin({
        method: 'POST',
        path: '/chat/completions',
        body,
        deadlineMs: timeoutMs,
        signal,
        onHead(head, exchange) {
          if (head.status === 200) return onAnswer(head, exchange)
          refusal = { head, text: new Text(longestRefusal) }
          return refusal.text.reader(() => exchange.stop())
        },
      })
      async function ended(): Promise<void> {
        try {
          await exchange.ended
        } catch (reason) {
          // The status has said enough, whatever became of the body behind it.
          if (!refusal || signal.aborted) throw reason
        }
        if (refusal) throw problem(model, refusal.head, errorIn(refusal.text.toString()))
      }
      return { extend: () => exchange.extend(), stop: () => exchange.stop(), ended: ended() }
    },

    async read(path, signal) {
      let status = 0
      let headers: Head['headers'] = {}
      const text = new Text(longestDocument)
      const exchange = upstream.begin({
        method: 'GET',
        path,
        deadlineMs: Math.min(timeoutMs, documentMs),
        signal,
        onHead(head, exchange) {
          ;({ status, headers } = head)
          return text.reader(() => exchange.stop())
        },
      })
      await exchange.ended
      const body = parsed(text.toString())
      if (status !== 200) throw problem('', { status, headers }, objectIn(body).error)
      if (body === undefined) throw unreadableAnswer('it is not JSON')
      return body
    },
  }
}

/** The `error` of a refusal's body; where the body is no such JSON (a gateway's HTML page) there is none. */
function errorIn(text: string): unknown {
  const body = parsed(text)
  return isObject(body) ? (body.error ?? body) : undefined
}

/** A body as text, up to a limit. */
class Text {
  readonly #longest: number
  readonly #chunks: Buffer[] = []
  #length = 0

  constructor(longest: number) {
    this.#longest = longest
  }

  reader(tooLong: () => void): BodyReader {
    return {
      push: (chunk) => {
        this.#chunks.push(chunk)
        this.#length += chunk.length
        if (this.#length > this.#longest) tooLong()
        return undefined
      },
    }
  }

  toString(): string {
    return Buffer.concat(this.#chunks).toString('utf8')
  }
}
