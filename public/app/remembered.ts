/** What the user chose for this page in this browser, by name. */
export class Remembered {
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** Undefined where nothing was chosen. */
  read(name: string): string | undefined {
    return this.#storage.getItem(`easel.${name}`) ?? undefined
  }

  keep(name: string, value: string) {
    this.#storage.setItem(`easel.${name}`, value)
  }

  forget(name: string) {
    this.#storage.removeItem(`easel.${name}`)
  }
}
