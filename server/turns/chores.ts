import { findTitle } from './find-title.ts'
import { promptWindow } from './gather-context.ts'
import { describeNextImage } from './describe-next-image.ts'
import { keptRecent, summarize, summaryIsDue } from './summarize.ts'
import type { TurnState } from '../contract/turns.ts'
import type { Turn, TurnOutcome, TurnParts } from './turn.ts'

/** How many messages the word index takes at once: about a millisecond of work. */
const indexAtOnce = 100
/** Chores wait until the answer is out, and look this often whether others are still being written; milliseconds. */
const restBefore = 300
/** On a server that is never quiet they begin all the same. */
const mostPatience = 10_000

export type Chores = ReturnType<typeof createChores>

/**
 * What is done after a turn, in the background, one thing after another: the word index, a title, the
 * running summary, descriptions of pictures. None of it holds an answer up, and a failure costs nothing
 * but the chore, which the next turn takes up again.
 * @param isBusy whether turns are running: the decoding of a picture to describe it costs what three answers cost.
 */
export function createChores(parts: TurnParts, isBusy: () => boolean) {
  const { store, log } = parts
  const stop = new AbortController()
  const waiting = new Map<string, { work: () => Promise<void>; latest: number }>()
  let working: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  /** What already waits under the name is done once, in the newer way, behind what was added since. */
  function add(name: string, work: () => Promise<void>): void {
    if (stop.signal.aborted) return
    const latest = waiting.get(name)?.latest ?? performance.now() + mostPatience
    waiting.delete(name)
    waiting.set(name, { work, latest })
    if (!working && !timer) rest()
  }

  function rest(): void {
    timer = setTimeout(() => {
      timer = undefined
      working = workOff().finally(() => {
        working = undefined
        if (waiting.size > 0 && !stop.signal.aborted) rest()
      })
    }, restBefore)
    timer.unref()
  }

  /** Until nothing waits, or until somebody wants an answer. */
  async function workOff(): Promise<void> {
    for (const [name, { work, latest }] of waiting) {
      if (stop.signal.aborted || (isBusy() && performance.now() < latest)) return
      waiting.delete(name)
      try {
        await work()
      } catch (cause) {
        if (!stop.signal.aborted) log.warn({ err: cause, chore: name }, 'a background chore failed')
      }
    }
  }

  async function indexWords(): Promise<void> {
    for (const index of [store.search, store.images]) {
      while (index.indexSome(indexAtOnce) === indexAtOnce && !stop.signal.aborted) {
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }

  async function title(turn: Turn): Promise<void> {
    const conversation = store.conversations.find(turn.userId, turn.conversation.id)
    if (!conversation || conversation.titledBy !== 'nobody') return
    const found = await findTitle(parts, { ...turn, conversation }, stop.signal)
    store.conversations.suggestTitle(conversation.id, found)
  }

  async function summary(turn: Turn): Promise<void> {
    const conversation = store.conversations.find(turn.userId, turn.conversation.id)
    if (!conversation) return
    const path = store.messages.pathToSummary(conversation.id, turn.modelMessageId, promptWindow)
    if (summaryIsDue(path)) {
      await summarize(parts, { ...turn, conversation }, { keepRecent: keptRecent, signal: stop.signal })
    }
  }

  /** One picture, then whatever else waits. */
  async function describe(): Promise<void> {
    if (await describeNextImage(parts, stop.signal)) add('describe', describe)
    else add('index', indexWords)
  }

  return {
    afterTurn(turn: Turn, state: TurnState, { mayNeedSummary }: Pick<TurnOutcome, 'mayNeedSummary'>): void {
      const { kind } = turn.ask.plan
      add('index', indexWords)
      if (state !== 'complete' || (kind !== 'chat' && kind !== 'image')) return
      if (turn.conversation.titledBy === 'nobody') add(`title of ${turn.conversation.id}`, () => title(turn))
      if (mayNeedSummary) add(`summary of ${turn.conversation.id}`, () => summary(turn))
      if (kind === 'image') add('describe', describe)
    },

    /** What an earlier process left undone; `sweep` removes what it left half made. */
    atStart(sweep: () => Promise<void>): void {
      add('index', indexWords)
      add('sweep', sweep)
      add('describe', describe)
    },

    indexSoon(): void {
      add('index', indexWords)
    },

    /** Stops what runs and resolves when it has. */
    async close(): Promise<void> {
      stop.abort()
      clearTimeout(timer)
      await working
    },
  }
}
