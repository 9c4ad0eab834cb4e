import { computed, signal, type Signal } from '@preact/signals'
import type { Upload } from '../../server/contract/images.ts'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import type { Easel } from '../sdk/easel.ts'
import { texts } from '../texts/texts.ts'
import type { KeptPicture } from './drafts.ts'

const types = new Set(['image/png', 'image/jpeg', 'image/webp'])
const largestBytes = 20 * 1024 * 1024
const mostAttachments = 10
export const acceptedTypes = [...types].join(',')

/** A picture that goes with the next message. */
export interface Attached {
  key: number
  name: string
  /** A blob: URL of the picture as it was chosen, or the server's preview. */
  preview: string
  progress: Signal<number>
  upload: Signal<Upload | undefined>
  /** When it was uploaded, in milliseconds of the epoch. */
  uploadedAt: number
  failure: Signal<string | undefined>
  abort: AbortController
}

let keys = 0
function nextKey(): number {
  keys += 1
  return keys
}

/** A picture as it is kept over a reload; none while it is on its way. */
export function keptFrom({ name, upload, uploadedAt }: Attached): KeptPicture[] {
  const arrived = upload.peek()
  return arrived ? [{ name, upload: arrived, at: uploadedAt }] : []
}

/** A kept picture, shown by the server's preview of it. */
export function attachedFrom({ name, upload, at }: KeptPicture): Attached {
  return {
    key: nextKey(),
    name,
    preview: `${upload.url}?w=256`,
    progress: signal(1),
    upload: signal<Upload | undefined>(upload),
    uploadedAt: at,
    failure: signal<string | undefined>(undefined),
    abort: new AbortController(),
  }
}

/** What of the pictures has arrived at the server. */
export function uploadsOf(items: readonly Attached[]): Upload[] {
  return items.flatMap((item) => item.upload.peek() ?? [])
}

/** The pictures as the user's message shows them until the server has answered. */
export function shownAttachments(items: readonly Attached[]) {
  return items.flatMap((item) => {
    const upload = item.upload.peek()
    return upload ? [{ ...upload, alt: item.name, thumbhash: null }] : []
  })
}

/** The pictures chosen for the next message; each is sent as soon as it is chosen. */
export class Attachments {
  readonly items = signal<readonly Attached[]>([])
  /** Why the last choice was not taken, in words. */
  readonly refused = signal<string | undefined>(undefined)
  readonly isBusy = computed(() =>
    this.items.value.some((item) => item.upload.value === undefined && item.failure.value === undefined),
  )
  readonly #easel: Easel
  readonly #now: () => number

  constructor(easel: Easel, now: () => number) {
    this.#easel = easel
    this.#now = now
  }

  add(files: Iterable<File>) {
    this.refused.value = undefined
    for (const file of files) {
      const refusal = this.#refusal(file)
      if (refusal === undefined) void this.#send(file)
      else this.refused.value = refusal
    }
  }

  remove(item: Attached) {
    item.abort.abort()
    this.refused.value = undefined
    URL.revokeObjectURL(item.preview)
    this.items.value = this.items.peek().filter((other) => other !== item)
  }

  /** Takes all pictures out, to go with a message. */
  take(): readonly Attached[] {
    const taken = this.items.peek()
    this.items.value = []
    this.refused.value = undefined
    return taken
  }

  /** Puts pictures back whose message was refused. */
  restore(items: readonly Attached[]) {
    this.items.value = [...items, ...this.items.peek()]
  }

  #refusal(file: File): string | undefined {
    if (!types.has(file.type)) return texts.composer.wrongType(file.name)
    if (file.size > largestBytes) return texts.composer.tooLarge(file.name)
    if (this.items.peek().length >= mostAttachments) return texts.composer.tooMany(mostAttachments)
    return undefined
  }

  async #send(file: File): Promise<void> {
    const item: Attached = {
      key: nextKey(),
      name: file.name,
      preview: URL.createObjectURL(file),
      progress: signal(0),
      upload: signal<Upload | undefined>(undefined),
      uploadedAt: 0,
      failure: signal<string | undefined>(undefined),
      abort: new AbortController(),
    }
    this.items.value = [...this.items.peek(), item]
    try {
      const upload = await this.#easel.upload(file, {
        name: file.name,
        signal: item.abort.signal,
        onProgress: (done) => {
          item.progress.value = done
        },
      })
      item.uploadedAt = this.#now()
      item.upload.value = upload
    } catch (thrown) {
      if (isAbort(thrown, item.abort.signal)) return
      if (!(thrown instanceof EaselError)) throw thrown
      item.failure.value = thrown.message
      this.refused.value = `${file.name}: ${thrown.message}`
    }
  }
}
