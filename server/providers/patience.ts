/**
 * A time limit that is renewed by every sign of life. A renewal is noted, not set: moving a timer for each of
 * a stream's tokens costs a tenth of what reading them costs.
 */
export class Patience {
  readonly #ms: number
  readonly #onOver: () => void
  #renewedAt = performance.now()
  #timer: NodeJS.Timeout

  /** @param onOver called once, `ms` milliseconds after the last renewal, unless it was ended before */
  constructor(ms: number, onOver: () => void) {
    this.#ms = ms
    this.#onOver = onOver
    this.#timer = setTimeout(this.#look, ms)
  }

  renew(): void {
    this.#renewedAt = performance.now()
  }

  end(): void {
    clearTimeout(this.#timer)
  }

  readonly #look = (): void => {
    const left = this.#renewedAt + this.#ms - performance.now()
    // A timer may fire a fraction of a millisecond early.
    if (left < 1) this.#onOver()
    else this.#timer = setTimeout(this.#look, left)
  }
}
