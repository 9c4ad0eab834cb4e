import { signal } from '@preact/signals'

/** Whether the page has a network, and whether somebody looks at it. */
export class Presence {
  readonly online = signal(true)
  readonly visible = signal(true)
  /** Answers that were finished while nobody looked. */
  readonly unseen = signal(0)

  constructor(window: Window) {
    const { document, navigator } = window
    this.online.value = navigator.onLine
    this.visible.value = document.visibilityState === 'visible'
    window.addEventListener('online', () => (this.online.value = true))
    window.addEventListener('offline', () => (this.online.value = false))
    document.addEventListener('visibilitychange', () => {
      this.visible.value = document.visibilityState === 'visible'
      if (this.visible.peek()) this.unseen.value = 0
    })
  }

  /** An answer is finished. */
  finished() {
    if (!this.visible.peek()) this.unseen.value += 1
  }
}
