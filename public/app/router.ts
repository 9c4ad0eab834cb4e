import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals'

export type Place =
  | { page: 'conversation'; id: string | undefined }
  | { page: 'register'; invite: string | undefined }
  | { page: 'sign-in' }
  | { page: 'gallery'; query: string }

/** The place that an address names; unknown ones are the empty conversation. */
export function placeOf(path: string, search: string): Place {
  const conversation = /^\/c\/([\w-]{1,64})\/?$/.exec(path)
  if (conversation) return { page: 'conversation', id: conversation[1] }
  if (path === '/register') {
    return { page: 'register', invite: new URLSearchParams(search).get('invite') ?? undefined }
  }
  if (path === '/gallery') return { page: 'gallery', query: search.replace(/^\?/, '') }
  return path === '/sign-in' ? { page: 'sign-in' } : { page: 'conversation', id: undefined }
}

/** The address of a conversation, at one of its messages where one is named. */
export function pathOf(conversationId: string | undefined, messageId?: string | null): string {
  const message = messageId ? `#${messageId}` : ''
  return conversationId === undefined ? '/' : `/c/${conversationId}${message}`
}

/** How an entry of the history that stands for a layer over the page is told from the page's own. */
const layerState = { layer: true }

/** The page's address as a signal, and the ways to change it. */
export class Router {
  readonly #window: Window
  readonly #address
  readonly place: ReadonlySignal<Place>
  /** The part of the page that the address names after `#`; a new object each time it is gone to. */
  readonly part: Signal<{ id: string }>
  /** Whether something lies over the page that Back takes away; Forward brings it again. */
  readonly layered = signal(false)
  /** What waits until the browser has left a layer's entry. */
  #afterLeaving: (() => void)[] | undefined
  /** Whether the next layer waits for that, too. */
  #reopens = false

  constructor(window: Window) {
    this.#window = window
    this.#address = signal(this.#read())
    this.part = signal({ id: window.location.hash.slice(1) })
    this.place = computed(() => {
      const [path = '/', search = ''] = this.#address.value.split('?')
      return placeOf(path, search)
    })
    // A page that is loaded anew has nothing over it.
    if (this.#isLayer()) window.history.replaceState(null, '')
    window.addEventListener('popstate', () => this.#arrive())
  }

  get path(): string {
    return this.#window.location.pathname
  }

  go(path: string) {
    if (this.#afterLeaving) this.#afterLeaving.push(() => this.go(path))
    else if (path === this.#address.peek()) this.closeLayer()
    else if (this.layered.peek()) this.replace(path)
    else {
      this.#window.history.pushState(null, '', path)
      this.#follow(path)
    }
  }

  replace(path: string) {
    if (this.#afterLeaving) {
      this.#afterLeaving.push(() => this.replace(path))
      return
    }
    this.#window.history.replaceState(null, '', path)
    this.#uncover()
    this.#follow(path)
  }

  /** Lays something over the page: an entry of its own in the history, at the same address. */
  openLayer() {
    if (this.layered.peek()) return
    this.#reopens = this.#afterLeaving !== undefined
    if (this.#reopens) return
    // The page below does not move; the browser would bring back where it was scrolled to.
    this.#window.history.scrollRestoration = 'manual'
    this.#window.history.pushState(layerState, '')
    this.layered.value = true
  }

  /** Takes away what lies over the page, and its entry; as Back does. */
  closeLayer() {
    this.#reopens = false
    if (!this.layered.peek()) return
    this.layered.value = false
    this.#afterLeaving = []
    this.#window.history.back()
  }

  /** The browser went to another entry of the history. */
  #arrive() {
    const waiting = this.#afterLeaving
    this.#afterLeaving = undefined
    const moved = this.#address.peek() !== this.#read()
    const uncovered = this.layered.peek() || waiting !== undefined
    if (this.#isLayer()) this.layered.value = true
    else this.#uncover()
    if (moved || !(uncovered || this.layered.peek())) {
      this.#address.value = this.#read()
      this.part.value = { id: this.#window.location.hash.slice(1) }
    }
    for (const act of waiting ?? []) act()
    if (this.#reopens) {
      this.#reopens = false
      this.openLayer()
    }
  }

  #uncover() {
    this.layered.value = false
    this.#window.history.scrollRestoration = 'auto'
  }

  #isLayer(): boolean {
    const state: unknown = this.#window.history.state
    return typeof state === 'object' && state !== null && 'layer' in state
  }

  #read(): string {
    return `${this.#window.location.pathname}${this.#window.location.search}`
  }

  #follow(path: string) {
    const [address = '', part = ''] = path.split('#')
    this.#address.value = address
    this.part.value = { id: part }
  }
}
