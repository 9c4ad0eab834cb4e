import { batch, computed, signal } from '@preact/signals'
import type { GenerateImageAnswer } from '../../server/contract/generate-image.ts'
import type { AspectRatio, GeneratedImage } from '../../server/contract/images.ts'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import type { Easel, GenerateImage } from '../sdk/easel.ts'
import type { App } from './app.ts'
import { Attachments } from './attachments.ts'
import { pictureBlob } from './picture-blob.ts'

/** What the image dialog asks for; the context only counts where a conversation is open. */
export interface StudioForm {
  prompt: string
  model: string
  aspectRatio: AspectRatio | ''
  /** How many pictures, each painted by a request of its own. */
  count: number
  summary: boolean
  messages: boolean
  memoryPad: boolean
  deep: boolean
  history: number
  better: boolean
}

/** The most pictures at once, and the most that one starts from. */
export const mostPictures = 4
export const mostInputs = 4

/** A picture that the server keeps for a day, unless it is told to for longer. `url` is a blob: URL. */
export interface StudioPicture {
  id: string | undefined
  url: string
  /** In pixels, so that its place is there before it is drawn. */
  width: number | undefined
  height: number | undefined
  extension: string
  place: 'nowhere' | 'gallery' | 'conversation'
}

export interface StudioResult {
  pictures: readonly StudioPicture[]
  prompt: string
  /** Of each painting that was refined, without repetition. */
  refinedPrompts: readonly string[]
  texts: readonly string[]
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
    count: 1,
    summary: false,
    messages: false,
    memoryPad: false,
    deep: false,
    history: 10,
    better: true,
  })
  /** Pictures to start from: brought along, and chosen from the gallery. */
  readonly uploads: Attachments
  readonly chosen = signal<readonly GeneratedImage[]>([])
  readonly inputs = computed(() => this.chosen.value.length + this.uploads.items.value.length)
  readonly result = signal<StudioResult | undefined>(undefined)
  readonly failure = signal<EaselError | undefined>(undefined)
  /** Since when it paints, in milliseconds of the epoch, and which one of how many. */
  readonly painting = signal<{ since: number; index: number; total: number } | undefined>(undefined)
  readonly #easel: Easel
  readonly #now: () => number
  readonly #onSessionEnd: () => void
  readonly #onPainted: () => void
  #work: AbortController | undefined

  constructor(easel: Easel, now: () => number, onSessionEnd: () => void, onPainted: () => void) {
    this.#easel = easel
    this.#now = now
    this.#onSessionEnd = onSessionEnd
    this.#onPainted = onPainted
    this.uploads = new Attachments(easel, now)
  }

  change(part: Partial<StudioForm>) {
    this.form.value = { ...this.form.peek(), ...part }
  }

  /** Chooses a picture of the gallery to start from, or lets go of it. */
  choose(image: GeneratedImage) {
    const chosen = this.chosen.peek()
    if (chosen.some((one) => one.id === image.id)) {
      this.chosen.value = chosen.filter((one) => one.id !== image.id)
    } else if (this.inputs.peek() < mostInputs) this.chosen.value = [...chosen, image]
  }

  /** Paints the pictures one after the other; each is shown as soon as it is there. */
  async generate(conversationId: string | undefined): Promise<void> {
    if (this.#work) return
    const work = new AbortController()
    this.#work = work
    const form = this.form.peek()
    const request = requestOf(form, this.#inputIds(), conversationId)
    let isFirst = true
    this.failure.value = undefined
    try {
      for (let index = 1; index <= form.count; index += 1) {
        this.painting.value = { since: this.#now(), index, total: form.count }
        const answer = await this.#easel.generateImage(request, { signal: work.signal })
        const pictures = await Promise.all(
          answer.images.map((uri, place) => shown(uri, answer.image_ids[place])),
        )
        if (isFirst) this.clear()
        isFirst = false
        this.#add(form.prompt, answer, pictures)
        this.#onPainted()
      }
    } catch (thrown) {
      if (isAbort(thrown, work.signal)) return
      if (!(thrown instanceof EaselError)) throw thrown
      if (thrown.code === 'unauthenticated') this.#onSessionEnd()
      this.failure.value = thrown
    } finally {
      this.#work = undefined
      this.painting.value = undefined
    }
  }

  cancel() {
    this.#work?.abort()
  }

  /**
   * Keeps a picture in the gallery for good.
   * @throws EaselError
   */
  async keep(picture: StudioPicture): Promise<void> {
    if (picture.id === undefined) return
    await this.#easel.images.patch(picture.id, { kept: true })
    this.#place(picture.id, 'gallery')
  }

  /**
   * Puts a picture at the end of a conversation.
   * @throws EaselError
   */
  async insert(picture: StudioPicture, conversationId: string): Promise<void> {
    if (picture.id === undefined) return
    await this.#easel.conversations.addImage(conversationId, picture.id)
    this.#place(picture.id, 'conversation')
  }

  /** Lets the pictures go. A tab that shows one keeps it. */
  clear() {
    for (const picture of this.result.peek()?.pictures ?? []) URL.revokeObjectURL(picture.url)
    batch(() => {
      this.result.value = undefined
      this.failure.value = undefined
    })
  }

  #inputIds(): string[] {
    const uploaded = this.uploads.items.peek().flatMap((item) => item.upload.peek()?.id ?? [])
    return [...this.chosen.peek().map((image) => image.id), ...uploaded].slice(0, mostInputs)
  }

  #add(prompt: string, answer: GenerateImageAnswer, pictures: readonly StudioPicture[][]) {
    const before = this.result.peek()
    const refined = answer.refined_prompt === null ? [] : [answer.refined_prompt]
    const said = answer.text === '' ? [] : [answer.text]
    this.result.value = {
      pictures: [...(before?.pictures ?? []), ...pictures.flat()],
      prompt,
      refinedPrompts: [...new Set([...(before?.refinedPrompts ?? []), ...refined])],
      texts: [...new Set([...(before?.texts ?? []), ...said])],
      warning: answer.warning ?? before?.warning,
      madeAt: new Date(this.#now()).toISOString(),
    }
  }

  #place(id: string, place: StudioPicture['place']) {
    const result = this.result.peek()
    if (!result) return
    this.result.value = {
      ...result,
      pictures: result.pictures.map((one) => (one.id === id ? { ...one, place } : one)),
    }
  }
}

