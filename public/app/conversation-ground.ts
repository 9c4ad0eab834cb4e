import type { Signal } from '@preact/signals'
import type { Conversation } from '../../server/contract/conversations.ts'
import type { EaselError } from '../sdk/easel-error.ts'
import type { Easel } from '../sdk/easel.ts'
import type { RunningTurn } from './running-turn.ts'
import type { ShownMessages } from './shown-messages.ts'

/** How reading the conversation stands; an error where it could not be read. */
export type Reading = 'new' | 'loading' | 'ready' | 'missing' | EaselError

/** What reading an open conversation and sending in it stand on. */
export interface ConversationGround {
  readonly easel: Easel
  readonly now: () => number
  /** Ends when the conversation is left. */
  readonly leaving: AbortSignal
  readonly id: Signal<string | undefined>
  readonly conversation: Signal<Conversation | undefined>
  readonly reading: Signal<Reading>
  readonly shown: ShownMessages
  readonly turn: RunningTurn
  /** Takes in a newer version of the conversation. */
  readonly learn: (conversation: Conversation) => void
  /** What was thrown, when it is of a kind that the page can say; anything else is thrown again. */
  readonly known: (thrown: unknown) => EaselError
  /** Does something whose failure nothing on the page shows by itself. False when it failed. */
  readonly tried: (work: () => Promise<unknown>) => Promise<boolean>
}
