import type { Seeded, SeededConversation } from './seed.ts'

/** One message to send: to whom, as whom, and with what. */
export interface Send {
  path: string
  headers: Record<string, string>
  body: string
}

/** So many other conversations are painted in before one has its turn again. */
const apart = 8

/** Hands out conversations in turn, so that none is asked again before it has answered. */
export class Turns {
  readonly #usual: readonly SeededConversation[]
  readonly #longest: readonly SeededConversation[]
  #nextUsual = 0
  #nextLongest = 0
  #nextPainted = 0

  constructor({ usual, longest }: Seeded) {
    this.#usual = usual
    this.#longest = longest
  }

  /** In one of the usual conversations. */
  usual(text: string, accept = 'text/event-stream'): Send {
    return send(this.#usual[(this.#nextUsual += 1) % this.#usual.length], text, accept)
  }

  /** In a usual conversation where four pictures are painted, one after another: the first one makes its folders. */
  painted(text: string, accept: string): Send {
    const next = this.#nextPainted
    this.#nextPainted += 1
    const place = Math.floor(next / (4 * apart)) * apart + (next % apart)
    return send(this.#usual[place % this.#usual.length], text, accept)
  }

  /** In one of the conversations of 100,000 messages. */
  longest(text: string): Send {
    return send(this.#longest[(this.#nextLongest += 1) % this.#longest.length], text, 'text/event-stream')
  }
}

function send(conversation: SeededConversation | undefined, text: string, accept: string): Send {
  if (!conversation) throw new Error('nothing was seeded')
  return {
    path: `/send_message/${conversation.id}`,
    headers: { accept, cookie: conversation.user.cookie },
    body: JSON.stringify({ messageText: text }),
  }
}
