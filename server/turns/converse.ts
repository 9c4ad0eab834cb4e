import { chooseImages } from '../contract/choose-images.ts'
import { Problem, asProblem } from '../errors.ts'
import { isModelGone } from '../providers/model-gone.ts'
import type { Model, PromptMessage, Spent } from '../providers/provider.ts'
import { nothingSpent } from '../providers/provider.ts'
import { forecastText, forecastTokens, settledCost } from '../quotas/prices.ts'
import type { ImageRow } from '../store/image-row.ts'
import type { SpokenMessage } from '../store/messages.ts'
import { chatPrompt } from './chat-prompt.ts'
import { settleSurely } from './ledger-writes.ts'
import { promptWindow } from './gather-context.ts'
import { lookAt } from './see-images.ts'
import { summaryIsDue } from './summarize.ts'
import {
  emptyOutcome,
  TurnStopped,
  type ReservedCall,
  type Turn,
  type TurnOutcome,
  type TurnParts,
  type TurnRun,
} from './turn.ts'

/**
 * A plain answer: what was said, and the pictures that the model may see, go to the chat model; its words
 * are passed on as they arrive. The call leaves while the claim is still on its way to the disk: what comes back is
 * shown to nobody before it is there, and a claim that cannot be brought there stops the call.
 * @throws Problem of the provider; the signal's reason.
 */
export async function converse(parts: TurnParts, run: TurnRun): Promise<TurnOutcome> {
  const { turn } = run
  const call = turn.calls[0]
  if (!call) throw new Error('a chat turn without a reserved call')
  const prompt = await preparePrompt(parts, turn, call.model)
  run.publish({
    type: 'context',
    summary: prompt.usedSummary,
    messages: prompt.usedMessages,
    deep: false,
    memory_pad: turn.conversation.memoryPad !== '',
    characters: prompt.characters,
  })
  const outcome = await writeSurely(parts, run, call, prompt.messages)
  const branch = [answerOf(turn, run.text), ...prompt.recent]
  return { ...outcome, mayNeedSummary: summaryIsDue(branch) }
}

/** By the model that was asked for; where that is no longer offered, by the one that takes its place. */
async function writeSurely(
  parts: TurnParts,
  run: TurnRun,
  call: ReservedCall,
  messages: readonly PromptMessage[],
): Promise<TurnOutcome> {
  try {
    return await write(parts, run, call, messages)
  } catch (thrown) {
    const next = isModelGone(thrown) ? parts.catalogue.replacementOf(call.model) : undefined
    if (!next || run.signal.aborted) throw thrown
    const outcome = await write(parts, run, reserveAgain(parts, run.turn, call, next), messages)
    return { ...outcome, warning: `${call.model.id} is no longer offered; ${next.id} answered instead.` }
  }
}

function answerOf({ modelMessageId }: Turn, text: string): SpokenMessage {
  return { id: modelMessageId, sender: 'model', kind: 'chat', text, state: 'complete', summary: null }
}

async function preparePrompt(parts: TurnParts, turn: Turn, model: Model) {
  const { messages, images } = parts.store
  const recent = messages.pathToSummary(turn.conversation.id, turn.userMessageId, promptWindow)
  const ids = recent.map((message) => message.id)
  const generated = images.byMessages(ids)
  const attached = images.attachmentsOf(ids)
  const pinned = turn.ask.pin
    .map((id) => images.byId(turn.userId, id))
    .filter((image): image is ImageRow => image !== undefined)
  const chosen = model.sees ? chooseImages(recent, generated, attached, pinned, turn.ask) : []
  const seen = chosen.length === 0 ? [] : await lookAt(parts, chosen)
  const { memoryPad } = turn.conversation
  return { recent, ...chatPrompt({ recent, images: generated, attached, seen, memoryPad }) }
}

async function write(
  parts: TurnParts,
  run: TurnRun,
  call: ReservedCall,
  messages: readonly PromptMessage[],
): Promise<TurnOutcome> {
  const { clock } = parts
  const { turn, signal } = run
  let upstreamId: string | undefined
  let written = 0
  let end: Spent
  const forecast = (spent: Spent) =>
    forecastText(
      call.model,
      spent.promptTokens || forecastTokens(messages.map((message) => message.text).join('')),
      spent.completionTokens || Math.ceil(written / 4),
    )
  try {
    const writer = await parts.providers.writerOf(call.model)
    const answer = await writer.write({
      model: call.model.id,
      purpose: 'chat',
      messages,
      language: turn.ask.language,
      user: turn.userId,
      signal,
      onText(text) {
        written += text.length
        run.publish({ type: 'delta', text })
      },
      onUpstreamId(told) {
        upstreamId = told
        run.nameCall(call.id, told)
      },
    })
    await run.claimed
    end = answer.spent
    if (written === 0)
      throw new Problem('empty_response', 'The model answered nothing. Try again or choose another model.')
  } catch (thrown) {
    const wasStopped = signal.reason instanceof TurnStopped
    // The user is not charged for an answer that failed or was stopped; the provider may bill it all the same.
    await settleSurely(parts, call.id, {
      state: wasStopped ? 'cancelled' : 'failed',
      costMicro: 0,
      operatorMicro: upstreamId === undefined && written === 0 ? 0 : forecast(nothingSpent),
      promptTokens: 0,
      completionTokens: 0,
      errorCode: wasStopped ? null : asProblem(thrown).code,
      upstreamId,
      now: clock.now(),
    })
    throw thrown
  }
  const cost = settledCost(end, forecast(end))
  return {
    ...emptyOutcome,
    model: call.model.id,
    promptTokens: end.promptTokens,
    completionTokens: end.completionTokens,
    costMicro: cost,
    settlements: [
      {
        generationId: call.id,
        settlement: {
          state: 'complete',
          costMicro: cost,
          operatorMicro: 0,
          promptTokens: end.promptTokens,
          completionTokens: end.completionTokens,
          errorCode: null,
          upstreamId,
          now: clock.now(),
        },
      },
    ],
  }
}

function reserveAgain(parts: TurnParts, turn: Turn, gone: ReservedCall, model: Model): ReservedCall {
  const call = { id: parts.newId(), model, reservedMicro: gone.reservedMicro }
  parts.store.generations.reserve({
    id: call.id,
    userId: turn.userId,
    conversationId: turn.conversation.id,
    turnId: turn.id,
    kind: 'chat',
    provider: model.provider,
    model: model.id,
    state: 'running',
    position: 0,
    reservedMicro: call.reservedMicro,
    now: parts.clock.now(),
  })
  return call
}
