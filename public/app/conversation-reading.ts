import { batch } from '@preact/signals'
import type { MessagePage } from '../../server/contract/messages.ts'
import { isAbort } from '../sdk/easel-error.ts'
import type { ConversationGround } from './conversation-ground.ts'
import type { ReadingEdge } from './reading-edge.ts'

/** Messages that a conversation opens with: several screens of them, and no more to draw than that. */
const newestMessages = 24

/** Reads an open conversation: its end, what is above and below, and the place of a message. */
export class ConversationReading {
  readonly #ground: ConversationGround

  constructor(ground: ConversationGround) {
    this.#ground = ground
  }

  /** Reads the newest messages and goes on following a turn that runs. */
  async read(): Promise<void> {
    const { id, shown, reading, leaving, known } = this.#ground
    const here = id.peek()
    if (here === undefined) return
    if (shown.entries.peek().length === 0) reading.value = 'loading'
    try {
      await this.readEnd(here)
    } catch (thrown) {
      if (isAbort(thrown, leaving)) return
      const error = known(thrown)
      reading.value = error.code === 'not_found' || error.code === 'invalid_request' ? 'missing' : error
    }
  }

  /** Takes in what happened to the conversation elsewhere, in another tab or on another device. */
  async catchUp(): Promise<void> {
    const { easel, id, conversation, shown, turn, leaving, known, learn } = this.#ground
    const here = id.peek()
    const reading = this.#ground.reading.peek()
    if (here === undefined || turn.isRunning.peek() || leaving.aborted) return
    if (reading !== 'ready') {
      // What failed before may be mended; what is missing stays missing.
      if (typeof reading === 'object') await this.read()
      return
    }
    try {
      const before = conversation.peek()
      const now = await easel.conversations.get(here, { signal: leaving })
      if (turn.isRunning.peek()) return
      const same =
        now.active_turn_id === null &&
        now.updated_at === before?.updated_at &&
        now.active_message_id === before.active_message_id
      // Somebody who reads further up is not torn away.
      if (same || !shown.isAtEnd) learn(now)
      else await this.read()
      shown.older.forgive()
      shown.newer.forgive()
    } catch (thrown) {
      if (!isAbort(thrown, leaving)) known(thrown)
    }
  }

  readOlder(): Promise<void> {
    const { shown } = this.#ground
    return this.#readOn(shown.older, 'before', (page) => {
      shown.showAbove(page)
      return page.next_cursor
    })
  }

  readNewer(): Promise<void> {
    const { shown } = this.#ground
    return this.#readOn(shown.newer, 'after', (page) => {
      shown.showBelow(page)
      return page.newer_cursor ?? null
    })
  }

  /** Shows the newest messages again. False when they could not be read. */
  async showEnd(): Promise<boolean> {
    const { id, shown, tried } = this.#ground
    const here = id.peek()
    if (here === undefined || shown.isAtEnd) return true
    return tried(() => this.readEnd(here))
  }

  /**
   * Sees that a message is on the page: reads it with what is around it, on the branch it stands on.
   * @param toBranch makes the branch of the message the one that is shown
   * @returns false when it is gone, or could not be read
   */
  async reach(messageId: string, toBranch: () => Promise<void>): Promise<boolean> {
    const { id, shown, tried } = this.#ground
    const here = id.peek()
    const isShown = () => shown.find(messageId) !== undefined
    if (here === undefined || isShown()) return here !== undefined
    await tried(async () => {
      await this.#readAround(here, messageId)
      if (isShown()) return
      await toBranch()
      await this.readEnd(here)
      if (!isShown()) await this.#readAround(here, messageId)
    })
    return isShown()
  }

  /**
   * Shows the newest messages of the branch that is shown, and goes on following a turn that runs.
   * @throws EaselError
   */
  async readEnd(id: string): Promise<void> {
    const { easel, shown, turn, reading, leaving, learn } = this.#ground
    const [conversation, page] = await Promise.all([
      easel.conversations.get(id, { signal: leaving }),
      easel.conversations.messages(id, { limit: newestMessages, signal: leaving }),
    ])
    batch(() => {
      learn(conversation)
      shown.showEnd(page)
      reading.value = 'ready'
    })
    const last = shown.entries.peek().at(-1)
    if (!conversation.active_turn_id || turn.isRunning.peek()) return
    if (last?.message.peek().sender === 'model') void turn.goOn(last, conversation.active_turn_id)
  }

  /** Shows a message and what is around it; nothing changes when it stands on no shown branch. */
  async #readAround(id: string, messageId: string): Promise<void> {
    const { easel, shown, leaving } = this.#ground
    const page = await easel.conversations.messages(id, { around: messageId, signal: leaving })
    if (page.items.length > 0) shown.showAround(page)
  }

  #readOn(
    edge: ReadingEdge,
    direction: 'before' | 'after',
    show: (page: MessagePage) => string | null,
  ): Promise<void> {
    const { easel, id, leaving, known } = this.#ground
    const here = id.peek()
    if (here === undefined) return Promise.resolve()
    const fetch = async (cursor: string) => {
      try {
        return await easel.conversations.messages(here, { [direction]: cursor, signal: leaving })
      } catch (thrown) {
        throw isAbort(thrown, leaving) ? thrown : known(thrown)
      }
    }
    return edge.read(fetch, show, leaving)
  }
}
