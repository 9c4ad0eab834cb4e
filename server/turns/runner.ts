import type { TurnState } from '../contract/turns.ts'
import type { EventError } from '../contract/turns.ts'
import { Problem, asProblem } from '../errors.ts'
import type { TurnClaim } from '../store/turns.ts'
import { asUsd } from '../quotas/prices.ts'
import type { Chores } from './chores.ts'
import { imageMarkdown } from '../images/present-image.ts'
import { imageEvent } from './image-event.ts'
import { LiveTurn } from './live-turn.ts'
import { patiently } from './patiently.ts'
import { stage } from './paint.ts'
import { presentMessage, presentMessages } from './present-message.ts'
import { takeTurn } from './take-turn.ts'
import { emptyOutcome, TurnStopped, type Turn, type TurnOutcome, type TurnParts } from './turn.ts'

/** How often what runs is saved, milliseconds; a kill loses at most this much text. */
const saveEvery = 1000

export type Runner = ReturnType<typeof createRunner>

/**
 * Runs turns as jobs of their own: whoever asked merely follows. A turn begins with its claim in the
 * database and ends there, once, whatever happens in between.
 */
export function createRunner(parts: TurnParts, chores: Chores) {
  const { store, clock, log } = parts
  const live = new Map<string, LiveTurn>()
  let draining = false

  const timer = setInterval(saveSafely, saveEvery)
  timer.unref()

  /** One commit for all running turns. */
  function save(): void {
    if (live.size === 0) return
    const unsaved = [...live.values()].map((turn) => turn.unsaved()).filter((piece) => piece !== undefined)
    if (unsaved.length > 0) store.turns.saveProgress(unsaved, clock.now())
    for (const turn of live.values()) turn.saved()
    for (const [id, turn] of live) if (turn.hasEnded) live.delete(id)
    if (live.size > 0) for (const id of store.turns.cancelAsked()) live.get(id)?.stop('cancelled')
  }
  function saveSafely(): void {
    try {
      save()
    } catch (cause) {
      // The database may be full or locked for a while; what is unsaved stays in memory and in the stream.
      log.error({ err: cause }, 'saving running turns failed')
    }
  }

  /**
   * Claims a turn and starts it.
   * @throws Problem `turn_in_progress`, `shutting_down`; nothing was stored then.
   */
  function start(turn: Turn, claim: TurnClaim): LiveTurn {
    if (draining) {
      throw new Problem('shutting_down', 'The server is restarting. Try again in a moment.', {
        retryAfter: 5,
      })
    }
    store.turns.claim(claim)
    const running = new LiveTurn(turn)
    live.set(turn.id, running)
    const [userMessage, modelMessage] = presentMessages(store, turn.conversation.id, [
      turn.userMessageId,
      turn.modelMessageId,
    ])
    if (!userMessage || !modelMessage)
      throw new Error(`turn ${turn.id} has no messages right after its claim`)
    running.publish({
      type: 'turn',
      turn_id: turn.id,
      conversation_id: turn.conversation.id,
      user_message: userMessage,
      model_message: modelMessage,
      kind: turn.ask.plan.kind,
    })
    void run(running)
    return running
  }

  async function run(running: LiveTurn): Promise<void> {
    const { turn } = running
    try {
      await end(running, 'complete', await steps(running), undefined)
    } catch (thrown) {
      const stopped = running.signal.aborted ? running.signal.reason : undefined
      const state: TurnState = stopped instanceof TurnStopped ? stopped.state : 'failed'
      const problem = state === 'failed' ? asProblem(thrown) : undefined
      if (problem) {
        const level = problem.code === 'internal_error' ? 'error' : 'warn'
        log[level]({ err: problem, cause: problem.cause, turn: turn.id, code: problem.code }, 'turn failed')
      }
      await endSafely(running, state, problem)
    }
  }

  async function steps(running: LiveTurn): Promise<TurnOutcome> {
    const events = takeTurn(parts, running.turn, running.signal)
    for (;;) {
      const step = await events.next()
      if (step.done) return step.value
      running.publish(step.value)
    }
  }

  /** Records the end in one transaction, then tells it. */
  async function end(
    running: LiveTurn,
    state: Exclude<TurnState, 'running'>,
    outcome: TurnOutcome,
    problem: Problem | undefined,
  ): Promise<void> {
    const { turn } = running
    const now = clock.now()
    const error = problem ? eventError(problem) : null
    const pictures = outcome.images.map(({ image }) => imageMarkdown(image)).join('')
    const record = () => {
      store.turns.finish({
        turnId: turn.id,
        messageId: turn.modelMessageId,
        state,
        message: {
          text: running.text + pictures + outcome.words,
          state,
          model: outcome.model,
          warning: outcome.warning,
          error,
          costMicro: outcome.costMicro > 0 ? totalCost(turn) + outcome.costMicro : null,
        },
        images: outcome.images.map(({ image }) => image),
        settlements: outcome.settlements,
        now,
      })
      releaseOpenCalls(turn, now, state)
    }
    await patiently(
      () => store.together(record),
      (cause) => log.error({ err: cause, turn: turn.id }, 'the end of a turn is not recorded yet'),
    )
    for (const { image, index, total } of outcome.images) {
      running.publish({ type: 'delta', text: imageMarkdown(image) })
      running.publish(imageEvent(store, image, index, total))
      running.publish(stage('complete', total > 1 ? { index, total } : undefined))
    }
    if (outcome.words !== '') running.publish({ type: 'delta', text: outcome.words })
    if (state === 'complete') {
      running.publish({
        type: 'usage',
        prompt_tokens: outcome.promptTokens,
        completion_tokens: outcome.completionTokens,
        cost_usd: asUsd(outcome.costMicro),
        quota: null,
      })
    }
    if (error) running.publish({ type: 'error', ...error })
    running.publish({
      type: 'done',
      message: presentMessage(store, turn.conversation.id, turn.modelMessageId),
    })
    chores.afterTurn(turn, state)
  }

  /** The end of a turn that failed must be told even when the database refuses to record it. */
  async function endSafely(
    running: LiveTurn,
    state: Exclude<TurnState, 'running'>,
    problem: Problem | undefined,
  ): Promise<void> {
    try {
      await end(running, state, emptyOutcome, problem)
    } catch (cause) {
      log.error({ err: cause, turn: running.turn.id }, 'the end of a turn could not be recorded')
      if (running.hasEnded) return
      const message = presentMessageOrNothing(running)
      running.publish({ type: 'error', ...eventError(asProblem(cause)) })
      if (message)
        running.publish({ type: 'done', message: { ...message, state: 'failed', text: running.text } })
    }
  }

  function presentMessageOrNothing({ turn }: LiveTurn) {
    try {
      return presentMessage(store, turn.conversation.id, turn.modelMessageId)
    } catch (cause) {
      log.error({ err: cause, turn: turn.id }, 'the message of a turn could not be read')
      return undefined
    }
  }

  /** What the turn's pictures that were recorded on the way have cost. */
  function totalCost(turn: Turn): number {
    return turn.calls.length < 2
      ? 0
      : store.generations
          .ofTurn(turn.id)
          .reduce(
            (sum, call) => sum + (call.kind === 'image' && call.state === 'stored' ? call.costMicro : 0),
            0,
          )
  }

  /** A call that never left, or that its step could not settle, is given back. What was received is not. */
  function releaseOpenCalls(turn: Turn, now: number, state: TurnState): void {
    const how = state === 'cancelled' || state === 'interrupted' ? state : 'failed'
    for (const call of turn.calls) store.generations.release(call.id, how, now)
  }

  return {
    start,
    /** True from the moment when no new turns are taken. */
    isDraining: () => draining,
    /** The turn, while it runs in this process or has only just ended. */
    live: (turnId: string): LiveTurn | undefined => live.get(turnId),

    /** Stops a turn here, or asks the process that runs it to. */
    cancel(turnId: string): void {
      const running = live.get(turnId)
      if (running) running.stop('cancelled')
      else store.turns.askCancel(turnId)
    },

    /** No new turns; waits for those that run, then stops the rest. Resolves when all have ended and are saved. */
    async drain(graceMs: number): Promise<void> {
      draining = true
      const all = Promise.all([...live.values()].map((turn) => turn.ended))
      let grace: NodeJS.Timeout | undefined
      const late = new Promise<'late'>((resolve) => {
        grace = setTimeout(resolve, graceMs, 'late')
      })
      const first = await Promise.race([all, late])
      clearTimeout(grace)
      if (first === 'late') {
        for (const turn of live.values()) turn.stop('interrupted')
        await all
      }
      clearInterval(timer)
      saveSafely()
    },
  }
}

/** An error as the stream carries it and the message keeps it. */
export function eventError(problem: Problem): EventError {
  return {
    status: 'error',
    code: problem.code,
    message: problem.message,
    retryable: problem.retryable,
    ...(problem.reason === undefined ? {} : { reason: problem.reason }),
    ...(problem.retryAfter === undefined ? {} : { retry_after: problem.retryAfter }),
  }
}
