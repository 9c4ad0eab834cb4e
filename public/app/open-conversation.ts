import { signal, type ReadonlySignal, type Signal } from '@preact/signals'
import type { Conversation, ConversationPatch } from '../../server/contract/conversations.ts'
import type { Message } from '../../server/contract/messages.ts'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import type { Easel, PaidOptions, SendMessage } from '../sdk/easel.ts'
import type { Connection } from '../sdk/follow-turn.ts'
import type { ConversationGround, Reading } from './conversation-ground.ts'
import { ConversationReading } from './conversation-reading.ts'
import { ConversationSending } from './conversation-sending.ts'
import { learnTitle } from './learn-title.ts'
import type { Expected } from './live-turn.ts'
import { MessageQueue } from './message-queue.ts'
import type { ReadingEdge } from './reading-edge.ts'
import { RunningTurn } from './running-turn.ts'
import { SeenPictures } from './seen-pictures.ts'
import { ShownMessages, type Entry } from './shown-messages.ts'

interface ConversationParts {
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

/** The conversation that is shown: its messages, the turn that runs in it, and what can be done to it. */
export class OpenConversation {
  readonly id: Signal<string | undefined>
  readonly conversation = signal<Conversation | undefined>(undefined)
  readonly entries: ReadonlySignal<readonly Entry[]>
  readonly reading: Signal<Reading>
  /** Where the conversation goes on above and below what is shown. */
  readonly older: ReadingEdge
  readonly newer: ReadingEdge
  readonly connection: ReadonlySignal<Connection>
  /** The message that is being edited, and its words so far. */
  readonly editing = signal<{ id: string; text: string; refusal?: string } | undefined>(undefined)
  readonly queue = new MessageQueue()
  readonly seen = new SeenPictures()
  /** What a screen reader is told. */
  readonly announcement: ReadonlySignal<string>
  readonly isRunning: ReadonlySignal<boolean>
  readonly #parts: ConversationParts
  readonly #leaving = new AbortController()
  /** The step to another version that was asked for last. */
  #stepping: Promise<unknown> = Promise.resolve()
  readonly #shown: ShownMessages
  readonly #turn: RunningTurn
  readonly #reader: ConversationReading
  readonly #sender: ConversationSending

  constructor(id: string | undefined, parts: ConversationParts) {
    this.id = signal(id)
    this.reading = signal<Reading>(id === undefined ? 'new' : 'loading')
    this.#parts = parts
    const { easel, now } = parts
    const leaving = this.#leaving.signal
    this.#turn = new RunningTurn({
      easel,
      leaving,
      known: (thrown) => this.#known(thrown),
      cancel: (turnId) => void this.#tried(() => easel.turns.cancel(turnId, { signal: leaving })),
      onBegin: (here) => parts.onTurn(here, 'begun'),
      onEnd: (message) => {
        parts.onTurn(message.conversation_id, 'ended')
        void this.#learnTitle(message.conversation_id)
      },
    })
    this.#shown = new ShownMessages(this.#turn.entry)
    const ground: ConversationGround = {
      easel,
      now,
      leaving,
      id: this.id,
      conversation: this.conversation,
      reading: this.reading,
      shown: this.#shown,
      turn: this.#turn,
      learn: (conversation) => this.#learn(conversation),
      known: (thrown) => this.#known(thrown),
      tried: (work) => this.#tried(work),
    }
    this.#reader = new ConversationReading(ground)
    this.#sender = new ConversationSending({
      ground,
      readEnd: (here) => this.#reader.readEnd(here),
      onSent: (here) => parts.onTurn(here, 'sent'),
      onCreated: parts.onCreated,
    })
    this.entries = this.#shown.entries
    this.older = this.#shown.older
    this.newer = this.#shown.newer
    this.connection = this.#turn.connection
    this.announcement = this.#turn.announcement
    this.isRunning = this.#turn.isRunning
  }

  /** Reads the newest messages and goes on following a turn that runs. */
  read(): Promise<void> {
    return this.#reader.read()
  }

  /** Takes in what happened to the conversation elsewhere, in another tab or on another device. */
  catchUp(): Promise<void> {
    return this.#reader.catchUp()
  }

  readOlder(): Promise<void> {
    return this.#reader.readOlder()
  }

  readNewer(): Promise<void> {
    return this.#reader.readNewer()
  }

  /** Whether the newest message is shown; it is not after a leap into the middle. */
  get isAtEnd(): boolean {
    return this.#shown.isAtEnd
  }

  /** Shows the newest messages again. False when they could not be read. */
  showEnd(): Promise<boolean> {
    return this.#reader.showEnd()
  }

  /** Sees that a message is on the page, on the branch it stands on. False when it is gone, or could not be read. */
  reach(messageId: string): Promise<boolean> {
    return this.#reader.reach(messageId, () => this.patch({ active_message_id: messageId }))
  }

  /**
   * Sends a message and follows its turn to the end.
   * @throws EaselError when it was refused before a turn began; the page is then as it was
   */
  send(
    message: SendMessage,
    expected: Expected,
    attachments: Message['attachments'],
    paid: Pick<PaidOptions, 'idempotencyKey'> = {},
  ): Promise<void> {
    return this.#sender.send(message, expected, attachments, paid)
  }

  /** Asks for another answer to the same message. */
  answerAgain(entry: Entry): Promise<void> {
    return this.#sender.answerAgain(entry)
  }

  /** Stops the turn that runs; what has come stays. */
  stop() {
    this.#turn.stop()
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
    const entry = this.#shown.find(messageId)
    if (entry) entry.message.value = corrected
  }

  /** Shows another version of a message, with what followed it. Quick steps are taken one after the other. */
  async showVersion(messageId: string): Promise<void> {
    const id = this.id.peek()
    if (id === undefined) return
    const before = this.#stepping
    this.#stepping = this.#tried(async () => {
      await before
      await this.patch({ active_message_id: messageId })
      await this.#reader.readEnd(id)
    })
    await this.#stepping
  }

  get left(): boolean {
    return this.#leaving.signal.aborted
  }

  /** Stops following; the turn goes on at the server. */
  leave() {
    this.#leaving.abort()
  }

  #learn(conversation: Conversation) {
    this.conversation.value = conversation
    this.#parts.onChange(conversation)
  }

  #learnTitle(id: string): Promise<void> {
    const { signal } = this.#leaving
    const read = async () => {
      try {
        const conversation = await this.#parts.easel.conversations.get(id, { signal })
        if (signal.aborted) return undefined
        this.#learn(conversation)
        return conversation
      } catch (thrown) {
        if (!isAbort(thrown, signal)) this.#known(thrown)
        return undefined
      }
    }
    const isFirst = this.entries.peek().length <= 2
    return learnTitle(isFirst, () => this.conversation.peek()?.title, read, signal)
  }

  #known(thrown: unknown): EaselError {
    if (!(thrown instanceof EaselError)) throw thrown
    if (thrown.code === 'unauthenticated') this.#parts.onSessionEnd()
    return thrown
  }

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
}
