/** What is being written, kept per user and conversation. */
export class Drafts {
  readonly #storage: Storage
  readonly #userId: string

  constructor(storage: Storage, userId: string) {
    this.#storage = storage
    this.#userId = userId
  }

  read(conversationId: string | undefined): string {
    return this.#storage.getItem(this.#key(conversationId)) ?? ''
  }

  write(conversationId: string | undefined, text: string) {
    if (text === '') this.#storage.removeItem(this.#key(conversationId))
    else this.#storage.setItem(this.#key(conversationId), text)
  }

  #key(conversationId: string | undefined): string {
    return `easel.draft.${this.#userId}.${conversationId ?? 'new'}`
  }
}
