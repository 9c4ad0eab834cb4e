import { batch, computed, signal, type Signal } from '@preact/signals'
import type { Conversation, ConversationPatch } from '../../server/contract/conversations.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import type { TurnEvent } from '../../server/contract/turns.ts'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import type { Easel, PaidOptions, SendMessage } from '../sdk/easel.ts'
import type { Connection } from '../sdk/follow-turn.ts'
import { texts } from '../texts/texts.ts'
import { eachFrame } from './each-frame.ts'
import { applyEvent, beginTurn, type Expected, type LiveTurn } from './live-turn.ts'
import { MessageQueue } from './message-queue.ts'
import { ReadingEdge } from './reading-edge.ts'
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
  /** Told of what could not be done, where nothing on the page says so by itself. */
  onRefusal: (error: EaselError) => void
  onCreated: (id: string) => void
  /** Told when something is sent here, when its turn begins, and when it has ended. */
  onTurn: (id: string, what: 'sent' | 'begun' | 'ended') => void
}

/** Messages that a conversation opens with: several screens of them, and no more to draw than that. */
const newestMessages = 24

/** Times after a first turn at which the title may have been written in the background, in milliseconds. */
const titleLooks = [400, 1500, 4000, 9000]

/** The conversation that is shown: its messages, the turn that runs in it, and what can be done to it. */
export class OpenConversation {
  readonly id: Signal<string | undefined>
  readonly conversation = signal<Conversation | undefined>(undefined)
  readonly entries = signal<readonly Entry[]>([])
  readonly reading: Signal<Reading>
  /** Where the conversation goes on above and below what is shown. Below nothing follows, but after a leap into its middle. */
  readonly older = new ReadingEdge()
  readonly newer = new ReadingEdge()
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
  /** A conversation made for a message that has not begun a turn in it. */
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
    if (this.entries.peek().length === 0) this.reading.value = 'loading'
    try {
      await this.#readEnd(id)
    } catch (thrown) {
      if (isAbort(thrown, this.#leaving.signal)) return
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
      // Somebody who reads further up is not torn away.
      if (same || !this.isAtEnd) this.#learn(now)
      else await this.read()
      this.older.forgive()
      this.newer.forgive()
    } catch (thrown) {
      if (!isAbort(thrown, signal)) this.#known(thrown)
    }
  }

  readOlder(): Promise<void> {
    return this.#readOn(this.older, 'before', (page) => {
      const above = page.items.map((message) => this.#entryOf(message))
      this.entries.value = [...above, ...this.entries.peek()]
      return page.next_cursor
    })
  }

