import { batch, computed, signal } from '@preact/signals'
import type { Message } from '../../server/contract/messages.ts'
import type { TurnEvent } from '../../server/contract/turns.ts'
import { isAbort, type EaselError } from '../sdk/easel-error.ts'
import type { Easel } from '../sdk/easel.ts'
import type { Connection } from '../sdk/follow-turn.ts'
import { texts } from '../texts/texts.ts'
import { eachFrame } from './each-frame.ts'
import { applyEvent, beginTurn } from './live-turn.ts'
import type { Entry } from './shown-messages.ts'

interface RunningTurnParts {
  easel: Easel
  /** Ends when the conversation is left; the turn goes on at the server. */
  leaving: AbortSignal
  /** What was thrown, when it is of a kind that the page can say. */
  known: (thrown: unknown) => EaselError
  /** Ends a turn at the server. */
  cancel: (turnId: string) => void
  onBegin: (conversationId: string) => void
  onEnd: (message: Message) => void
}

/** The turn that runs in a conversation, at most one: followed into the message that it writes. */
export class RunningTurn {
  readonly entry = signal<Entry | undefined>(undefined)
  readonly isRunning = computed(() => this.entry.value !== undefined)
  readonly connection = signal<Connection>('connected')
  /** What a screen reader is told. */
  readonly announcement = signal('')
  readonly #parts: RunningTurnParts
  /** The message that was to be stopped before the server had told of its turn. */
  #unwanted: Entry | undefined

  constructor(parts: RunningTurnParts) {
    this.#parts = parts
  }

  /** What a stream of events is asked for with. */
  following() {
    return {
      signal: this.#parts.leaving,
      onConnection: (connection: Connection) => {
        this.connection.value = connection
      },
    }
  }

  /** Stops the turn that runs, or that is about to, as soon as it has begun; what has come stays. */
  stop() {
    const entry = this.entry.peek()
    const turnId = entry?.live.peek()?.turnId
    if (turnId === undefined) this.#unwanted = entry
    else this.#parts.cancel(turnId)
  }

  /**
   * Follows a turn to its end.
   * @param onTurn told when it has begun, before its message is shown
   * @throws EaselError
   */
  async follow(
    events: AsyncIterable<TurnEvent>,
    model: Entry,
    onTurn: (event: TurnEvent & { type: 'turn' }) => void = () => undefined,
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
        this.#parts.onBegin(event.conversation_id)
        if (this.#unwanted === model) this.#parts.cancel(event.turn_id)
      } else if (event.type === 'done') {
        frame.flush()
        this.#finish(model, event.message)
      } else frame.request()
    }
  }

  /** Goes on following a turn that somebody began elsewhere, or before a reload. */
  async goOn(last: Entry, turnId: string): Promise<void> {
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
      this.entry.value = last
    })
    try {
      await this.follow(this.#parts.easel.turns.events(turnId, this.following()), last)
    } catch (thrown) {
      if (!isAbort(thrown, this.#parts.leaving)) this.fail(last, this.#parts.known(thrown))
    } finally {
      this.leave(last)
    }
  }

  /** It is no longer followed, however it ended. */
  leave(model: Entry) {
    if (this.entry.peek() === model) this.entry.value = undefined
    if (this.#unwanted === model) this.#unwanted = undefined
    this.connection.value = 'connected'
  }

  /** It broke off after it had begun: what has come stays, with what was the matter. */
  fail(model: Entry, error: EaselError) {
    const live = model.live.peek()
    batch(() => {
      model.message.value = {
        ...model.message.peek(),
        text: live?.text ?? model.message.peek().text,
        state: 'failed',
        error: problemIn(error),
      }
      this.announcement.value = texts.status.failed
    })
  }

  #finish(model: Entry, message: Message) {
    batch(() => {
      model.message.value = message
      if (this.entry.peek() === model) this.entry.value = undefined
      this.announcement.value = sayEnd(message)
    })
    this.#parts.onEnd(message)
  }
}

/** An error of the page as a message bears one. */
export function problemIn(error: EaselError): NonNullable<Message['error']> {
  return {
    status: 'error',
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
