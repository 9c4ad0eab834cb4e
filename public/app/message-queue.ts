import { signal } from '@preact/signals'
import type { SendMessage } from '../sdk/easel.ts'
import type { Attached } from './attachments.ts'
import type { Expected } from './live-turn.ts'

/** A message that is ready to go. */
export interface Outgoing {
  key: number
  message: SendMessage
  expected: Expected
  taken: readonly Attached[]
  /** Sent twice under the same key, by whatever accident, it is answered once. */
  idempotencyKey: string
}

/** What was written while a turn runs, in the order in which it will go out. */
export class MessageQueue {
  readonly items = signal<readonly Outgoing[]>([])
  #keys = 0

  nextKey(): number {
    this.#keys += 1
    return this.#keys
  }

  add(outgoing: Outgoing) {
    this.items.value = [...this.items.peek(), outgoing]
  }

  /** Puts a message back whose sending was refused. */
  putBack(outgoing: Outgoing) {
    this.items.value = [outgoing, ...this.items.peek()]
  }

  /** Takes a message out; undefined when it is gone already. */
  take(key: number): Outgoing | undefined {
    const taken = this.items.peek().find((item) => item.key === key)
    this.items.value = this.items.peek().filter((item) => item.key !== key)
    return taken
  }
}
