import { signal } from '@preact/signals'
import type { CommandDescription, ModelLists } from '../../server/contract/lists.ts'
import type { EaselError } from '../sdk/easel-error.ts'
import type { Easel } from '../sdk/easel.ts'

interface OffersParts {
  easel: Pick<Easel, 'commands' | 'models'>
  /** Reads, or tells why not. */
  orNothing: <Value>(
    read: () => Promise<Value>,
    onFailure: (error: EaselError) => void,
  ) => Promise<Value | undefined>
}

/** What the page offers to choose from: conveniences, without which one can still write and read. */
export class Offers {
  readonly commands = signal<readonly CommandDescription[]>([])
  readonly models = signal<ModelLists | undefined>(undefined)
  /** Why the commands or the models could not be read. */
  readonly unread = signal<EaselError | undefined>(undefined)
  readonly #parts: OffersParts

  constructor(parts: OffersParts) {
    this.#parts = parts
  }

  async read(): Promise<void> {
    await Promise.all([this.#readCommands(), this.#readModels()])
  }

  /** Reads again what the server tells in the language that is asked for, where it was read before. */
  async readInLanguage(): Promise<void> {
    if (this.commands.peek().length > 0) await this.#readCommands()
  }

  /** Reads what is missing. */
  async readMissing(): Promise<void> {
    this.unread.value = undefined
    await Promise.all([
      this.models.peek() ? undefined : this.#readModels(),
      this.commands.peek().length > 0 ? undefined : this.#readCommands(),
    ])
  }

  async #readCommands(): Promise<void> {
    const { easel } = this.#parts
    this.commands.value = (await this.#tried(() => easel.commands())) ?? this.commands.peek()
  }

  async #readModels(): Promise<void> {
    const { easel } = this.#parts
    this.models.value = (await this.#tried(() => easel.models())) ?? this.models.peek()
  }

  #tried<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
    return this.#parts.orNothing(read, (error) => (this.unread.value = error))
  }
}
