import { batch, signal } from '@preact/signals'
import type { Usage } from '../../server/contract/usage.ts'
import { EaselError } from '../sdk/easel-error.ts'
import type { Easel } from '../sdk/easel.ts'

/** What was used and spent, and what is left of what is allowed. */
export class Allowance {
  /** Undefined until it is known: a figure that may be wrong is not shown. */
  readonly usage = signal<Usage | undefined>(undefined)
  /** Why it is not known. */
  readonly unread = signal<EaselError | undefined>(undefined)
  readonly #easel: Easel
  readonly #onSessionEnd: () => void

  constructor(easel: Easel, onSessionEnd: () => void) {
    this.#easel = easel
    this.#onSessionEnd = onSessionEnd
  }

  /** Asks anew, as after everything that may have cost something. */
  async read(): Promise<void> {
    try {
      const usage = await this.#easel.usage()
      batch(() => {
        this.usage.value = usage
        this.unread.value = undefined
      })
    } catch (thrown) {
      if (!(thrown instanceof EaselError)) throw thrown
      batch(() => {
        this.usage.value = undefined
        this.unread.value = thrown
      })
      if (thrown.code === 'unauthenticated') this.#onSessionEnd()
    }
  }
}

/** How many pictures are left, and of how many in which time. */
export interface PicturesLeft {
  left: number
  of: number
  per: 'hour' | 'day' | 'month'
}

const spans = ['hour', 'day', 'month'] as const

/** The limit that is reached first; undefined where no number of pictures is limited. */
export function fewestLeft({ limits, remaining }: Usage): PicturesLeft | undefined {
  return spans
    .flatMap((per): PicturesLeft[] => {
      const of = limits[`per_${per}`]
      const left = remaining[`per_${per}`]
      return of === null || left === null ? [] : [{ left, of, per }]
    })
    .toSorted((one, other) => one.left - other.left)[0]
}
