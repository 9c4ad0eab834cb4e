import type { Plan } from '../commands/command.ts'
import type { NewGeneration } from '../store/generations.ts'
import type { ConversationRow } from '../store/conversations.ts'
import { forecastImage, forecastText, forecastTokens } from '../quotas/prices.ts'
import type { Model } from '../providers/provider.ts'
import type { TurnClaim } from '../store/turns.ts'
import { wordsIn } from '../texts/words.ts'
import { promptBudgetTokens } from './chat-prompt.ts'
import type { LiveTurn } from './live-turn.ts'
import { noteOnPad } from './note-on-pad.ts'
import type { Runner } from './runner.ts'
import type { ReservedCall, Turn, TurnAsk, TurnParts } from './turn.ts'

/** What an answer is reserved for, tokens; what it really took is settled. */
const forecastAnswerTokens = 1000

export interface TurnWish {
  /** Of the request that began it: what goes wrong is told under it. */
  requestId: string
  userId: string
  conversation: ConversationRow
  ask: TurnAsk
  /** A new message of the user's after `parentId`, or an earlier one that is answered once more. */
  userMessage: { text: string; parentId: string | null } | { id: string }
  idempotency: { key: string; bodyHash: string } | undefined
}

/**
 * Decides which models a turn will call, writes its claim and starts it.
 * @throws Problem `missing_api_key`, `invalid_request` (models, a full memory pad), `content_policy`,
 * `turn_in_progress`, `shutting_down`; nothing was stored then.
 */
export function startTurn(parts: TurnParts, runner: Runner, wish: TurnWish): LiveTurn {
  const { newId, clock } = parts
  const { ask, conversation, userId } = wish
  const now = clock.now()
  const id = newId()
  const isNew = 'text' in wish.userMessage
  const userMessageId = 'text' in wish.userMessage ? newId() : wish.userMessage.id
  const modelMessageId = newId()
  const { plan } = ask
  if (plan.kind === 'image') parts.contentFilter(plan.prompt)
  if (plan.kind === 'memory' && plan.note !== undefined)
    noteOnPad(conversation.memoryPad, plan.note, wordsIn(ask.language))
  const calls = reserveCalls(parts, conversation, ask)
  const { requestId } = wish
  const turn: Turn = {
    id,
    requestId,
    userId,
    conversation,
    userMessageId,
    modelMessageId,
    ask,
    calls,
    startedAt: now,
  }
  const message = { conversationId: conversation.id, turnId: id, kind: plan.kind, now }
  const claim: TurnClaim = {
    id,
    conversationId: conversation.id,
    userId,
    kind: plan.kind,
    request: JSON.stringify(ask),
    userMessage:
      'text' in wish.userMessage
        ? {
            ...message,
            id: userMessageId,
            parentId: wish.userMessage.parentId,
            sender: 'user',
            text: wish.userMessage.text,
            model: null,
            state: 'complete',
          }
        : undefined,
    userMessageId,
    attachmentIds: isNew ? ask.attachments : [],
    modelMessage: {
      ...message,
      id: modelMessageId,
      parentId: userMessageId,
      sender: 'model',
      text: '',
      model: calls[0]?.model.id ?? null,
      state: 'streaming',
    },
    generations: calls.map((call, position) => reservation(call, position, turn, plan, now)),
    idempotency: wish.idempotency,
    now,
  }
  return runner.start(turn, claim)
}

function reserveCalls(parts: TurnParts, conversation: ConversationRow, ask: TurnAsk): ReservedCall[] {
  const { catalogue, newId } = parts
  const { plan } = ask
  if (plan.kind === 'chat') {
    const model = catalogue.chatModel(ask.chatModel ?? conversation.chatModel)
    const tokens = Math.min(promptBudgetTokens, forecastTokens(plan.text) + 2000)
    return [{ id: newId(), model, reservedMicro: forecastText(model, tokens, forecastAnswerTokens) }]
  }
  if (plan.kind === 'image') {
    const model: Model = catalogue.imageModel(plan.model ?? conversation.settings.image_model)
    return Array.from({ length: plan.count }, () => ({
      id: newId(),
      model,
      reservedMicro: forecastImage(model),
    }))
  }
  if (plan.kind === 'model' && plan.model !== undefined) catalogue.chatModel(plan.model, 'messageText')
  return []
}

function reservation(
  call: ReservedCall,
  position: number,
  turn: Turn,
  plan: Plan,
  now: number,
): NewGeneration {
  return {
    id: call.id,
    userId: turn.userId,
    conversationId: turn.conversation.id,
    turnId: turn.id,
    kind: plan.kind,
    provider: call.model.provider,
    model: call.model.id,
    // A chat's call leaves at once; a picture's only after its prompt was written.
    state: plan.kind === 'chat' ? 'running' : 'reserved',
    position,
    reservedMicro: call.reservedMicro,
    now,
  }
}

/** The plan with what the conversation's settings add to it. */
export function withSettings(plan: Plan, { settings }: Pick<ConversationRow, 'settings'>): Plan {
  return plan.kind === 'image'
    ? { ...plan, aspectRatio: plan.aspectRatio ?? settings.aspect_ratio ?? undefined }
    : plan
}