  readNewer(): Promise<void> {
    return this.#readOn(this.newer, 'after', (page) => {
      const below = page.items.map((message) => this.#entryOf(message))
      this.entries.value = [...this.entries.peek(), ...below]
      return page.newer_cursor ?? null
    })
  }

  /** Whether the newest message is shown; it is not after a leap into the middle. */
  get isAtEnd(): boolean {
    return this.newer.cursor.peek() === null
  }

  /** Shows the newest messages again. False when they could not be read. */
  async showEnd(): Promise<boolean> {
    const id = this.id.peek()
    if (id === undefined || this.isAtEnd) return true
    return this.#tried(() => this.#readEnd(id))
  }

  /**
   * Sees that a message is on the page: reads it with what is around it, on the branch it stands on.
   * False when it is gone, or could not be read.
   */
  async reach(messageId: string): Promise<boolean> {
    const id = this.id.peek()
    const isShown = () => this.entries.peek().some((entry) => entry.message.peek().id === messageId)
    if (id === undefined || isShown()) return id !== undefined
    await this.#tried(async () => {
      await this.#readAround(id, messageId)
      if (isShown()) return
      await this.patch({ active_message_id: messageId })
      await this.#readEnd(id)
      if (!isShown()) await this.#readAround(id, messageId)
    })
    return isShown()
  }

  /**
   * Sends a message and follows its turn to the end.
   * @throws EaselError when it was refused before a turn began; the page is then as it was
   */
  async send(
    message: SendMessage,
    expected: Expected,
    attachments: Message['attachments'],
    paid: Pick<PaidOptions, 'idempotencyKey'> = {},
  ): Promise<void> {
    const { signal } = this.#leaving
    // What follows the end belongs below it; an edited message is an end of its own.
    const id = this.id.peek()
    if (id !== undefined && !this.isAtEnd && message.parent_id === undefined) await this.#readEnd(id)
    const before = this.entries.peek()
    const newer = this.newer.cursor.peek()
    // A message that is edited takes the place of the old one and of what followed it.
    const above = message.parent_id === undefined ? before : this.#pathTo(message.parent_id)
    const model = this.#entry(this.#draftMessage('model', '', []), beginTurn(expected, this.#parts.now()))
    const user =
      expected.kind === 'retry'
        ? undefined
        : this.#entry(this.#draftMessage('user', message.messageText, attachments))
    batch(() => {
      this.entries.value = [...above, ...(user ? [user] : []), model]
      this.newer.set(null)
      this.reading.value = 'ready'
      this.#running.value = model
      const known = this.id.peek()
      if (known !== undefined) this.#parts.onTurn(known, 'sent')
    })
    try {
      const id = await this.#ensureId(signal)
      const events = this.#parts.easel.sendMessage(id, message, { ...paid, ...this.#following() })
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
        this.newer.set(newer)
        if (before.length === 0 && this.id.peek() === undefined) this.reading.value = 'new'
      })
      const refusal = this.#known(thrown)
      // Without an answer the message may have arrived; the next try goes to the same conversation.
      if (refusal.status !== 0) void this.#takeBack()
      throw refusal
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
    const newer = this.newer.cursor.peek()
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
      this.newer.set(null)
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
        this.newer.set(newer)
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
    await this.#tried(() => this.#parts.easel.turns.cancel(turnId, { signal: this.#leaving.signal }))
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
    const id = this.id.peek()
    if (id === undefined) return
    await this.#tried(async () => {
      await this.patch({ active_message_id: messageId })
      await this.#readEnd(id)
    })
  }

  get left(): boolean {
    return this.#leaving.signal.aborted
  }

  /** Stops following; the turn goes on at the server. */
  leave() {
    this.#leaving.abort()
  }

  async #readEnd(id: string): Promise<void> {
    const { signal } = this.#leaving
    const [conversation, page] = await Promise.all([
      this.#parts.easel.conversations.get(id, { signal }),
      this.#parts.easel.conversations.messages(id, { limit: newestMessages, signal }),
    ])
    batch(() => {
      this.#learn(conversation)
      this.#show(page)
      this.reading.value = 'ready'
    })
    if (conversation.active_turn_id && !this.isRunning.peek())
      void this.#followRunning(conversation.active_turn_id)
  }

  /** Shows a message and what is around it; nothing changes when it stands on no shown branch. */
  async #readAround(id: string, messageId: string): Promise<void> {
    const { signal } = this.#leaving
    const page = await this.#parts.easel.conversations.messages(id, { around: messageId, signal })
    if (page.items.length === 0) return
    const standing = this.entries.peek()
    const at = page.items.findIndex((message) => message.id === standing[0]?.message.peek().id)
    batch(() => {
      const read = page.items.map((message) => this.#entryOf(message))
      // Where it meets what stands already, that stays.
      this.entries.value = at === -1 ? read : [...read.slice(0, at), ...standing]
      this.older.set(page.next_cursor)
      if (at === -1) this.newer.set(page.newer_cursor ?? null)
    })
  }

  #readOn(
    edge: ReadingEdge,
    direction: 'before' | 'after',
    show: (page: MessagePage) => string | null,
  ): Promise<void> {
    const id = this.id.peek()
    if (id === undefined) return Promise.resolve()
    const { signal } = this.#leaving
    const fetch = async (cursor: string) => {
      try {
        return await this.#parts.easel.conversations.messages(id, { [direction]: cursor, signal })
      } catch (thrown) {
        throw isAbort(thrown, signal) ? thrown : this.#known(thrown)
      }
    }
    return edge.read(fetch, show, signal)
  }

  /** Does something whose failure nothing on the page shows by itself. False when it failed. */
  async #tried(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (thrown) {
      if (isAbort(thrown, this.#leaving.signal)) return false
      this.#parts.onRefusal(this.#known(thrown))
      return false
    }
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

  /** Removes the conversation that was made for a message which was refused, so that none without a message is left. */
  async #takeBack(): Promise<void> {
    const id = this.#reserved
    if (id === undefined || this.id.peek() !== undefined) return
    this.#reserved = undefined
    this.conversation.value = undefined
    const { conversations } = this.#parts.easel
    try {
      const { message_count, active_turn_id } = await conversations.get(id)
      if (message_count === 0 && !active_turn_id) await conversations.delete(id)
    } catch (thrown) {
      if (!(thrown instanceof EaselError)) throw thrown
      this.#reserved ??= id
    }
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
  #show(page: MessagePage) {
    const standing = this.entries.peek()
    const first = standing.findIndex((entry) => entry.message.peek().id === page.items[0]?.id)
    const shown = page.items.map((message) => this.#entryOf(message))
    this.entries.value = first > 0 ? [...standing.slice(0, first), ...shown] : shown
    if (first <= 0) this.older.set(page.next_cursor)
    this.newer.set(null)
  }

  /** The entry that shows this message already, brought up to date; else a new one. */
  #entryOf(message: Message): Entry {
    const isIt = (entry: Entry | undefined) => entry?.message.peek().id === message.id
    const running = this.#running.peek()
    // What is being written is newer than what was read of it.
    if (running && isIt(running)) return running
    const known = this.entries.peek().find(isIt)
    if (!known) return this.#entry(message)
    known.message.value = message
    return known
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
