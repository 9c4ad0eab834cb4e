import { batch, signal } from '@preact/signals'
import { EaselError, isAbort } from '../sdk/easel-error.ts'

/** One end of what is shown of a long list: where it goes on, and how reading on stands. */
export class ReadingEdge {
  /** Where to read on; null where nothing follows. */
  readonly cursor = signal<string | null>(null)
  readonly state = signal<'resting' | 'reading' | EaselError>('resting')

  /** Begins anew, at another place. */
  set(cursor: string | null) {
    batch(() => {
      this.cursor.value = cursor
      this.state.value = 'resting'
    })
  }

  /**
   * Reads what follows, once at a time; what came too late for the place it was meant for is left out.
   * @param fetch reads a page; `show` is given what it brought, and answers where the list goes on
   */
  async read<Page>(
    fetch: (cursor: string) => Promise<Page>,
    show: (page: Page) => string | null,
    signal: AbortSignal,
  ): Promise<void> {
    const cursor = this.cursor.peek()
    if (cursor === null || this.state.peek() === 'reading') return
    this.state.value = 'reading'
    try {
      const page = await fetch(cursor)
      if (this.cursor.peek() === cursor) batch(() => this.set(show(page)))
    } catch (thrown) {
      if (isAbort(thrown, signal)) return
      if (!(thrown instanceof EaselError)) throw thrown
      if (this.cursor.peek() === cursor) this.state.value = thrown
    }
  }

  /** Lets what failed be tried again. */
  forgive() {
    if (typeof this.state.peek() === 'object') this.state.value = 'resting'
  }
}
