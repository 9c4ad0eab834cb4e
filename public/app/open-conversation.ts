import { batch, computed, signal, type Signal } from '@preact/signals'
import type { Page } from '../../server/contract/basics.ts'
import type { Conversation, ConversationPatch } from '../../server/contract/conversations.ts'
import type { Message } from '../../server/contract/messages.ts'
import type { TurnEvent } from '../../server/contract/turns.ts'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import type { Easel, SendMessage } from '../sdk/easel.ts'
import type { Connection } from '../sdk/follow-turn.ts'
import { texts } from '../texts/texts.ts'
import { eachFrame } from './each-frame.ts'
import { applyEvent, beginTurn, type Expected, type LiveTurn } from './live-turn.ts'
import { MessageQueue } from './message-queue.ts'
import { SeenPictures } from './seen-pictures.ts'

/** One message on the page. `key` stays while the message gets its id from the server. */
export interface Entry {
  key: string
  message: Signal<Message>
  live: Signal<LiveTurn | undefined>
}

export type Reading = 'new' | 'loading' | 'ready' | 'missing' | EaselError

export interface ConversationParts {
  easel: Easel
  now: () => number
  /** Told of every version of the conversation, so that the list follows. */
  onChange: (conversation: Conversation) => void
  /** Told when the server no longer knows this session. */
  onSessionEnd: () => void
  onCreated: (id: string) => void
  /** Told when a turn begins here, and when it has ended. */
  onTurn: (id: string, what: 'begun' | 'ended') => void
}

/** Times after a first turn at which the title may have been written in the background, in milliseconds. */
const titleLooks = [400, 1500, 4000, 9000]

