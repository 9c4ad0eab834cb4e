import { batch, signal } from '@preact/signals'
import { chooseImages } from '../../server/contract/choose-images.ts'
import type { Attachment } from '../../server/contract/images.ts'
import type { Message } from '../../server/contract/messages.ts'

/** A picture that the model can be shown: one that was made, or one the user attached. */
export type Seeable = Attachment & { number?: number | null }

/** One picture in the strip. */
export interface Seen {
  picture: Seeable
  /** Goes with the next message. */
  shown: boolean
  /** Goes with every message, also when it stands further up. */
  pinned: boolean
}

/** Which pictures of the conversation the model looks at with the next message: the rule, and what the user changed. */
export class SeenPictures {
  readonly pinned = signal<readonly Seeable[]>([])
  /** Left out, with the pictures themselves, so that they can be ticked again. */
  readonly dropped = signal<readonly Seeable[]>([])

  /** Takes up what was pinned and left out before. */
  restore({ pinned, dropped }: { pinned: readonly Seeable[]; dropped: readonly Seeable[] }) {
    batch(() => {
      this.pinned.value = pinned
      this.dropped.value = dropped
    })
  }

  toggle(picture: Seeable) {
    this.dropped.value = toggled(this.dropped.peek(), picture)
  }

  pin(picture: Seeable) {
    this.pinned.value = toggled(this.pinned.peek(), picture)
    // What is pinned is wanted in sight.
    this.dropped.value = this.dropped.peek().filter((one) => one.id !== picture.id)
  }

  /**
   * The strip for the next message.
   * @param messages of the branch, oldest first
   * @param attached to the next message; they take places, and show themselves elsewhere
   */
  strip(messages: readonly Message[], attached: readonly Attachment[]): Seen[] {
    const pinned = this.pinned.value
    const dropped = this.dropped.value
    const choose = (drop: readonly string[]) => chosen(messages, attached, pinned, drop)
    const shown = choose(dropped.map(({ id }) => id))
    const left = choose([]).filter(
      (picture) => !shown.includes(picture) && dropped.some((one) => one.id === picture.id),
    )
    const place = new Map([...shown, ...choose([])].map((picture, index) => [picture.id, index]))
    return [...shown, ...left]
      .toSorted((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0))
      .filter((picture) => !attached.some((own) => own.id === picture.id))
      .map((picture) => ({
        picture,
        shown: shown.includes(picture),
        pinned: pinned.some((one) => one.id === picture.id),
      }))
  }

  /** What is said with the next message; nothing where the rule is left to itself. */
  context(): { pin: string[]; drop: string[] } | undefined {
    const pin = this.pinned.peek().map(({ id }) => id)
    const drop = this.dropped.peek().map(({ id }) => id)
    return pin.length + drop.length === 0 ? undefined : { pin, drop }
  }
}

/** The id that the next message has until the server gives it one. */
const next = { id: 'next', sender: 'user' } as const

function chosen(
  messages: readonly Message[],
  attached: readonly Attachment[],
  pinned: readonly Seeable[],
  drop: readonly string[],
): Seeable[] {
  const generated = new Map<string, readonly Seeable[]>(
    messages.map((message) => [message.id, message.generated_images]),
  )
  const own = new Map<string, readonly Seeable[]>([
    ...messages.map((message) => [message.id, message.attachments] as const),
    [next.id, attached],
  ])
  return chooseImages([next, ...messages.toReversed()], generated, own, pinned, { drop })
}

function toggled(pictures: readonly Seeable[], picture: Seeable): readonly Seeable[] {
  const others = pictures.filter((one) => one.id !== picture.id)
  return others.length < pictures.length ? others : [...pictures, picture]
}
