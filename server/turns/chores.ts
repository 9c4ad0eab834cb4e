import { findTitle } from './find-title.ts'
import { promptWindow } from './gather-context.ts'
import { describeImages } from './describe-images.ts'
import { keptRecent, summarize, summaryIsDue } from './summarize.ts'
import type { TurnState } from '../contract/turns.ts'
import type { Turn, TurnParts } from './turn.ts'

/** How many messages the word index takes at once: about a millisecond of work. */
const indexAtOnce = 100
/** Chores wait until the answer is out; milliseconds. */
const restBefore = 300

export type Chores = ReturnType<typeof createChores>

/**
 * What is done after a turn, in the background, one thing after another: the word index, a title, the
 * running summary, descriptions of pictures. None of it holds an answer up, and a failure costs nothing
 * but the chore, which the next turn takes up again.
 */
export function createChores(parts: TurnParts) {
  const { store, log } = parts
  const stop = new AbortController()
  const waiting: { name: string; work: () => Promise<void> }[] = []
  let working: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  function add(name: string, work: () => Promise<void>): void {
    if (stop.signal.aborted) return
    waiting.push({ name, work })
    if (working || timer) return
    timer = setTimeout(() => {
      timer = undefined
      working = workOff().finally(() => {
        working = undefined
      })
    }, restBefore)
    timer.unref()
  }

  async function workOff(): Promise<void> {
    for (let chore = waiting.shift(); chore && !stop.signal.aborted; chore = waiting.shift()) {
      try {
        await chore.work()
      } catch (cause) {
        if (!stop.signal.aborted) log.warn({ err: cause, chore: chore.name }, 'a background chore failed')
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

  return {
    afterTurn(turn: Turn, state: TurnState): void {
      const { kind } = turn.ask.plan
      add('index', indexWords)
      if (state !== 'complete' || (kind !== 'chat' && kind !== 'image')) return
      add('title', () => title(turn))
      add('summary', () => summary(turn))
      if (kind === 'image') {
        add('describe', () => describeImages(parts, stop.signal))
        add('index', indexWords)
      }
    },

    /** What an earlier process left undone; `sweep` removes what it left half made. */
    atStart(sweep: () => Promise<void>): void {
      add('index', indexWords)
      add('sweep', sweep)
      add('describe', () => describeImages(parts, stop.signal))
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
