import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals'

export type Place =
  | { page: 'conversation'; id: string | undefined }
  | { page: 'register'; invite: string | undefined }
  | { page: 'sign-in' }
  | { page: 'gallery' }

/** The place that an address names; unknown ones are the empty conversation. */
export function placeOf(path: string, search: string): Place {
  const conversation = /^\/c\/([\w-]{1,64})\/?$/.exec(path)
  if (conversation) return { page: 'conversation', id: conversation[1] }
  if (path === '/register') {
    return { page: 'register', invite: new URLSearchParams(search).get('invite') ?? undefined }
  }
  if (path === '/gallery') return { page: 'gallery' }
  return path === '/sign-in' ? { page: 'sign-in' } : { page: 'conversation', id: undefined }
}

/** The address of a conversation, at one of its messages where one is named. */
export function pathOf(conversationId: string | undefined, messageId?: string | null): string {
  const message = messageId ? `#${messageId}` : ''
  return conversationId === undefined ? '/' : `/c/${conversationId}${message}`
}

/** The page's address as a signal, and the ways to change it. */
export class Router {
  readonly #window: Window
  readonly #address
  readonly place: ReadonlySignal<Place>
  /** The part of the page that the address names after `#`; a new object each time it is gone to. */
  readonly part: Signal<{ id: string }>

  constructor(window: Window) {
    this.#window = window
    const read = () => `${window.location.pathname}${window.location.search}`
    this.#address = signal(read())
    this.part = signal({ id: window.location.hash.slice(1) })
    this.place = computed(() => {
      const [path = '/', search = ''] = this.#address.value.split('?')
      return placeOf(path, search)
    })
    window.addEventListener('popstate', () => {
      this.#address.value = read()
      this.part.value = { id: window.location.hash.slice(1) }
    })
  }

  get path(): string {
    return this.#window.location.pathname
  }

  go(path: string) {
    if (path === this.#address.peek()) return
    this.#window.history.pushState(null, '', path)
    this.#follow(path)
  }

  replace(path: string) {
    this.#window.history.replaceState(null, '', path)
    this.#follow(path)
  }

  #follow(path: string) {
    const [address = '', part = ''] = path.split('#')
    this.#address.value = address
    this.part.value = { id: part }
  }
}
