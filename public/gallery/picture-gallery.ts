import { batch, computed, signal } from '@preact/signals'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import type { Easel } from '../sdk/easel.ts'
import { noFilters, type Filters } from './filters.ts'

/** The most pictures that go into one ZIP or away at once. */
export const mostSelected = 500

const pageSize = 60
const day = 86_400_000
const days = { week: 7, month: 30, year: 365 } as const

interface GalleryParts {
  easel: Easel
  now: () => number
  onSessionEnd: () => void
}

/** The user's pictures, as far as they were read, and which of them are selected. */
export class PictureGallery {
  readonly filters = signal(noFilters)
  readonly #items = signal<readonly GeneratedImage[]>([])
  readonly #hidden = signal<ReadonlySet<string>>(new Set())
  /** What was deleted is gone at once, also while it can still be brought back. */
  readonly items = computed(() => this.#items.value.filter((image) => this.#isShown(image)))
  readonly cursor = signal<string | null>(null)
  /** Reading what the filters ask for, reading on, done, or why not. */
  readonly state = signal<'loading' | 'more' | 'ready' | EaselError>('loading')
  readonly #chosen = signal<ReadonlySet<string>>(new Set())
  readonly selected = computed(() => this.items.value.filter((image) => this.#chosen.value.has(image.id)))
  readonly #visited = signal<string | undefined>(undefined)
  /** The one picture that Tab leads to: the one visited last, or what took its place; else the first. */
  readonly tabStop = computed(() => {
    const items = this.items.value
    const visited = this.#visited.value
    if (items.some((image) => image.id === visited)) return visited
    const was = this.#items.value.findIndex((image) => image.id === visited)
    const after = was === -1 ? undefined : this.#items.value.slice(was).find((image) => this.#isShown(image))
    return (after ?? (was === -1 ? items[0] : items.at(-1)))?.id
  })
  readonly #parts: GalleryParts
  #reading = new AbortController()

  constructor(parts: GalleryParts) {
    this.#parts = parts
  }

  /** Shows the newest pictures that pass these filters. */
  show(filters: Filters): Promise<void> {
    this.filters.value = filters
    return this.read()
  }

  /** Reads the newest pictures that pass the filters. */
  read(): Promise<void> {
    this.#reading.abort()
    this.#reading = new AbortController()
    this.state.value = 'loading'
    return this.#readPage(undefined)
  }

  async readMore(): Promise<void> {
    const cursor = this.cursor.peek()
    const state = this.state.peek()
    if (cursor === null || state === 'loading' || state === 'more') return
    this.state.value = 'more'
    await this.#readPage(cursor)
  }

  leave() {
    this.#reading.abort()
  }

  isSelected(id: string): boolean {
    return this.#chosen.value.has(id)
  }

  /** Selects or lets go of a picture, or of all from the one selected before up to it. */
  select(ids: readonly string[], chosen: boolean) {
    const set = new Set(this.#chosen.peek())
    for (const id of ids) {
      if (chosen) set.add(id)
      else set.delete(id)
    }
    this.#chosen.value = set
  }

  selectNone() {
    this.#chosen.value = new Set()
  }

  /** Takes pictures out of sight, or brings them back. */
  hide(ids: readonly string[], hidden: boolean) {
    const set = new Set(this.#hidden.peek())
    for (const id of ids) {
      if (hidden) set.add(id)
      else set.delete(id)
    }
    batch(() => {
      this.#hidden.value = set
      this.select(ids, false)
    })
  }

  /** The focus is on a picture. */
  visit(id: string) {
    this.#visited.value = id
  }

  #isShown(image: GeneratedImage): boolean {
    return !this.#hidden.value.has(image.id)
  }

  async #readPage(cursor: string | undefined): Promise<void> {
    const { signal } = this.#reading
    const { q, starred, model, source, time } = this.filters.peek()
    try {
      const page = await this.#parts.easel.images.list({
        limit: pageSize,
        signal,
        ...(cursor === undefined ? {} : { cursor }),
        ...(q.trim() === '' ? {} : { q: q.trim() }),
        ...(starred ? { starred } : {}),
        ...(model ? { model } : {}),
        ...(source ? { source } : {}),
        ...(time ? { since: new Date(this.#parts.now() - days[time] * day).toISOString() } : {}),
      })
      batch(() => {
        this.#items.value = cursor === undefined ? page.items : [...this.#items.peek(), ...page.items]
        this.cursor.value = page.next_cursor
        this.state.value = 'ready'
      })
    } catch (thrown) {
      if (isAbort(thrown, signal)) return
      if (!(thrown instanceof EaselError)) throw thrown
      if (thrown.code === 'unauthenticated') this.#parts.onSessionEnd()
      batch(() => {
        // What was read for other filters is no answer to these.
        if (cursor === undefined) {
          this.#items.value = []
          this.cursor.value = null
        }
        this.state.value = thrown
      })
    }
  }
}
