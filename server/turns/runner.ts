import type { GeneratedImage } from '../contract/images.ts'
import type { Message } from '../contract/messages.ts'
import type { EventError, TurnState } from '../contract/turns.ts'
import { Problem, asProblem } from '../errors.ts'
import type { MessageEnd } from '../store/messages.ts'
import type { TurnClaim } from '../store/turns.ts'
import { asUsd } from '../quotas/prices.ts'
import type { Chores } from './chores.ts'
import { imageMarkdown } from '../images/present-image.ts'
import { interruptedError } from './interrupted-error.ts'
import { dropRemoved } from './drop-removed.ts'
import { LiveTurn } from './live-turn.ts'
import { patiently } from './patiently.ts'
import { stage } from './paint.ts'
import { presentClaim, presentMessage, presentWords } from './present-message.ts'
import { takeTurn } from './take-turn.ts'
import { emptyOutcome, TurnStopped, type Turn, type TurnOutcome, type TurnParts } from './turn.ts'

/** How often what runs is saved, milliseconds; a kill loses at most this much text. */
const saveEvery = 1000

type EndState = Exclude<TurnState, 'running'>

export type Runner = ReturnType<typeof createRunner>

/**
 * Runs turns as jobs of their own: whoever asked merely follows. A turn begins with its claim in the
 * database and ends there, once, whatever happens in between.
 */