/** The conversation that is shown: its messages, the turn that runs in it, and what can be done to it. */
export class OpenConversation {
  readonly id: Signal<string | undefined>
  readonly conversation = signal<Conversation | undefined>(undefined)
  readonly entries = signal<readonly Entry[]>([])
  readonly reading: Signal<Reading>
  /** Cursor of the page before the first message shown; null at the beginning. */
  readonly older = signal<string | null>(null)
  readonly readingOlder = signal(false)
  readonly connection = signal<Connection>('connected')
  /** The message that is being edited, and its words so far. */
  readonly editing = signal<{ id: string; text: string; refusal?: string } | undefined>(undefined)
  readonly queue = new MessageQueue()
  readonly seen = new SeenPictures()
  /** What a screen reader is told. */
  readonly announcement = signal('')
  readonly #running = signal<Entry | undefined>(undefined)
  readonly isRunning = computed(() => this.#running.value !== undefined)
  readonly #parts: ConversationParts
  readonly #leaving = new AbortController()
  /** A conversation made for a message that the server then refused; the next message uses it. */
  #reserved: string | undefined
  #keys = 0

  constructor(id: string | undefined, parts: ConversationParts) {
    this.id = signal(id)
    this.reading = signal<Reading>(id === undefined ? 'new' : 'loading')
    this.#parts = parts
  }

  /** Reads the newest messages and goes on following a turn that runs. */
  async read(): Promise<void> {
    const id = this.id.peek()
    if (id === undefined) return
    const { signal } = this.#leaving
    if (this.entries.peek().length === 0) this.reading.value = 'loading'
    try {
      const [conversation, page] = await Promise.all([
        this.#parts.easel.conversations.get(id, { signal }),
        this.#parts.easel.conversations.messages(id, { signal }),
      ])
      batch(() => {
        this.#learn(conversation)
        this.#show(page)
        this.reading.value = 'ready'
      })
      if (conversation.active_turn_id) void this.#followRunning(conversation.active_turn_id)
    } catch (thrown) {
      if (isAbort(thrown, signal)) return
      const error = this.#known(thrown)
      this.reading.value = error.code === 'not_found' || error.code === 'invalid_request' ? 'missing' : error
    }
  }

  /** Takes in what happened to the conversation elsewhere, in another tab or on another device. */
  async catchUp(): Promise<void> {
    const id = this.id.peek()
    const reading = this.reading.peek()
    if (id === undefined || this.isRunning.peek() || this.left) return
    if (reading !== 'ready') {
      // What failed before may be mended; what is missing stays missing.
      if (typeof reading === 'object') await this.read()
      return
    }
    const { signal } = this.#leaving
    try {
      const known = this.conversation.peek()
      const now = await this.#parts.easel.conversations.get(id, { signal })
      if (this.isRunning.peek()) return
      const same =
        now.active_turn_id === null &&
        now.updated_at === known?.updated_at &&
        now.active_message_id === known.active_message_id
      if (same) this.#learn(now)
      else await this.read()
    } catch (thrown) {
      if (!isAbort(thrown, signal)) this.#known(thrown)
    }
  }

  async readOlder(): Promise<void> {
    const id = this.id.peek()
    const before = this.older.peek()
    if (id === undefined || before === null || this.readingOlder.peek()) return
    this.readingOlder.value = true
    const { signal } = this.#leaving
    try {
      const page = await this.#parts.easel.conversations.messages(id, { before, signal })
      batch(() => {
        this.entries.value = [...page.items.map((message) => this.#entry(message)), ...this.entries.peek()]
        this.older.value = page.next_cursor
      })
    } catch (thrown) {
      if (!isAbort(thrown, signal)) this.#known(thrown)
    } finally {
      this.readingOlder.value = false
    }
  }

  /** Sees that a message is on the page: reads older ones, or shows the branch it stands on. False when it is gone. */
  async reach(messageId: string): Promise<boolean> {
    const isShown = () => this.entries.peek().some((entry) => entry.message.peek().id === messageId)
    const readBack = async () => {
      while (!isShown() && this.older.peek() !== null) {
        const before = this.older.peek()
        await this.readOlder()
        if (this.older.peek() === before) return
      }
    }
    await readBack()
    if (isShown() || this.isRunning.peek()) return isShown()
    await this.showVersion(messageId)
    await readBack()
    return isShown()
  }

  /**
   * Sends a message and follows its turn to the end.
   * @throws EaselError when it was refused before a turn began; the page is then as it was
   */
  async send(message: SendMessage, expected: Expected, attachments: Message['attachments']): Promise<void> {
    const { signal } = this.#leaving
    const before = this.entries.peek()
    // A message that is edited takes the place of the old one and of what followed it.
    const above = message.parent_id === undefined ? before : this.#pathTo(message.parent_id)
    const model = this.#entry(this.#draftMessage('model', '', []), beginTurn(expected, this.#parts.now()))
    const user =
      expected.kind === 'retry'
        ? undefined
        : this.#entry(this.#draftMessage('user', message.messageText, attachments))
    batch(() => {
      this.entries.value = [...above, ...(user ? [user] : []), model]
      this.reading.value = 'ready'
      this.#running.value = model
    })
    try {
      const id = await this.#ensureId(signal)
      const events = this.#parts.easel.sendMessage(id, message, this.#following())
      await this.#run(events, model, (event) => {
        if (user) user.message.value = event.user_message
        else this.entries.value = [...this.#upTo(event.user_message.id), model]
        if (this.id.peek() === undefined) {
          this.id.value = id
          this.#parts.onCreated(id)
        }
      })
    } catch (thrown) {
      if (isAbort(thrown, signal)) return
      const began = model.live.peek()?.turnId !== undefined
      if (began) {
        this.#fail(model, this.#known(thrown))
        return
      }
      batch(() => {
        this.entries.value = before
        if (before.length === 0 && this.id.peek() === undefined) this.reading.value = 'new'
      })
      throw this.#known(thrown)
    } finally {
      if (this.#running.peek() === model) this.#running.value = undefined
      this.connection.value = 'connected'
    }
  }

  /** Asks for another answer to the same message. */
  async answerAgain(entry: Entry): Promise<void> {
    const turnId = entry.message.peek().turn_id ?? entry.live.peek()?.turnId
    if (!turnId || this.isRunning.peek()) return
    const old = entry.message.peek()
    const shown = this.entries.peek()
    const place = shown.indexOf(entry)
    const first = old.generated_images[0]
    const expected: Expected = {
      kind: old.kind,
      prompt: first?.prompt ?? shown[place - 1]?.message.peek().text.replace(/^\/\w+\s*/, '') ?? '',
      count: old.kind === 'image' ? Math.max(1, old.generated_images.length) : 0,
      aspectRatio: first ? `${first.width}:${first.height}` : undefined,
    }
    const model = this.#entry(this.#draftMessage('model', '', []), beginTurn(expected, this.#parts.now()))
    batch(() => {
      this.entries.value = [...shown.slice(0, place), model]
      this.#running.value = model
    })
    try {
      await this.#run(this.#parts.easel.turns.retry(turnId, this.#following()), model, () => undefined)
    } catch (thrown) {
      if (isAbort(thrown, this.#leaving.signal)) return
      const error = this.#known(thrown)
      if (model.live.peek()?.turnId !== undefined) this.#fail(model, error)
      else {
        entry.message.value = { ...old, error: { ...problemIn(error), status: 'error' } }
        this.entries.value = shown
      }
    } finally {
      if (this.#running.peek() === model) this.#running.value = undefined
      this.connection.value = 'connected'
    }
  }

  /** Stops the turn that runs; what has come stays. */
  async stop(): Promise<void> {
    const turnId = this.#running.peek()?.live.peek()?.turnId
    if (turnId === undefined) return
    try {
      await this.#parts.easel.turns.cancel(turnId, { signal: this.#leaving.signal })
    } catch (thrown) {
      if (!isAbort(thrown, this.#leaving.signal)) this.#known(thrown)
    }
  }

  /** @throws EaselError */
  async patch(patch: ConversationPatch): Promise<void> {
    const id = this.id.peek()
    if (id === undefined) return
    this.#learn(await this.#parts.easel.conversations.patch(id, patch))
  }

  /**
   * Corrects a message in place, without another answer.
   * @throws EaselError
   */
  async correct(messageId: string, text: string): Promise<void> {
    const id = this.id.peek()
    if (id === undefined) return
    const corrected = await this.#parts.easel.messages.patch(id, messageId, { text })
    const entry = this.entries.peek().find((one) => one.message.peek().id === messageId)
    if (entry) entry.message.value = corrected
  }

  /** Shows another version of a message, with what followed it. */
  async showVersion(messageId: string): Promise<void> {
    try {
      await this.patch({ active_message_id: messageId })
      await this.read()
    } catch (thrown) {
      this.#known(thrown)
    }
  }

  get left(): boolean {
    return this.#leaving.signal.aborted
  }

  /** Stops following; the turn goes on at the server. */
  leave() {
    this.#leaving.abort()
  }

  #following() {
    return {
      signal: this.#leaving.signal,
      onConnection: (connection: Connection) => {
        this.connection.value = connection
      },
    }
  }

  async #ensureId(signal: AbortSignal): Promise<string> {
    const known = this.id.peek() ?? this.#reserved
    if (known !== undefined) return known
    const made = await this.#parts.easel.conversations.create({}, { signal })
    this.#reserved = made.id
    this.conversation.value = made
    return made.id
  }

  async #followRunning(turnId: string): Promise<void> {
    const last = this.entries.peek().at(-1)
    if (!last || last.message.peek().sender !== 'model') return
    const message = last.message.peek()
    const expected = {
      kind: message.kind,
      prompt: '',
      count: message.kind === 'image' ? 1 : 0,
      aspectRatio: undefined,
    }
    const startedAt = Date.parse(message.created_at)
    batch(() => {
      last.live.value = { ...beginTurn(expected, startedAt), turnId }
      this.#running.value = last
    })
    try {
      await this.#run(this.#parts.easel.turns.events(turnId, this.#following()), last, () => undefined)
    } catch (thrown) {
      if (!isAbort(thrown, this.#leaving.signal)) this.#fail(last, this.#known(thrown))
    } finally {
      if (this.#running.peek() === last) this.#running.value = undefined
      this.connection.value = 'connected'
    }
  }

  async #run(
    events: AsyncIterable<TurnEvent>,
    model: Entry,
    onTurn: (event: TurnEvent & { type: 'turn' }) => void,
  ): Promise<void> {
    const arrived: TurnEvent[] = []
    const frame = eachFrame(() => {
      const live = model.live.peek()
      if (live && arrived.length > 0) model.live.value = arrived.splice(0).reduce(applyEvent, live)
    })
    for await (const event of events) {
      arrived.push(event)
      if (event.type === 'turn') {
        batch(() => {
          onTurn(event)
          model.message.value = event.model_message
          frame.flush()
          this.announcement.value = event.kind === 'image' ? texts.status.painting : texts.status.writing
        })
        this.#parts.onTurn(event.conversation_id, 'begun')
      } else if (event.type === 'done') {
        frame.flush()
        this.#finish(model, event.message)
      } else frame.request()
    }
  }

  #finish(model: Entry, message: Message) {
    batch(() => {
      model.message.value = message
      if (this.#running.peek() === model) this.#running.value = undefined
      this.announcement.value = sayEnd(message)
    })
    this.#parts.onTurn(message.conversation_id, 'ended')
    void this.#learnTitle(message)
  }

  /** After a turn the conversation may have a new title, summary, memory pad or model. */
  async #learnTitle(message: Message): Promise<void> {
    const { signal } = this.#leaving
    const untitled = this.entries.peek().length <= 2
    for (const wait of untitled ? titleLooks : [0]) {
      await new Promise((resolve) => {
        setTimeout(resolve, wait)
      })
      if (signal.aborted) return
      const before = this.conversation.peek()?.title
      try {
        const conversation = await this.#parts.easel.conversations.get(message.conversation_id, { signal })
        if (signal.aborted) return
        this.#learn(conversation)
        if (before !== undefined && conversation.title !== before) return
      } catch (thrown) {
        if (!isAbort(thrown, signal)) this.#known(thrown)
        return
      }
    }
  }

  #fail(model: Entry, error: EaselError) {
    const live = model.live.peek()
    batch(() => {
      model.message.value = {
        ...model.message.peek(),
        text: live?.text ?? model.message.peek().text,
        state: 'failed',
        error: { ...problemIn(error), status: 'error' },
      }
      this.announcement.value = texts.status.failed
    })
  }

  #learn(conversation: Conversation) {
    this.conversation.value = conversation
    this.#parts.onChange(conversation)
  }

  #known(thrown: unknown): EaselError {
    if (!(thrown instanceof EaselError)) throw thrown
    if (thrown.code === 'unauthenticated') this.#parts.onSessionEnd()
    return thrown
  }

  /** Shows the newest messages of a branch. Those that stand already stay as they are, and so do older ones above them. */
  #show(page: Page<Message>) {
    const standing = this.entries.peek()
    const known = new Map(standing.map((entry) => [entry.message.peek().id, entry]))
    const first = standing.findIndex((entry) => entry.message.peek().id === page.items[0]?.id)
    const shown = page.items.map((message) => {
      const entry = known.get(message.id)
      if (!entry) return this.#entry(message)
      entry.message.value = message
      return entry
    })
    this.entries.value = first > 0 ? [...standing.slice(0, first), ...shown] : shown
    if (first <= 0) this.older.value = page.next_cursor
  }

  #pathTo(parentId: string | null): readonly Entry[] {
    return parentId === null ? [] : this.#upTo(parentId)
  }

  #upTo(messageId: string): readonly Entry[] {
    const entries = this.entries.peek()
    const at = entries.findIndex((entry) => entry.message.peek().id === messageId)
    return at === -1 ? entries.slice(0, -1) : entries.slice(0, at + 1)
  }

  #entry(message: Message, live?: LiveTurn): Entry {
    this.#keys += 1
    return { key: `entry-${this.#keys}`, message: signal(message), live: signal(live) }
  }

  #draftMessage(sender: 'user' | 'model', text: string, attachments: Message['attachments']): Message {
    return {
      id: '',
      conversation_id: this.id.peek() ?? '',
      parent_id: null,
      turn_id: null,
      sender,
      text,
      kind: 'chat',
      created_at: new Date(this.#parts.now()).toISOString(),
      state: sender === 'user' ? 'complete' : 'streaming',
      attachments,
      generated_images: [],
    }
  }
}

function problemIn(error: EaselError) {
  return {
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    ...(error.retryAfter === undefined ? {} : { retry_after: error.retryAfter }),
  }
}

function sayEnd(message: Message): string {
  if (message.state === 'cancelled') return texts.status.cancelled
  if (message.state !== 'complete') return texts.status.failed
  const pictures = message.generated_images.length
  return pictures > 0 ? texts.status.pictureReady(pictures) : texts.status.finished
}
