import { signal } from '@preact/signals'

export interface ToastWords {
  text: string
  /** Address of a small picture of what it is about. */
  picture?: string
  action?: { label: string; run: () => void }
  /** Called when it goes and its action was not taken. */
  onGone?: () => void
}

export interface Toast extends ToastWords {
  key: number
}

/** How long a toast stays while nobody points at it, in milliseconds. */
export const toastTime = 6000

/** Short notes in the corner, which go by themselves. */
export class Toasts {
  readonly items = signal<readonly Toast[]>([])
  #keys = 0

  show(words: ToastWords) {
    this.#keys += 1
    this.items.value = [...this.items.peek(), { ...words, key: this.#keys }]
  }

  /** Takes one away, with its action or without. */
  end(toast: Toast, how: 'acted' | 'gone') {
    if (!this.items.peek().includes(toast)) return
    this.items.value = this.items.peek().filter((one) => one !== toast)
    if (how === 'acted') toast.action?.run()
    else toast.onGone?.()
  }

  /** Ends all of them at once, for a page that closes. */
  endAll() {
    for (const toast of this.items.peek()) this.end(toast, 'gone')
  }
}