export function createRunner(parts: TurnParts, chores: Chores) {
  const { store, clock, log } = parts
  const live = new Map<string, LiveTurn>()
  const asides = new Set<Promise<unknown>>()
  const stopAsides = new AbortController()
  const draining = new AbortController()

  const timer = setInterval(saveSafely, saveEvery)
  timer.unref()

  /** One commit for all running turns. */
  function save(): void {
    if (live.size === 0) return
    for (const turn of live.values()) dropRemoved(store, turn)
    const unsaved = [...live.values()].map((turn) => turn.unsaved()).filter((piece) => piece !== undefined)
    if (unsaved.length > 0) store.turns.saveProgress(unsaved)
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
    mustTakeWork()
    const versions = store.turns.claim(claim)
    const running = new LiveTurn(turn, store.onDisk())
    live.set(turn.id, running)
    void run(running, claim, versions)
    return running
  }

  function mustTakeWork(): void {
    if (!draining.signal.aborted) return
    throw new Problem('shutting_down', 'The server is restarting. Try again in a moment.', {
      retryAfter: 5,
    })
  }

  /**
   * Does paid work that is no turn, such as the dialog's: like a turn it is waited for when the server stops.
   * @throws Problem `shutting_down`; whatever the work throws.
   */
  async function aside<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    mustTakeWork()
    const working = work(stopAsides.signal)
    asides.add(working)
    try {
      return await working
    } finally {
      asides.delete(working)
    }
  }

  function announce(running: LiveTurn, claim: TurnClaim, versions: readonly string[]): void {
    const { turn } = running
    const { user, model } = presentClaim(store, claim, versions)
    running.publish({
      type: 'turn',
      turn_id: turn.id,
      conversation_id: turn.conversation.id,
      user_message: user,
      model_message: model,
      kind: turn.ask.plan.kind,
    })
  }

  async function run(running: LiveTurn, claim: TurnClaim, versions: readonly string[]): Promise<void> {
    const { turn } = running
    let outcome: TurnOutcome = emptyOutcome
    let state: EndState = 'complete'
    let error: EventError | null = null
    let end: MessageEnd | undefined
    try {
      // In the tick of the claim, while the disk works.
      announce(running, claim, versions)
      releaseOnceClaimed(running)
      outcome = await takeTurn(parts, running)
      end = await record(running, state, outcome, error)
    } catch (thrown) {
      outcome = emptyOutcome
      const stopped = running.signal.aborted ? running.signal.reason : undefined
      state = stopped instanceof TurnStopped ? stopped.state : 'failed'
      if (state === 'failed') error = told(turn, asProblem(thrown))
      if (state === 'interrupted') error = interruptedError
      end = await recordSafely(running, state, error)
    }
    tell(running, claim, outcome, end, error)
    chores.afterTurn(turn, state, outcome)
  }

  function releaseOnceClaimed(running: LiveTurn): void {
    running.claimed.then(
      () => running.release(),
      (cause: unknown) => {
        log.error({ err: cause, turn: running.turn.id }, 'a claim could not reach the disk')
        running.fail(cause)
      },
    )
  }

  function told(turn: Turn, problem: Problem): EventError {
    const level = problem.code === 'internal_error' ? 'error' : 'warn'
    const { id, requestId } = turn
    log[level](
      { err: problem, cause: problem.cause, request: requestId, turn: id, code: problem.code },
      'turn failed',
    )
    return eventError(problem, requestId)
  }

  /**
   * Records the end in one transaction, as soon as the database takes it: until then nobody is told that
   * anything is done.
   * @returns what was recorded; undefined where the turn had ended, or was removed with its conversation.
   */
  async function record(
    running: LiveTurn,
    state: EndState,
    outcome: TurnOutcome,
    error: EventError | null,
  ): Promise<MessageEnd | undefined> {
    const { turn } = running
    const now = clock.now()
    const pictures = outcome.images.map(({ image }) => imageMarkdown(image)).join('')
    let recorded: MessageEnd | undefined
    const write = () => {
      dropRemoved(store, running)
      const message: MessageEnd = {
        text: running.text + pictures + outcome.words,
        state,
        model: outcome.model,
        warning: outcome.warning,
        error,
        costMicro: costOf(turn, outcome) || null,
      }
      const isThere = store.turns.finish({
        turnId: turn.id,
        messageId: turn.modelMessageId,
        state,
        message,
        images: outcome.images.map(({ image }) => image),
        settlements: outcome.settlements,
        now,
      })
      // A call that never left, or that its step could not settle, is given back; what was received is paid
      // for, and is taken up like a dead process's.
      store.generations.releaseOfTurn(turn.id, state === 'complete' ? 'failed' : state, now)
      store.generations.leaveOfTurn(turn.id)
      recorded = isThere ? message : undefined
    }
    const notYet = (cause: unknown) =>
      log.error({ err: cause, turn: turn.id }, 'the end of a turn is not recorded yet')
    await patiently(() => store.togetherUnsynced(write), notYet)
    await patiently(() => store.onDisk(), notYet)
    return recorded
  }

  /** What cannot be recorded at all is left to be taken up; its followers are let go all the same. */
  async function recordSafely(
    running: LiveTurn,
    state: EndState,
    error: EventError | null,
  ): Promise<MessageEnd | undefined> {
    try {
      return await record(running, state, emptyOutcome, error)
    } catch (cause) {
      log.error({ err: cause, turn: running.turn.id }, 'the end of a turn could not be recorded')
      await patiently(
        () => store.turns.leave(running.turn.id),
        (fault) => log.error({ err: fault, turn: running.turn.id }, 'a turn cannot be left now'),
      )
      return undefined
    }
  }

  /** Tells the recorded end; `done` has the message as it is in the database. */
  function tell(
    running: LiveTurn,
    claim: TurnClaim,
    outcome: TurnOutcome,
    end: MessageEnd | undefined,
    error: EventError | null,
  ): void {
    const { turn } = running
    // Where the claim did not reach the disk: its end did.
    running.release()
    try {
      const isOnlyWords = claim.userMessage !== undefined && claim.kind === 'chat'
      const message =
        end && isOnlyWords
          ? presentWords(claim, end)
          : presentMessage(store, turn.conversation.id, turn.modelMessageId)
      for (const { image, index, total } of outcome.images) {
        running.publish({ type: 'delta', text: imageMarkdown(image) })
        running.publish({ type: 'image', index, total, ...pictureOf(message, image.id) })
        running.publish(stage('complete', total > 1 ? { index, total } : undefined))
      }
      if (outcome.words !== '') running.publish({ type: 'delta', text: outcome.words })
      if (message.state === 'complete') {
        running.publish({
          type: 'usage',
          prompt_tokens: outcome.promptTokens,
          completion_tokens: outcome.completionTokens,
          cost_usd: asUsd(outcome.costMicro),
          quota: null,
        })
      }
      if (error) running.publish({ type: 'error', ...error })
      running.publish({ type: 'done', message })
    } catch (cause) {
      log.error({ err: cause, turn: turn.id }, 'the end of a turn could not be told')
      // Whoever follows comes back and gets the end from the database.
      running.letGo()
    }
  }

  /** What the answer has cost: the calls that are settled already, and those that its end settles. */
  function costOf(turn: Turn, outcome: TurnOutcome): number {
    const { kind } = turn.ask.plan
    // Each call is charged once; where its end settles them all there is nothing to look up.
    const isAll = outcome.settlements.length === turn.calls.length
    const settled = isAll ? 0 : store.generations.costOfTurn(turn.id, kind)
    return outcome.settlements.reduce((sum, { settlement }) => sum + settlement.costMicro, settled)
  }

  return {
    start,
    aside,
    /** True from the moment when no new turns are taken. */
    isDraining: () => draining.signal.aborted,
    /** Aborted in that moment. */
    draining: draining.signal,
    /** Whether any turn is running here. */
    isBusy: () => [...live.values()].some((turn) => !turn.hasEnded),
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
      draining.abort()
      const all = Promise.allSettled([...asides, ...[...live.values()].map((turn) => turn.ended)])
      let grace: NodeJS.Timeout | undefined
      const late = new Promise<'late'>((resolve) => {
        grace = setTimeout(resolve, graceMs, 'late')
      })
      const first = await Promise.race([all, late])
      clearTimeout(grace)
      if (first === 'late') {
        for (const turn of live.values()) turn.stop('interrupted')
        stopAsides.abort(new TurnStopped('interrupted'))
        await all
      }
      clearInterval(timer)
      saveSafely()
    },
  }
}

/** A picture as the message shows it that was recorded with it. */
function pictureOf(message: Message, imageId: string): GeneratedImage {
  const picture = message.generated_images.find(({ id }) => id === imageId)
  if (!picture) throw new Error(`image ${imageId} is not on its message right after it was recorded`)
  return picture
}

/** An error as the stream carries it and the message keeps it. */
function eventError(problem: Problem, requestId: string): EventError {
  return {
    status: 'error',
    code: problem.code,
    message: problem.message,
    request_id: requestId,
    retryable: problem.retryable,
    ...(problem.reason === undefined ? {} : { reason: problem.reason }),
    ...(problem.retryAfter === undefined ? {} : { retry_after: problem.retryAfter }),
  }
}
