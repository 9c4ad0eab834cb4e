import { batch, signal } from '@preact/signals'
import type { Conversation } from '../../server/contract/conversations.ts'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import type { Easel } from '../sdk/easel.ts'

/** The user's conversations, newest activity first, or those that match the words searched for. */
export class ConversationList {
  readonly items = signal<readonly Conversation[]>([])
  readonly cursor = signal<string | null>(null)
  readonly words = signal('')
  readonly state = signal<'loading' | 'ready' | EaselError>('loading')
  readonly #easel: Easel
  readonly #onSessionEnd: () => void
  #reading: AbortController | undefined

  constructor(easel: Easel, onSessionEnd: () => void) {
    this.#easel = easel
    this.#onSessionEnd = onSessionEnd
  }

  async search(words: string): Promise<void> {
    this.words.value = words
    await this.read()
  }

  async read(): Promise<void> {
    this.#reading?.abort()
    const reading = new AbortController()
    this.#reading = reading
    const words = this.words.peek().trim()
    try {
      const page = await this.#easel.conversations.list({
        signal: reading.signal,
        ...(words ? { q: words } : {}),
      })
      batch(() => {
        this.items.value = page.items
        this.cursor.value = page.next_cursor
        this.state.value = 'ready'
      })
    } catch (thrown) {
      if (!isAbort(thrown, reading.signal)) this.state.value = this.#known(thrown)
    }
  }

  async readMore(): Promise<void> {
    const cursor = this.cursor.peek()
    if (cursor === null) return
    const words = this.words.peek().trim()
    try {
      const page = await this.#easel.conversations.list({ cursor, ...(words ? { q: words } : {}) })
      batch(() => {
        const known = new Set(this.items.peek().map((item) => item.id))
        this.items.value = [...this.items.peek(), ...page.items.filter((item) => !known.has(item.id))]
        this.cursor.value = page.next_cursor
      })
    } catch (thrown) {
      this.state.value = this.#known(thrown)
    }
  }

  /** Takes in a newer version of a conversation; the one that was active last comes first. */
  learn(conversation: Conversation) {
    const known = this.items.peek().find((item) => item.id === conversation.id)
    if (!known && (this.words.peek() !== '' || conversation.archived)) return
    const merged = known?.hits ? { ...conversation, hits: known.hits } : conversation
    const others = this.items.peek().filter((item) => item.id !== conversation.id)
    if (known && known.updated_at === conversation.updated_at) {
      this.items.value = this.items.peek().map((item) => (item.id === conversation.id ? merged : item))
      return
    }
    const place = others.findIndex((item) => !item.pinned && item.updated_at < conversation.updated_at)
    this.items.value = place === -1 ? [...others, merged] : others.toSpliced(place, 0, merged)
  }

  /** @throws EaselError */
  async rename(id: string, title: string): Promise<Conversation> {
    const renamed = await this.#easel.conversations.patch(id, { title })
    this.learn(renamed)
    return renamed
  }

  /** @throws EaselError */
  async remove(id: string): Promise<void> {
    await this.#easel.conversations.delete(id)
    this.items.value = this.items.peek().filter((item) => item.id !== id)
  }

  #known(thrown: unknown): EaselError {
    if (!(thrown instanceof EaselError)) throw thrown
    if (thrown.code === 'unauthenticated') this.#onSessionEnd()
    return thrown
  }
}
