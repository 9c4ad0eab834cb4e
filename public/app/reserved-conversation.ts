import type { Conversation } from '../../server/contract/conversations.ts'
import { EaselError } from '../sdk/easel-error.ts'
import type { Easel } from '../sdk/easel.ts'

/** A conversation that is made for a first message, which may yet be refused. */
export class ReservedConversation {
  readonly #easel: Easel
  #id: string | undefined

  constructor(easel: Easel) {
    this.#easel = easel
  }

  /**
   * The id of the one that was made before, or of a new one.
   * @param onMade told of a new one
   * @throws EaselError
   */
  async make(onMade: (made: Conversation) => void, signal: AbortSignal): Promise<string> {
    if (this.#id !== undefined) return this.#id
    const made = await this.#easel.conversations.create({}, { signal })
    this.#id = made.id
    onMade(made)
    return made.id
  }

  /** Removes it again, so that none without a message is left. False when there is none. */
  takeBack(): boolean {
    const id = this.#id
    if (id === undefined) return false
    this.#id = undefined
    void this.#remove(id)
    return true
  }

  async #remove(id: string): Promise<void> {
    const { conversations } = this.#easel
    try {
      const { message_count, active_turn_id } = await conversations.get(id)
      if (message_count === 0 && !active_turn_id) await conversations.delete(id)
    } catch (thrown) {
      if (!(thrown instanceof EaselError)) throw thrown
      this.#id ??= id
    }
  }
}
