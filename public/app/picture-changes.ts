import { signal } from '@preact/signals'
import type { GeneratedImage, ImagePatch } from '../../server/contract/images.ts'
import type { Easel } from '../sdk/easel.ts'

type Change = Pick<ImagePatch, 'starred' | 'alt'>

/** What the user changed on pictures since they were read, so that every place that shows one shows it. */
export class PictureChanges {
  readonly #easel: Easel
  readonly #changed = signal<ReadonlyMap<string, Change>>(new Map())

  constructor(easel: Easel) {
    this.#easel = easel
  }

  /** The picture as it is now. */
  latest(image: GeneratedImage): GeneratedImage {
    const { starred = image.starred, alt = image.alt } = this.#changed.value.get(image.id) ?? {}
    return { ...image, starred, alt }
  }

  /**
   * Changes a picture at once, and back when the server refuses.
   * @throws EaselError
   */
  async change(id: string, change: Change): Promise<void> {
    const before = this.#changed.peek().get(id)
    this.#set(id, { ...before, ...change })
    try {
      await this.#easel.images.patch(id, change)
    } catch (thrown) {
      this.#set(id, before ?? {})
      throw thrown
    }
  }

  #set(id: string, change: Change) {
    this.#changed.value = new Map(this.#changed.peek()).set(id, change)
  }
}
