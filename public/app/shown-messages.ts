import { batch, signal, type ReadonlySignal, type Signal } from '@preact/signals'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import type { LiveTurn } from './live-turn.ts'
import { ReadingEdge } from './reading-edge.ts'

/** One message on the page. `key` stays while the message gets its id from the server. */
export interface Entry {
  key: string
  message: Signal<Message>
  live: Signal<LiveTurn | undefined>
}

/** The messages of a conversation that are on the page, and where it goes on above and below them. */
export class ShownMessages {
  readonly entries = signal<readonly Entry[]>([])
  readonly older = new ReadingEdge()
  /** Nothing follows, but after a leap into the middle. */
  readonly newer = new ReadingEdge()
  readonly #running: ReadonlySignal<Entry | undefined>
  #keys = 0

  /** @param running the message that is being written; it is newer than what was read of it */
  constructor(running: ReadonlySignal<Entry | undefined>) {
    this.#running = running
  }

  /** Whether the newest message is shown; it is not after a leap into the middle. */
  get isAtEnd(): boolean {
    return this.newer.cursor.peek() === null
  }

  find(messageId: string): Entry | undefined {
    return this.entries.peek().find((entry) => entry.message.peek().id === messageId)
  }

  /** The messages down to this one; all but the last where it is not shown. */
  upTo(messageId: string): readonly Entry[] {
    const entries = this.entries.peek()
    const at = entries.findIndex((entry) => entry.message.peek().id === messageId)
    return at === -1 ? entries.slice(0, -1) : entries.slice(0, at + 1)
  }

  /** Shows messages of which the last is the conversation's end. */
  showEnding(entries: readonly Entry[]) {
    batch(() => {
      this.entries.value = entries
      this.newer.set(null)
    })
  }

  /** Shows the newest messages of a branch. Those that stand already stay as they are, and so do older ones above them. */
  showEnd(page: MessagePage) {
    const standing = this.entries.peek()
    const first = standing.findIndex((entry) => entry.message.peek().id === page.items[0]?.id)
    const shown = page.items.map((message) => this.#entryOf(message))
    this.entries.value = first > 0 ? [...standing.slice(0, first), ...shown] : shown
    if (first <= 0) this.older.set(page.next_cursor)
    this.newer.set(null)
  }

  /** Shows a message and what is around it. Where it meets what stands already, that stays. */
  showAround(page: MessagePage) {
    const standing = this.entries.peek()
    const at = page.items.findIndex((message) => message.id === standing[0]?.message.peek().id)
    batch(() => {
      const read = page.items.map((message) => this.#entryOf(message))
      this.entries.value = at === -1 ? read : [...read.slice(0, at), ...standing]
      this.older.set(page.next_cursor)
      if (at === -1) this.newer.set(page.newer_cursor ?? null)
    })
  }

  showAbove(page: MessagePage) {
    const above = page.items.map((message) => this.#entryOf(message))
    this.entries.value = [...above, ...this.entries.peek()]
  }

  showBelow(page: MessagePage) {
    const below = page.items.map((message) => this.#entryOf(message))
    this.entries.value = [...this.entries.peek(), ...below]
  }

  /** An entry for a message that is not shown yet. */
  entry(message: Message, live?: LiveTurn): Entry {
    this.#keys += 1
    return { key: `entry-${this.#keys}`, message: signal(message), live: signal(live) }
  }

  /** The entry that shows this message already, brought up to date; else a new one. */
  #entryOf(message: Message): Entry {
    const running = this.#running.peek()
    if (running?.message.peek().id === message.id) return running
    const known = this.find(message.id)
    if (!known) return this.entry(message)
    known.message.value = message
    return known
  }
}