const studios = new WeakMap<App, { userId: string; studio: ImageStudio }>()

/** The studio of who is here; it goes with its user. */
export function studioOf(app: App): ImageStudio {
  const session = app.session.peek()
  const userId = session.state === 'user' ? session.user.id : ''
  const known = studios.get(app)
  if (known?.userId === userId) return known.studio
  known?.studio.cancel()
  known?.studio.clear()
  const studio = new ImageStudio(
    app.easel,
    app.now,
    () => app.endSession(),
    () => void app.allowance.read(),
  )
  studios.set(app, { userId, studio })
  return studio
}

function requestOf(
  form: StudioForm,
  inputs: readonly string[],
  conversationId: string | undefined,
): GenerateImage {
  return {
    prompt: form.prompt,
    better_context: form.better,
    ...(form.model ? { model: form.model } : {}),
    ...(form.aspectRatio ? { aspect_ratio: form.aspectRatio } : {}),
    ...(inputs.length > 0 ? { input_images: [...inputs] } : {}),
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

async function shown(uri: string, id: string | undefined): Promise<StudioPicture[]> {
  const blob = pictureBlob(uri)
  if (!blob) return []
  const extension = blob.type === 'image/jpeg' ? 'jpg' : blob.type.slice('image/'.length)
  const url = URL.createObjectURL(blob)
  return [{ id, url, ...(await sizeOf(url)), extension, place: 'nowhere' }]
}

/** A picture's size; nothing for one that the browser cannot read, which then shows its alternative text. */
async function sizeOf(url: string): Promise<Pick<StudioPicture, 'width' | 'height'>> {
  const image = new Image()
  image.src = url
  try {
    await image.decode()
    return { width: image.naturalWidth, height: image.naturalHeight }
  } catch {
    return { width: undefined, height: undefined }
  }
}
