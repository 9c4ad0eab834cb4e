import { batch } from '@preact/signals'
import type { Message } from '../../server/contract/messages.ts'
import { isAbort } from '../sdk/easel-error.ts'
import type { PaidOptions, SendMessage } from '../sdk/easel.ts'
import type { ConversationGround } from './conversation-ground.ts'
import { beginTurn, type Expected } from './live-turn.ts'
import { ReservedConversation } from './reserved-conversation.ts'
import { problemIn } from './running-turn.ts'
import type { Entry } from './shown-messages.ts'

interface SendingParts {
  ground: ConversationGround
  /** Shows the newest messages. @throws EaselError */
  readEnd: (id: string) => Promise<void>
  onSent: (id: string) => void
  onCreated: (id: string) => void
}

/** Sends messages in an open conversation, and asks for other answers to them. */
export class ConversationSending {
  readonly #ground: ConversationGround
  readonly #parts: SendingParts
  readonly #reserved: ReservedConversation

  constructor(parts: SendingParts) {
    this.#parts = parts
    this.#ground = parts.ground
    this.#reserved = new ReservedConversation(parts.ground.easel)
  }

  /**
   * Sends a message and follows its turn to the end.
   * @throws EaselError when it was refused before a turn began; the page is then as it was
   */
  async send(
    message: SendMessage,
    expected: Expected,
    attachments: Message['attachments'],
    paid: Pick<PaidOptions, 'idempotencyKey'>,
  ): Promise<void> {
    const { easel, id, conversation, shown, turn, reading, leaving, known } = this.#ground
    // What follows the end belongs below it; an edited message is an end of its own.
    const here = id.peek()
    if (here !== undefined && !shown.isAtEnd && message.parent_id === undefined)
      await this.#parts.readEnd(here)
    const before = shown.entries.peek()
    const newer = shown.newer.cursor.peek()
    const model = this.#answer(expected)
    const user =
      expected.kind === 'retry'
        ? undefined
        : shown.entry(this.#draft('user', message.messageText, attachments))
    batch(() => {
      shown.showEnding([...this.#above(message.parent_id), ...(user ? [user] : []), model])
      reading.value = 'ready'
      turn.entry.value = model
      if (here !== undefined) this.#parts.onSent(here)
    })
    try {
      const to = id.peek() ?? (await this.#reserved.make((made) => (conversation.value = made), leaving))
      const events = easel.sendMessage(to, message, { ...paid, ...turn.following() })
      await turn.follow(events, model, (event) => {
        if (user) user.message.value = event.user_message
        else shown.entries.value = [...shown.upTo(event.user_message.id), model]
        if (id.peek() === undefined) {
          id.value = to
          this.#parts.onCreated(to)
        }
      })
    } catch (thrown) {
      if (isAbort(thrown, leaving)) return
      if (hasBegun(model)) {
        turn.fail(model, known(thrown))
        return
      }
      batch(() => {
        shown.entries.value = before
        shown.newer.set(newer)
        if (before.length === 0 && id.peek() === undefined) reading.value = 'new'
      })
      const refusal = known(thrown)
      // Without an answer the message may have arrived; the next try goes to the same conversation.
      if (refusal.status !== 0 && id.peek() === undefined && this.#reserved.takeBack())
        conversation.value = undefined
      throw refusal
    } finally {
      turn.leave(model)
    }
  }

  /** Asks for another answer to the same message. */
  async answerAgain(entry: Entry): Promise<void> {
    const { easel, shown, turn, leaving, known } = this.#ground
    const turnId = entry.message.peek().turn_id ?? entry.live.peek()?.turnId
    if (!turnId || turn.isRunning.peek()) return
    const old = entry.message.peek()
    const before = shown.entries.peek()
    const newer = shown.newer.cursor.peek()
    const place = before.indexOf(entry)
    const first = old.generated_images[0]
    const model = this.#answer({
      kind: old.kind,
      prompt: first?.prompt ?? before[place - 1]?.message.peek().text.replace(/^\/\w+\s*/, '') ?? '',
      count: old.kind === 'image' ? Math.max(1, old.generated_images.length) : 0,
      aspectRatio: first ? `${first.width}:${first.height}` : undefined,
    })
    batch(() => {
      shown.showEnding([...before.slice(0, place), model])
      turn.entry.value = model
    })
    try {
      await turn.follow(easel.turns.retry(turnId, turn.following()), model)
    } catch (thrown) {
      if (isAbort(thrown, leaving)) return
      const error = known(thrown)
      if (hasBegun(model)) turn.fail(model, error)
      else {
        entry.message.value = { ...old, error: problemIn(error) }
        shown.entries.value = before
        shown.newer.set(newer)
      }
    } finally {
      turn.leave(model)
    }
  }

  /** What stands above a new message; one that is edited takes the place of the old one and of what followed it. */
  #above(parentId: string | null | undefined): readonly Entry[] {
    const { shown } = this.#ground
    if (parentId === undefined) return shown.entries.peek()
    return parentId === null ? [] : shown.upTo(parentId)
  }

  /** The answer that is expected, before its first word. */
  #answer(expected: Expected): Entry {
    const { shown, now } = this.#ground
    return shown.entry(this.#draft('model', '', []), beginTurn(expected, now()))
  }

  /** A message before the server has given it an id. */
  #draft(sender: 'user' | 'model', text: string, attachments: Message['attachments']): Message {
    const { id, now } = this.#ground
    return {
      id: '',
      conversation_id: id.peek() ?? '',
      parent_id: null,
      turn_id: null,
      sender,
      text,
      kind: 'chat',
      created_at: new Date(now()).toISOString(),
      state: sender === 'user' ? 'complete' : 'streaming',
      attachments,
      generated_images: [],
    }
  }
}

/** Whether the server has taken the message that this is the answer to. */
function hasBegun(model: Entry): boolean {
  return model.live.peek()?.turnId !== undefined
}
