import { batch, computed, signal } from '@preact/signals'
import type { Page } from '../../server/contract/basics.ts'
import type { Conversation, ConversationPatch } from '../../server/contract/conversations.ts'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import type { Easel } from '../sdk/easel.ts'

/** The user's conversations, newest activity first, or those that match the words searched for, or the archived. */
export class ConversationList {
  readonly cursor = signal<string | null>(null)
  readonly words = signal('')
  readonly state = signal<'loading' | 'ready' | EaselError>('loading')
  /** Whether the archived ones are shown in place of the others. */
  readonly archive = signal(false)
  /** Pictures that match the words searched for; an error where they could not be searched. */
  readonly pictures = signal<readonly GeneratedImage[] | EaselError>([])
  readonly #known = signal<readonly Conversation[]>([])
  /** The words that were searched for when these were found. */
  #wordsOfKnown = ''
  /** Out of sight, and soon to be deleted unless somebody takes that back. */
  readonly #leaving = signal<ReadonlySet<string>>(new Set())
  readonly items = computed(() => this.#known.value.filter((item) => !this.#leaving.value.has(item.id)))
  readonly #easel: Easel
  readonly #onSessionEnd: () => void
  #reading: AbortController | undefined
  /** Whether more than the first page was read of what is shown. */
  #extended = false
  /** Whether it was the older ones that could not be read. */
  #failedAtEnd = false

  constructor(easel: Easel, onSessionEnd: () => void) {
    this.#easel = easel
    this.#onSessionEnd = onSessionEnd
  }

  async search(words: string): Promise<void> {
    this.words.value = words
    this.#extended = false
    await this.read()
  }

  async showArchive(shown: boolean): Promise<void> {
    if (this.archive.peek() === shown) return
    batch(() => {
      this.archive.value = shown
      this.words.value = ''
      this.state.value = 'loading'
      this.#known.value = []
    })
    this.#extended = false
    await this.read()
  }

  async read(): Promise<void> {
    this.#reading?.abort()
    const reading = new AbortController()
    this.#reading = reading
    const { signal } = reading
    const words = this.words.peek().trim()
    if (words !== '') void this.#searchPictures(words, signal)
    try {
      const [pinned, page] = await Promise.all([
        words === '' && !this.archive.peek()
          ? this.#easel.conversations.list({ signal, pinned: true, limit: 200 })
          : undefined,
        this.#page(words, undefined, signal),
      ])
      batch(() => {
        const older = this.#olderThan(page)
        const cursor = older.length === 0 ? page.next_cursor : this.cursor.peek()
        this.#show(words, merged(pinned?.items ?? [], [...page.items, ...older]), cursor)
        this.state.value = 'ready'
        if (words === '') this.pictures.value = []
      })
    } catch (thrown) {
      if (isAbort(thrown, signal)) return
      this.#failedAtEnd = false
      batch(() => {
        // What was found for other words is no answer to these; what was read of the same stays in sight.
        if (words !== this.#wordsOfKnown) this.#show(words, [], null)
        this.state.value = this.#problem(thrown)
      })
    }
  }

  async readMore(): Promise<void> {
    const cursor = this.cursor.peek()
    if (cursor === null) return
    try {
      const page = await this.#page(this.words.peek().trim(), cursor)
      batch(() => {
        this.#extended = true
        this.#known.value = merged(this.#known.peek(), page.items)
        this.cursor.value = page.next_cursor
      })
      this.#failedAtEnd = false
    } catch (thrown) {
      this.#failedAtEnd = true
      this.state.value = this.#problem(thrown)
    }
  }

  /** Reads once more what could not be read: the list, or what goes on below it. */
  async tryAgain(): Promise<void> {
    if (!this.#failedAtEnd) return this.read()
    this.state.value = 'ready'
    await this.readMore()
  }

  /** Takes in a newer version of a conversation; the one that was active last comes first. */
  learn(conversation: Conversation) {
    // What is being read has it.
    if (this.state.peek() === 'loading') return
    const items = this.#known.peek()
    const known = items.find((item) => item.id === conversation.id)
    const others = items.filter((item) => item.id !== conversation.id)
    if (this.words.peek().trim() === '' && conversation.archived !== this.archive.peek()) {
      this.#known.value = others
      return
    }
    if (!known && this.words.peek() !== '') return
    const newer = known?.hits ? { ...conversation, hits: known.hits } : conversation
    if (known && known.updated_at === conversation.updated_at) {
      this.#known.value = items.map((item) => (item.id === conversation.id ? newer : item))
      return
    }
    const place = others.findIndex((item) => item.updated_at < conversation.updated_at)
    this.#known.value = place === -1 ? [...others, newer] : others.toSpliced(place, 0, newer)
  }

  /** Brings a conversation to the front at once, as soon as something is sent in it; its new time follows. */
  bringUp(id: string, now: number) {
    const known = this.#known.peek().find((item) => item.id === id)
    if (!known || this.words.peek().trim() !== '' || this.state.peek() === 'loading') return
    // The clocks of the server and of this machine may differ.
    const times = this.#known.peek().map((item) => Date.parse(item.updated_at) + 1)
    this.learn({ ...known, updated_at: new Date(Math.max(now, ...times)).toISOString() })
  }

  /** @throws EaselError */
  async patch(id: string, patch: ConversationPatch): Promise<Conversation> {
    const changed = await this.#easel.conversations.patch(id, patch)
    this.learn(changed)
    return changed
  }

  /** Takes one out of sight, or shows it again. */
  hide(id: string, hidden: boolean) {
    const leaving = new Set(this.#leaving.peek())
    if (hidden) leaving.add(id)
    else leaving.delete(id)
    this.#leaving.value = leaving
  }

  isHidden(id: string): boolean {
    return this.#leaving.peek().has(id)
  }

  /** @throws EaselError */
  async remove(id: string): Promise<void> {
    await this.#easel.conversations.delete(id)
    this.#known.value = this.#known.peek().filter((item) => item.id !== id)
  }

  /** Forgets everything, for another user. */
  clear() {
    this.#reading?.abort()
    this.#extended = false
    batch(() => {
      this.#known.value = []
      this.#leaving.value = new Set()
      this.pictures.value = []
      this.words.value = ''
      this.archive.value = false
      this.state.value = 'loading'
    })
  }

  #show(words: string, items: readonly Conversation[], cursor: string | null) {
    this.#wordsOfKnown = words
    this.#known.value = items
    this.cursor.value = cursor
  }

  /** What was read beyond the first page before, and stays when that is read again. */
  #olderThan(first: Page<Conversation>): Conversation[] {
    const last = first.items.at(-1)
    if (!this.#extended || first.next_cursor === null || !last) return []
    return this.#known.peek().filter((item) => !item.pinned && item.updated_at < last.updated_at)
  }

  #page(words: string, cursor?: string, signal?: AbortSignal): Promise<Page<Conversation>> {
    return this.#easel.conversations.list({
      signal,
      ...(cursor === undefined ? {} : { cursor }),
      ...(words ? { q: words } : this.archive.peek() ? { archived: true } : {}),
    })
  }

  async #searchPictures(words: string, signal: AbortSignal): Promise<void> {
    try {
      this.pictures.value = (await this.#easel.images.list({ q: words, limit: 9, signal })).items
    } catch (thrown) {
      if (!isAbort(thrown, signal)) this.pictures.value = this.#problem(thrown)
    }
  }

  #problem(thrown: unknown): EaselError {
    if (!(thrown instanceof EaselError)) throw thrown
    if (thrown.code === 'unauthenticated') this.#onSessionEnd()
    return thrown
  }
}

/** Both in the order of their activity, each conversation once. */
function merged(some: readonly Conversation[], more: readonly Conversation[]): readonly Conversation[] {
  const known = new Set(some.map((item) => item.id))
  const all = [...some, ...more.filter((item) => !known.has(item.id))]
  return all.every((item) => item.hits) ? all : all.toSorted((a, b) => (a.updated_at < b.updated_at ? 1 : -1))
}
