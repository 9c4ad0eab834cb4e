/**
 * Makes tasks wait for one another. Each painting takes a whole core and some 20 MB for about a second; side by
 * side they would all be late.
 */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve()

  /**
   * Runs the task when all earlier ones have ended.
   * @throws what the task throws; the signal's reason as soon as it is aborted while waiting
   */
  async run<Result>(task: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted()
    const started = this.#last.then(() => {
      signal.throwIfAborted()
      return task()
    })
    this.#last = started.then(nothing, nothing)
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    // Whoever aborts chooses the reason; it is passed on as it is.
    const stop = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', stop, { once: true })
    try {
      return await Promise.race([started, aborted])
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}

/** The next in line waits for the end only; how it ended is told to the task's own caller. */
function nothing(): void {}
