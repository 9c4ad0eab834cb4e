import { waitFor } from '../sdk/easel.ts'

/** Waits between tries, but not longer than until the network is back or a person asks to try now. */
export class WakefulSleep {
  #wakers = new Set<() => void>()

  constructor(window: Window) {
    window.addEventListener('online', () => this.wake())
  }

  readonly sleep = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    let waker: (() => void) | undefined
    const woken = new Promise<void>((resolve) => {
      waker = resolve
      this.#wakers.add(resolve)
    })
    try {
      await Promise.race([waitFor(milliseconds, signal), woken])
    } finally {
      if (waker) this.#wakers.delete(waker)
    }
  }

  wake() {
    for (const waker of this.#wakers) waker()
  }
}
