import { effect, signal, untracked, type Signal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { RegistrationAnswer, User } from '../../server/contract/accounts.ts'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { EaselError } from '../sdk/easel-error.ts'
import { waitFor, type Easel } from '../sdk/easel.ts'
import { texts } from '../texts/texts.ts'
import { Allowance } from './allowance.ts'
import type { Appearance } from './appearance.ts'
import type { Attempt } from './attempt.ts'
import { ConversationChanges } from './conversation-changes.ts'
import { ConversationList } from './conversation-list.ts'
import { Drafts } from './drafts.ts'
import { Drawers } from './drawers.ts'
import { keepInHistory } from './look-history.ts'
import { Offers } from './offers.ts'
import { OpenConversation } from './open-conversation.ts'
import { PictureChanges } from './picture-changes.ts'
import type { Presence } from './presence.ts'
import { Remembered } from './remembered.ts'
import { pathOf, type Router } from './router.ts'
import { Shortcuts } from './shortcuts.ts'
import type { TabNews, Tabs } from './tabs.ts'
import { Toasts } from './toasts.ts'

export interface AppParts {
  easel: Easel
  router: Router
  storage: Storage
  /** What goes with this tab. */
  tabStorage: Storage
  appearance: Appearance
  presence: Presence
  tabs: Tabs
  now: () => number
  newKey: () => string
  /** Ends the pause before the next try to connect. */
  wake: () => void
}

/** Who is here: not known yet, nobody, or a user. */
export type Session =
  | { state: 'unknown' }
  | { state: 'nobody'; ended: boolean }
  | { state: 'unreachable'; error: EaselError }
  | { state: 'user'; user: User }

export type OpenDialog = { kind: 'settings' } | { kind: 'image' } | { kind: 'find' } | { kind: 'shortcuts' }

/** The picture that is looked at closely, and those beside it. */
export interface Looking {
  pictures: readonly GeneratedImage[]
  id: string
  /** Begin with the details open. */
  details: boolean
}

/** Milliseconds for which the first view waits to be whole, so that nothing in it moves. */
const longestWait = 1500

/** Everything the page knows and does, made once and handed to the components. */
export class App {
  readonly easel: Easel
  readonly router: Router
  readonly appearance: Appearance
  readonly presence: Presence
  readonly now: () => number
  readonly newKey: () => string
  readonly wake: () => void
  readonly session = signal<Session>({ state: 'unknown' })
  /** Who may make an account, as far as it is known. */
  registration: RegistrationAnswer['open'] | undefined
  readonly offers: Offers
  readonly allowance: Allowance
  readonly list: ConversationList
  readonly conversations: ConversationChanges
  readonly open: Signal<OpenConversation>
  /** True once everything the first view needs is there, or has taken too long. */
  readonly settled = signal(false)
  readonly dialog = signal<OpenDialog | undefined>(undefined)
  readonly remembered: Remembered
  readonly drawers: Drawers
  /** The conversation whose title is being written, and where on the page. */
  readonly renaming = signal<{ id: string; place: 'list' | 'head' } | undefined>(undefined)
  readonly shortcuts: Shortcuts
  readonly looking = signal<Looking | undefined>(undefined)
  readonly pictures: PictureChanges
  readonly toasts = new Toasts()
  /** Words that something else on the page puts into the composer. */
  readonly suggestion = signal<string | undefined>(undefined)
  readonly #storage: Storage
  readonly #tabStorage: Storage
  readonly #tabs: Tabs
  #drafts: Drafts | undefined

  constructor({
    easel,
    router,
    storage,
    tabStorage,
    appearance,
    presence,
    tabs,
    now,
    newKey,
    wake,
  }: AppParts) {
    this.easel = easel
    this.router = router
    this.appearance = appearance
    this.presence = presence
    this.#tabs = tabs
    this.now = now
    this.newKey = newKey
    this.wake = wake
    this.#storage = storage
    this.#tabStorage = tabStorage
    this.shortcuts = new Shortcuts(storage)
    this.remembered = new Remembered(storage)
    this.drawers = new Drawers(this.remembered)
    this.offers = new Offers({
      easel,
      orNothing: (read, onFailure) => this.#orNothing(read, onFailure),
    })
    this.allowance = new Allowance(easel, () => this.endSession())
    this.list = new ConversationList(easel, () => this.endSession())
    this.conversations = new ConversationChanges({
      list: this.list,
      router,
      tabs,
      toasts: this.toasts,
      shown: () => this.open.peek(),
      drafts: () => this.drafts,
      attempt: this.attempt,
    })
    this.pictures = new PictureChanges(easel)
    this.open = signal(this.#conversation(undefined))
    effect(() => {
      const place = this.router.place.value
      if (place.page !== 'conversation' || this.session.value.state !== 'user') return
      untracked(() => this.#show(place.id))
    })
    effect(() => {
      // Back at the page, or back in the net: what was missed meanwhile is read.
      if (presence.visible.value && presence.online.value) untracked(() => this.#catchUp())
    })
    effect(() => {
      // What commands do is told by the server, in the language that is asked for.
      void this.appearance.language.value
      untracked(() => void this.offers.readInLanguage())
    })
    keepInHistory(this.looking, router)
    tabs.listen((news) => this.#hear(news))
  }

  /** Asks the server who is here. */
  async begin(): Promise<void> {
    try {
      const { signed_in: signedIn, open } = await this.easel.auth.registration()
      this.registration = open
      if (!signedIn) this.session.value = { state: 'nobody', ended: false }
      else await this.enter((await this.easel.auth.me()).user)
    } catch (thrown) {
      if (!(thrown instanceof EaselError)) throw thrown
      this.session.value =
        thrown.code === 'unauthenticated'
          ? { state: 'nobody', ended: false }
          : { state: 'unreachable', error: thrown }
    }
  }

  /** A user is here: reads what the page needs. */
  async enter(user: User): Promise<void> {
    if (this.#drafts === undefined || this.#userId() !== user.id)
      this.#drafts = new Drafts({
        storage: this.#storage,
        tab: this.#tabStorage,
        userId: user.id,
        now: this.now,
      })
    if (!['conversation', 'gallery'].includes(this.router.place.peek().page)) this.router.replace('/')
    const signedIn = this.session.peek().state === 'nobody'
    // Whoever comes next is no longer the first.
    if (this.registration === 'first') this.registration = undefined
    this.session.value = { state: 'user', user }
    if (signedIn) this.#tabs.tell({ kind: 'session' })
    const reading = Promise.all([this.list.read(), this.offers.read(), this.allowance.read()])
    await Promise.race([reading, waitFor(longestWait)])
    this.settled.value = true
    await reading
  }

  get drafts(): Drafts {
    if (!this.#drafts) throw new Error('drafts belong to a user, and nobody is here')
    return this.#drafts
  }

  /** The server no longer knows this session: sign in again, and come back to the same place. */
  endSession() {
    if (this.session.peek().state !== 'user') return
    this.open.peek().leave()
    this.dialog.value = undefined
    this.looking.value = undefined
    this.session.value = { state: 'nobody', ended: true }
  }

  async signOut(): Promise<void> {
    await this.easel.auth.logout()
    this.open.peek().leave()
    this.dialog.value = undefined
    this.list.clear()
    this.open.value = this.#conversation(undefined)
    this.session.value = { state: 'nobody', ended: false }
    this.#tabs.tell({ kind: 'session' })
    this.router.replace('/sign-in')
  }

  /** Shows a place of the page, and the page rather than the drawer before it. */
  go(path: string) {
    this.drawers.close()
    this.router.go(path)
  }

  /** Shows a picture closely, among those of the conversation unless others are given. */
  lookAt(
    image: GeneratedImage,
    { details = false, among }: { details?: boolean; among?: readonly GeneratedImage[] } = {},
  ) {
    const shown = this.open
      .peek()
      .entries.peek()
      .flatMap((entry) => {
        const live = entry.live.peek()?.pictures.flatMap((picture) => picture.image ?? []) ?? []
        const kept = entry.message.peek().generated_images
        return kept.length > 0 ? kept : live
      })
    const pictures = among ?? (shown.some((one) => one.id === image.id) ? shown : [image])
    this.looking.value = { pictures, id: image.id, details }
  }

  /** Puts words into the composer, wherever one is now; what was being written there can be brought back. */
  suggest(words: string) {
    const id = this.open.peek().id.peek()
    const written = this.drafts.read(id).text
    this.looking.value = undefined
    if (this.router.place.peek().page !== 'conversation') this.go(pathOf(id))
    this.suggestion.value = words
    if (written.trim() === '' || written === words) return
    const bringBack = () => {
      if (this.open.peek().id.peek() === id) this.suggestion.value = written
    }
    this.toasts.show({
      text: texts.pictureTools.replaced,
      action: { label: texts.gallery.undo, run: bringBack },
    })
  }

  readonly attempt: Attempt = (work, say = ({ message }) => message) =>
    this.#orNothing(work, (error) => this.toasts.show({ text: say(error) }))

  /** Shows the archived conversations in the list, wherever that is on this screen. */
  showArchive() {
    this.dialog.value = undefined
    this.drawers.showSidebar()
    void this.list.showArchive(true)
  }

  /** Reads what this page missed, and what it could not read. */
  #catchUp() {
    if (this.session.peek().state === 'unreachable') void this.begin()
    if (this.session.peek().state !== 'user' || !this.settled.peek()) return
    void this.open.peek().catchUp()
    void this.list.read()
    void this.allowance.read()
    void this.offers.readMissing()
  }

  #hear(news: TabNews) {
    switch (news.kind) {
      case 'session':
        void this.#askAgain()
        return
      case 'conversation':
        if (this.open.peek().id.peek() === news.id) void this.open.peek().catchUp()
        void this.list.read()
        return
      case 'list':
        void this.list.read()
        return
      default:
        news satisfies never
    }
  }

  /** Somebody signed in or out in another tab. */
  async #askAgain(): Promise<void> {
    const answer = await this.#orNothing(() => this.easel.auth.registration())
    if (!answer) return
    if (!answer.signed_in) {
      this.endSession()
      return
    }
    const before = this.#userId()
    if (before === undefined) {
      await this.begin()
      return
    }
    const now = await this.#orNothing(() => this.easel.auth.me())
    // A page of somebody else begins anew, with nothing of the first one in it.
    if (now && now.user.id !== before) window.location.reload()
  }

  #userId(): string | undefined {
    const session = this.session.peek()
    return session.state === 'user' ? session.user.id : undefined
  }

  #show(id: string | undefined) {
    const shown = this.open.peek()
    if (shown.id.peek() === id && shown.reading.peek() !== 'missing' && !shown.left) return
    shown.leave()
    const next = this.#conversation(id)
    this.open.value = next
    void next.read()
  }

  #conversation(id: string | undefined): OpenConversation {
    return new OpenConversation(id, {
      easel: this.easel,
      now: this.now,
      onChange: (conversation) => this.list.learn(conversation),
      onSessionEnd: () => this.endSession(),
      onRefusal: (error) => {
        if (error.code !== 'unauthenticated') this.toasts.show({ text: error.message })
      },
      onCreated: (made) => {
        this.router.replace(pathOf(made))
        void this.list.read()
      },
      onTurn: (id, what) => {
        if (what === 'sent') {
          this.list.bringUp(id, this.now())
          return
        }
        this.#tabs.tell({ kind: 'conversation', id })
        if (what === 'begun') return
        this.presence.finished()
        void this.allowance.read()
      },
    })
  }

  /** Answers undefined where the server refuses. A session that is over is over for the whole page. */
  async #orNothing<Value>(
    read: () => Promise<Value>,
    onFailure?: (error: EaselError) => void,
  ): Promise<Value | undefined> {
    try {
      return await read()
    } catch (thrown) {
      if (!(thrown instanceof EaselError)) throw thrown
      if (thrown.code === 'unauthenticated') this.endSession()
      else onFailure?.(thrown)
      return undefined
    }
  }
}

const AppContext = createContext<App | undefined>(undefined)
export const AppProvider = AppContext.Provider

/** The one `App` of this page. */
export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('a component was drawn outside the page')
  return app
}
