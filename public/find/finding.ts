import { batch, signal } from '@preact/signals'
import type { Conversation } from '../../server/contract/conversations.ts'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import type { Easel } from '../sdk/easel.ts'

/** How many of each kind are shown. */
const most = 6

/** The search of the command menu, over conversations and pictures at once. */
export class Finding {
  readonly conversations = signal<readonly Conversation[]>([])
  readonly pictures = signal<readonly GeneratedImage[]>([])
  readonly state = signal<'ready' | 'searching' | EaselError>('ready')
  readonly #easel: Pick<Easel, 'conversations' | 'images'>
  #searching: AbortController | undefined

  constructor(easel: Pick<Easel, 'conversations' | 'images'>) {
    this.#easel = easel
  }

  /** Searches for the words; an older search is given up. */
  async search(words: string): Promise<void> {
    this.leave()
    if (words === '') {
      this.#found([], [])
      return
    }
    const searching = new AbortController()
    this.#searching = searching
    const { signal } = searching
    this.state.value = 'searching'
    try {
      const [conversations, pictures] = await Promise.all([
        this.#easel.conversations.list({ q: words, limit: most, signal }),
        this.#easel.images.list({ q: words, limit: most, signal }),
      ])
      this.#found(conversations.items, pictures.items)
    } catch (thrown) {
      if (isAbort(thrown, signal)) return
      if (!(thrown instanceof EaselError)) throw thrown
      // What was found for other words is no answer to these.
      this.#found([], [])
      this.state.value = thrown
    }
  }

  leave() {
    this.#searching?.abort()
  }

  #found(conversations: readonly Conversation[], pictures: readonly GeneratedImage[]) {
    batch(() => {
      this.conversations.value = conversations
      this.pictures.value = pictures
      this.state.value = 'ready'
    })
  }
}
