import type { AspectRatio } from '../contract/images.ts'
import type { Language } from '../contract/language.ts'

/** What one call cost, as the provider told it; untrusted numbers, already checked to be finite and ≥ 0. */
export interface Spent {
  promptTokens: number
  completionTokens: number
  /** Micro-dollars; undefined when the provider did not say. */
  costMicro: number | undefined
  /** The provider's id of the call (OpenRouter: `gen-…`), to look its bill up later. */
  upstreamId: string | undefined
}

export const nothingSpent: Spent = {
  promptTokens: 0,
  completionTokens: 0,
  costMicro: undefined,
  upstreamId: undefined,
}

/** A picture that goes into a call: PNG, JPEG or WebP bytes, already scaled to what models use. */
export interface InputPicture {
  mime: 'image/png' | 'image/jpeg' | 'image/webp'
  bytes: Uint8Array
  /** What the picture shows, for writers that do not see. */
  description: string
}

export interface PromptMessage {
  role: 'system' | 'user' | 'assistant'
  text: string
  /** Only on the user's side: some providers refuse pictures on the assistant's. */
  pictures?: readonly InputPicture[]
}

export type WritePurpose = 'chat' | 'refine' | 'title' | 'summary' | 'extract' | 'describe'

export interface WriteRequest {
  /** The provider's own model id. */
  model: string
  /** Why the words are wanted; the offline writer answers each in its own way, paid ones ignore it. */
  purpose: WritePurpose
  messages: readonly PromptMessage[]
  /** For the provider's own words where the messages do not tell theirs; models follow the messages. */
  language?: Language
  temperature?: number
  maxTokens?: number
  /** A stable, opaque id of the end user. */
  user: string
  signal: AbortSignal
  /** Called with each piece of text as it arrives. */
  onText: (text: string) => void
  /** Called once, as soon as the provider's id of the call is known (headers or first chunk). */
  onUpstreamId?: (id: string) => void
}

/** How an answer ended that was complete and well-formed. */
export interface Written {
  spent: Spent
  finish: 'stop' | 'length'
}

/** A service that writes text. */
export interface Writer {
  /**
   * Streams an answer; resolves when it is complete. The text is told by a call and not as an async iterable,
   * whose promises cost as much per token as reading it does.
   * @throws Problem `openrouter_error` / `provider_error` with a `reason`, `empty_response`, `timeout`;
   * the signal's own reason when it was aborted.
   */
  write(request: WriteRequest): Promise<Written>
}

/** A checked picture that lies, synced, in a temporary file, not yet under its name. */
export interface SpooledPicture {
  /** Absolute path of the temporary file, in the folder where the picture will stand. */
  file: string
  /** Of the PNG bytes, lower-case hex. */
  sha256: string
  width: number
  height: number
  bytes: number
}

/** Takes one picture's bytes as they arrive. */
export interface PictureWriter {
  /** Takes decoded bytes in order and may keep no reference to them; resolves when more may follow. */
  write(bytes: Uint8Array): Promise<void> | undefined
  /**
   * Checks that the picture is whole, makes it PNG, syncs it to disk.
   * @throws Problem `bad_image`, `storage_full`
   */
  finish(): Promise<SpooledPicture>
  /** Throws everything away; safe to call at any time and more than once. */
  discard(): Promise<void>
}

/** Where a painter puts pictures while they arrive, so that none is ever whole in memory. */
export interface PictureSink {
  open(): PictureWriter
}

export interface PaintRequest {
  /** The provider's own model id. */
  model: string
  prompt: string
  aspectRatio: AspectRatio | undefined
  /** Pictures to change or to take as a model, the first one first. */
  inputs: readonly InputPicture[]
  maxTokens: number
  /** For what the painter itself says beside its pictures; models follow the prompt. */
  language?: Language
  user: string
  signal: AbortSignal
  sink: PictureSink
  onUpstreamId?: (id: string) => void
  /** Called when the provider begins to answer with a picture. */
  onReceiving?: () => void
}

export interface PaintAnswer {
  /** Empty when the provider answered with words only. */
  pictures: SpooledPicture[]
  /** What the provider said beside the pictures; may be empty. */
  text: string
  /** The prompt as the provider rewrote it, where it tells. */
  revisedPrompt: string | undefined
  /** Why there is no picture, where the provider tells that it refused. */
  refused: boolean
  spent: Spent
}

/** A service that paints. */
export interface Painter {
  /**
   * Paints once. A paid request is never sent again on its own once a byte of it was sent.
   * @throws Problem `openrouter_error` / `provider_error` with a `reason`, `empty_response`, `bad_image`, `timeout`;
   * the signal's own reason when it was aborted. Whatever was spooled is discarded before it throws.
   */
  paint(request: PaintRequest): Promise<PaintAnswer>
  /** The shape that suits a prompt, for a painter that chooses one when none is asked for. */
  shapeOf?(prompt: string): AspectRatio
}

/** One entry of the model catalogue. Names are data: nothing else in the code knows a model by name. */
export interface Model {
  id: string
  name: string
  provider: ProviderName
  aliases: readonly string[]
  /** What it gives and takes. */
  paints: boolean
  writes: boolean
  sees: boolean
  notes: string
  /** Micro-dollars an image, or undefined when unknown. */
  imagePriceMicro: number | undefined
  /** Micro-dollars per million tokens. */
  promptPriceMicro: number | undefined
  completionPriceMicro: number | undefined
  /** The id to go on to when this one is gone. */
  replacement: string | undefined
}

export type ProviderName = 'openrouter' | 'openai' | 'runware' | 'offline'

/** Everything one configured service can do. */
export interface Provider {
  name: ProviderName
  writer: Writer | undefined
  painter: Painter | undefined
  /** The models that it offers at this moment; asked again now and then. Undefined: only the built-in list. */
  listModels?: (signal: AbortSignal) => Promise<Model[]>
  /** Lets go of its connections. */
  close?: () => Promise<void>
}
