import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { NewId } from '../ids.ts'
import type { Catalogue } from '../providers/catalogue.ts'
import type { InputPicture, Spent, WritePurpose } from '../providers/provider.ts'
import { nothingSpent } from '../providers/provider.ts'
import { Problem, asProblem } from '../errors.ts'
import { forecastText, forecastTokens, settledCost } from '../quotas/prices.ts'
import type { Store } from '../store/store.ts'
import { noteUpstreamId, settleSurely } from './ledger-writes.ts'
import type { Providers } from './turn.ts'

/** What a side question to the cheap model needs. */
export interface CheapParts {
  store: Store
  catalogue: Catalogue
  providers: Providers
  clock: Clock
  newId: NewId
  log: Logger
}

export interface CheapQuestion {
  purpose: Exclude<WritePurpose, 'chat'>
  system: string
  text: string
  pictures?: readonly InputPicture[]
  maxTokens: number
  temperature: number
  userId: string
  conversationId: string | null
  turnId: string | undefined
  /** The Idempotency-Key of the request that it is asked for, where that is no turn. */
  key?: string | undefined
  signal: AbortSignal
}

/**
 * Asks the cheap model one thing and waits for the whole answer, trimmed; it may be empty. The call stands
 * in the ledger like every other: reserved before, settled after.
 * @throws Problem as `Writer.write` does; the signal's reason when it was aborted.
 */
export async function askCheapModel(parts: CheapParts, question: CheapQuestion): Promise<string> {
  const { store, catalogue, clock } = parts
  const model = catalogue.cheapModel()
  const id = parts.newId()
  const forecast = forecastText(model, forecastTokens(question.system + question.text), question.maxTokens)
  store.togetherUnsynced(() => {
    if (question.key !== undefined) store.idempotency.noteSending(question.userId, question.key)
    store.generations.reserve({
      id,
      userId: question.userId,
      conversationId: question.conversationId,
      turnId: question.turnId ?? null,
      kind: question.purpose,
      provider: model.provider,
      model: model.id,
      state: 'running',
      position: 0,
      reservedMicro: forecast,
      now: clock.now(),
    })
  })
  let spent: Spent = nothingSpent
  let upstreamId: string | undefined
  let answer = ''
  try {
    await store.onDisk()
    const writer = await parts.providers.writerOf(model)
    const written = await writer.write({
      model: model.id,
      purpose: question.purpose,
      messages: [
        { role: 'system', text: question.system },
        { role: 'user', text: question.text, ...(question.pictures ? { pictures: question.pictures } : {}) },
      ],
      temperature: question.temperature,
      maxTokens: question.maxTokens,
      user: question.userId,
      signal: question.signal,
      onText(text) {
        answer += text
      },
      onUpstreamId(told) {
        upstreamId = told
        noteUpstreamId(parts, id, told)
      },
    })
    spent = written.spent
  } catch (cause) {
    const problem = asProblem(cause)
    // Whatever the provider bills for a call that failed is the operator's.
    await settleSurely(parts, id, {
      state: question.signal.aborted ? 'cancelled' : 'failed',
      costMicro: 0,
      operatorMicro: upstreamId === undefined ? 0 : forecast,
      promptTokens: 0,
      completionTokens: 0,
      errorCode: problem.code,
      upstreamId,
      now: clock.now(),
    })
    // An empty answer is an answer here: each caller knows what to do without one.
    if (cause instanceof Problem && cause.code === 'empty_response') return ''
    throw cause
  }
  await settleSurely(parts, id, {
    state: 'complete',
    costMicro: settledCost(spent, forecastText(model, spent.promptTokens, spent.completionTokens)),
    operatorMicro: 0,
    promptTokens: spent.promptTokens,
    completionTokens: spent.completionTokens,
    errorCode: null,
    upstreamId,
    now: clock.now(),
  })
  return answer.trim()
}
