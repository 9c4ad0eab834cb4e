import { batch, signal } from '@preact/signals'
import type { AspectRatio } from '../../server/contract/images.ts'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import type { Easel, GenerateImage } from '../sdk/easel.ts'
import { pictureBlob } from './picture-blob.ts'

/** What the image dialog asks for; the context only counts where a conversation is open. */
export interface StudioForm {
  prompt: string
  model: string
  aspectRatio: AspectRatio | ''
  summary: boolean
  messages: boolean
  memoryPad: boolean
  deep: boolean
  history: number
  better: boolean
}

/** A picture that stands nowhere but in this page's memory. `url` is a blob: URL. */
interface StudioPicture {
  url: string
  extension: string
}

export interface StudioResult {
  pictures: readonly StudioPicture[]
  prompt: string
  refinedPrompt: string | null
  text: string
  warning: string | undefined
  /** ISO 8601 */
  madeAt: string
}

/** The image dialog's work. It lives longer than the dialog: closing that one loses nothing. */
export class ImageStudio {
  readonly form = signal<StudioForm>({
    prompt: '',
    model: '',
    aspectRatio: '',
    summary: false,
    messages: false,
    memoryPad: false,
    deep: false,
    history: 10,
    better: true,
  })
  readonly result = signal<StudioResult | undefined>(undefined)
  readonly failure = signal<EaselError | undefined>(undefined)
  /** Milliseconds of the epoch since which it paints. */
  readonly paintingSince = signal<number | undefined>(undefined)
  readonly #easel: Easel
  readonly #now: () => number
  readonly #onSessionEnd: () => void
  #painting: AbortController | undefined

  constructor(easel: Easel, now: () => number, onSessionEnd: () => void) {
    this.#easel = easel
    this.#now = now
    this.#onSessionEnd = onSessionEnd
  }

  change(part: Partial<StudioForm>) {
    this.form.value = { ...this.form.peek(), ...part }
  }

  async generate(conversationId: string | undefined): Promise<void> {
    if (this.#painting) return
    const painting = new AbortController()
    this.#painting = painting
    const form = this.form.peek()
    batch(() => {
      this.failure.value = undefined
      this.paintingSince.value = this.#now()
    })
    try {
      const answer = await this.#easel.generateImage(requestOf(form, conversationId), {
        signal: painting.signal,
      })
      this.clear()
      this.result.value = {
        pictures: answer.images.flatMap(kept),
        prompt: form.prompt,
        refinedPrompt: answer.refined_prompt,
        text: answer.text,
        warning: answer.warning,
        madeAt: new Date(this.#now()).toISOString(),
      }
    } catch (thrown) {
      if (isAbort(thrown, painting.signal)) return
      if (!(thrown instanceof EaselError)) throw thrown
      if (thrown.code === 'unauthenticated') this.#onSessionEnd()
      this.failure.value = thrown
    } finally {
      this.#painting = undefined
      this.paintingSince.value = undefined
    }
  }

  cancel() {
    this.#painting?.abort()
  }

  /** Lets the pictures go. A tab that shows one keeps it. */
  clear() {
    for (const picture of this.result.peek()?.pictures ?? []) URL.revokeObjectURL(picture.url)
    batch(() => {
      this.result.value = undefined
      this.failure.value = undefined
    })
  }
}

function requestOf(form: StudioForm, conversationId: string | undefined): GenerateImage {
  return {
    prompt: form.prompt,
    better_context: form.better,
    ...(form.model ? { model: form.model } : {}),
    ...(form.aspectRatio ? { aspect_ratio: form.aspectRatio } : {}),
    ...(conversationId === undefined
      ? {}
      : {
          conversation_id: conversationId,
          include_summary: form.summary,
          include_messages: form.messages,
          include_memory_pad: form.memoryPad,
          deep_context: form.deep,
          history_count: form.history,
        }),
  }
}

function kept(uri: string): StudioPicture[] {
  const blob = pictureBlob(uri)
  if (!blob) return []
  const extension = blob.type === 'image/jpeg' ? 'jpg' : blob.type.slice('image/'.length)
  return [{ url: URL.createObjectURL(blob), extension }]
}
