import type { Message } from '../contract/messages.ts'
import type { EventError, TurnEvent } from '../contract/turns.ts'
import { pictureMarkdown } from '../images/present-image.ts'
import type { NamedCall, TurnProgress, TurnSteps } from '../store/turns.ts'
import { TurnStopped, type Turn, type TurnRun } from './turn.ts'

/** What a running turn tells whoever follows it: new frames, or its end. */
export interface Follower {
  /** There are frames beyond those that were read. Called once for all that were published in one go. */
  wake(): void
}

/** So much is handed out at once, characters, where a single frame is not longer. */
export const portion = 256 * 1024

/**
 * A turn while it runs here: its stream so far, numbered and ready to send, and what has not been saved
 * yet. It knows neither HTTP nor the database.
 */
export class LiveTurn implements TurnRun {
  readonly turn: Turn
  readonly claimed: Promise<void>
  readonly #abort = new AbortController()
  readonly #followers = new Set<Follower>()
  #frames: string[] = []
  #savedFrames = 0
  #text = ''
  #savedText = 0
  #pictures: string[] = []
  #stage: string | null = null
  #percent = 0
  #label: string | null = null
  #stepsChanged = false
  #calls: NamedCall[] = []
  #isHeldBack = true
  #wakeIsDue = false
  #ended = false
  #error: EventError | undefined
  #message: Message | undefined
  /** Resolves when no more events come: after `done`, or when the turn was let go. */
  readonly ended: Promise<void>
  #resolveEnded!: () => void

  /** @param claimed the claim's way to the disk; until `release` nothing is shown to followers. */
  constructor(turn: Turn, claimed: Promise<void>) {
    this.turn = turn
    this.claimed = claimed
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve
    })
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }
  /** Whether followers are shown anything yet. */
  get isShown(): boolean {
    return !this.#isHeldBack
  }
  get text(): string {
    return this.#text
  }
  /** URLs of the pictures whose Markdown stands in the text. */
  get pictures(): readonly string[] {
    return this.#pictures
  }
  /** How it ended, as it was told; undefined before, and where that could not be told. */
  get end(): { message: Message; error: EventError | undefined } | undefined {
    return this.#message && { message: this.#message, error: this.#error }
  }
  get hasEnded(): boolean {
    return this.#ended
  }
  get progress(): TurnSteps {
    return { stage: this.#stage, percent: this.#percent, label: this.#label }
  }

  stop(state: TurnStopped['state']): void {
    this.#abort.abort(new TurnStopped(state))
  }

  /** Ends the steps as failed. */
  fail(cause: unknown): void {
    this.#abort.abort(cause)
  }

  /** Numbers an event and hands it to the followers. */
  publish(event: TurnEvent): void {
    const id = this.#frames.length + 1
    if (event.type === 'delta') {
      this.#text += event.text
      // The hot path: one frame a token.
      this.#frames.push(`id: ${id}\nevent: delta\ndata: {"text":${JSON.stringify(event.text)}}\n\n`)
    } else {
      if (event.type === 'progress') this.#note(event)
      if (event.type === 'image') this.#pictures.push(event.url)
      this.#frames.push(eventFrame(id, event))
    }
    if (event.type === 'error') {
      const { type: _, ...error } = event
      this.#error = error
    }
    if (event.type === 'done') {
      this.#message = event.message
      this.#ended = true
      this.#resolveEnded()
    }
    this.#wakeSoon()
  }

  /** Takes pictures that were removed meanwhile out of the text; what was sent of them was sent. */
  dropPictures(urls: ReadonlySet<string>): void {
    for (const url of urls) this.#text = this.#text.replaceAll(pictureMarkdown(url), '')
    this.#pictures = this.#pictures.filter((url) => !urls.has(url))
  }

  nameCall(generationId: string, upstreamId: string): void {
    this.#calls.push({ generationId, upstreamId })
  }

  /** From now on followers are shown what was published. */
  release(): void {
    this.#isHeldBack = false
    this.#wakeSoon()
  }

  /** Ends the stream without `done`, which tells whoever follows to come back. */
  letGo(): void {
    this.#ended = true
    this.#resolveEnded()
    this.#wakeSoon()
  }

  /** The frames after an id, as one string to write; a follower that is far behind gets them in portions. */
  framesAfter(id: number): { text: string; lastId: number; isAll: boolean } {
    if (this.#isHeldBack) return { text: '', lastId: id, isAll: true }
    const all = this.#frames.length
    const newest = this.#frames[all - 1]
    // The hot path: one frame a token.
    if (id === all - 1 && newest !== undefined) return { text: newest, lastId: all, isAll: true }
    let lastId = id
    for (let size = 0; lastId < all && size < portion; lastId += 1) size += this.#frames[lastId]?.length ?? 0
    return { text: this.#frames.slice(id, lastId).join(''), lastId, isAll: lastId >= all }
  }

  follow(follower: Follower): () => void {
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }

  /** What has not been saved yet; undefined when everything is. Ask `saved` to take note once it is. */
  unsaved(): TurnProgress | undefined {
    if (this.#savedFrames === this.#frames.length) return undefined
    return {
      turnId: this.turn.id,
      messageId: this.turn.modelMessageId,
      text: this.#ended || this.#savedText === this.#text.length ? undefined : this.#text,
      steps: this.#stepsChanged ? this.progress : undefined,
      calls: this.#ended ? [] : this.#calls,
      events: {
        turnId: this.turn.id,
        firstId: this.#savedFrames + 1,
        lastId: this.#frames.length,
        body: this.#frames.slice(this.#savedFrames).join(''),
      },
    }
  }

  /** Everything up to now is in the database. */
  saved(): void {
    this.#savedFrames = this.#frames.length
    this.#savedText = this.#text.length
    this.#stepsChanged = false
    this.#calls = []
  }

  #note(event: Extract<TurnEvent, { type: 'progress' }>): void {
    this.#stepsChanged = true
    this.#stage = event.stage
    // Of several pictures the furthest counts: the turn's own percent never goes back.
    this.#percent = Math.max(this.#percent, event.percent)
    this.#label = event.label
  }

  /** Everything published in one go (what one read of the provider's socket brought) goes out in one write. */
  #wakeSoon(): void {
    if (this.#wakeIsDue || this.#isHeldBack || this.#followers.size === 0) return
    this.#wakeIsDue = true
    queueMicrotask(this.#wake)
  }

  readonly #wake = (): void => {
    this.#wakeIsDue = false
    for (const follower of this.#followers) follower.wake()
  }
}

/** One server-sent event (WHATWG HTML, section 9.2.6): number, name, one line of JSON. */
export function eventFrame(id: number, event: TurnEvent): string {
  const { type, ...data } = event
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
}
