import { computed, signal, type ReadonlySignal } from '@preact/signals'

export type Place =
  | { page: 'conversation'; id: string | undefined }
  | { page: 'register'; invite: string | undefined }
  | { page: 'sign-in' }

/** The place that an address names; unknown ones are the empty conversation. */
export function placeOf(path: string, search: string): Place {
  const conversation = /^\/c\/([\w-]{1,64})\/?$/.exec(path)
  if (conversation) return { page: 'conversation', id: conversation[1] }
  if (path === '/register') {
    return { page: 'register', invite: new URLSearchParams(search).get('invite') ?? undefined }
  }
  return path === '/sign-in' ? { page: 'sign-in' } : { page: 'conversation', id: undefined }
}

export function pathOf(conversationId: string | undefined): string {
  return conversationId === undefined ? '/' : `/c/${conversationId}`
}

/** The page's address as a signal, and the ways to change it. */
export class Router {
  readonly #window: Window
  readonly #address
  readonly place: ReadonlySignal<Place>

  constructor(window: Window) {
    this.#window = window
    const read = () => `${window.location.pathname}${window.location.search}`
    this.#address = signal(read())
    this.place = computed(() => {
      const [path = '/', search = ''] = this.#address.value.split('?')
      return placeOf(path, search)
    })
    window.addEventListener('popstate', () => {
      this.#address.value = read()
    })
  }

  get path(): string {
    return this.#window.location.pathname
  }

  go(path: string) {
    if (path === this.#address.peek()) return
    this.#window.history.pushState(null, '', path)
    this.#address.value = path
  }

  replace(path: string) {
    this.#window.history.replaceState(null, '', path)
    this.#address.value = path
  }
}
