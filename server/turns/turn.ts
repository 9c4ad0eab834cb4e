import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Plan } from '../commands/command.ts'
import type { AspectRatio } from '../contract/images.ts'
import type { Language } from '../contract/language.ts'
import type { TurnEvent } from '../contract/turns.ts'
import type { NewId } from '../ids.ts'
import type { Catalogue } from '../providers/catalogue.ts'
import type { Model, Painter, Writer } from '../providers/provider.ts'
import type { ContentFilter } from '../quotas/content-filter.ts'
import type { ConversationRow } from '../store/conversations.ts'
import type { Settlement } from '../store/generations.ts'
import type { NewImage } from '../store/image-row.ts'
import type { Store } from '../store/store.ts'
import type { Pictures } from './pictures.ts'

/** What a turn was asked to do: all that is needed to do it again. Kept with the turn. */
export interface TurnAsk {
  plan: Plan
  /** The chat model that the message named, if it named one. */
  chatModel: string | undefined
  attachments: readonly string[]
  /** Images that must, and that must not, be shown to the model this turn. */
  pin: readonly string[]
  drop: readonly string[]
  /** What the server's own words are said in. */
  language: Language
}

/** A call whose ledger row was written together with the turn. */
export interface ReservedCall {
  id: string
  model: Model
  reservedMicro: number
}

/** A claimed turn, as its steps see it. */
export interface Turn {
  id: string
  /** The request that began it, for the log and for the error that its stream carries. */
  requestId: string
  userId: string
  conversation: ConversationRow
  userMessageId: string
  modelMessageId: string
  ask: TurnAsk
  /** In the order of the pictures; one for a chat; none for a command that asks nobody. */
  calls: readonly ReservedCall[]
  startedAt: number
}

/** A turn while its steps run: what they work for, when they stop, and whom they tell. */
export interface TurnRun {
  readonly turn: Turn
  /** Aborted with a TurnStopped, or with why the claim did not reach the disk. */
  readonly signal: AbortSignal
  /**
   * Resolves when the claim is on the disk: no picture is paid for before, and nothing is shown. When it cannot be
   * brought there it rejects, and the signal is aborted for the same reason.
   */
  readonly claimed: Promise<void>
  /** All that was written so far. */
  readonly text: string
  /** Numbers an event and tells it to the followers. */
  publish(event: TurnEvent): void
  /** Notes the provider's id of a call, so that its bill can be found should this process die meanwhile. */
  nameCall(generationId: string, upstreamId: string): void
}

/** The parts that a turn's steps work with. */
export interface TurnParts {
  store: Store
  catalogue: Catalogue
  providers: Providers
  pictures: Pictures
  contentFilter: ContentFilter
  clock: Clock
  newId: NewId
  log: Logger
}

/** The configured services, by what a model needs. */
export interface Providers {
  writerOf(model: Model): Promise<Writer>
  painterOf(model: Model): Promise<Painter>
  /** The shape that a model will give a picture for which none is asked, where that is known before. */
  shapeOf(model: Model, prompt: string): Promise<AspectRatio | undefined>
}

/** A picture that lies under its name but is not yet in the database. */
export interface PendingImage {
  image: NewImage
  index: number
  total: number
}

/** How a turn's steps ended; the runner records it in one transaction and tells the followers. */
export interface TurnOutcome {
  model: string | null
  warning: string | null
  /** What follows the pictures in the message, or stands for them where there are none. */
  words: string
  /** Pictures to record with the end of the turn. */
  images: readonly PendingImage[]
  settlements: readonly { generationId: string; settlement: Settlement }[]
  promptTokens: number
  completionTokens: number
  costMicro: number
  /** False where the steps have seen that the branch needs no new summary yet. */
  mayNeedSummary: boolean
}

export const emptyOutcome: TurnOutcome = {
  model: null,
  warning: null,
  words: '',
  images: [],
  settlements: [],
  promptTokens: 0,
  completionTokens: 0,
  costMicro: 0,
  mayNeedSummary: true,
}

/** Why a turn stopped before its end. The abort signal's reason. */
export class TurnStopped extends Error {
  override name = 'TurnStopped'
  readonly state: 'cancelled' | 'interrupted'
  constructor(state: 'cancelled' | 'interrupted') {
    super(`the turn was ${state}`)
    this.state = state
  }
}
