/** Joins what several calls at once have to say into one stream, in the order in which they say it. */
export class EventQueue<Event> implements AsyncIterable<Event> {
  #waiting: Event[] = []
  #wake: (() => void) | undefined
  #closed = false

  push(event: Event): void {
    this.#waiting.push(event)
    this.#wake?.()
  }

  /** No more events come; what waits is still handed out. */
  close(): void {
    this.#closed = true
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Event> {
    for (;;) {
      const events = this.#waiting
      this.#waiting = []
      yield* events
      if (this.#waiting.length > 0) continue
      if (this.#closed) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
  }
}
