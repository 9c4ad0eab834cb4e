import type { SpokenMessage } from '../store/messages.ts'
import { forecastTokens } from '../quotas/prices.ts'
import { askCheapModel } from './ask-cheap-model.ts'
import { isSaid, promptWindow } from './gather-context.ts'
import { cut, sayMessage } from './say-message.ts'
import type { Turn, TurnParts } from './turn.ts'

const summarySystem = `You keep the running summary of a conversation. You get the summary so far and the messages since. Write the new summary: what the user wants, what was decided, names, facts, and how the things that were painted look. Keep what still matters of the old one. At most 250 words, plain prose, no headings. Answer with the summary alone.`

/** How much may pile up since the last summary before a new one is written. */
const dueAfterMessages = 24
const dueAfterTokens = 6000
/** How many of the newest messages stay as they were said. */
export const keptRecent = 8

interface SummaryWish {
  /** How many of the newest messages are left out. */
  keepRecent: number
  signal: AbortSignal
}

/** Whether enough was said since the last summary of this branch. Pure. */
export function summaryIsDue(newestFirst: readonly SpokenMessage[]): boolean {
  const since = sinceSummary(newestFirst)
  const tokens = since.reduce((sum, message) => sum + forecastTokens(message.text), 0)
  return since.length > dueAfterMessages || (tokens > dueAfterTokens && since.length > keptRecent)
}

function sinceSummary(newestFirst: readonly SpokenMessage[]): readonly SpokenMessage[] {
  const at = newestFirst.findIndex((message) => message.summary !== null)
  return at === -1 ? newestFirst : newestFirst.slice(0, at)
}

/**
 * Brings the summary of a branch up to date and keeps it at the last message that it covers, so that
 * another branch never sees it. What lies further back than a prompt may look is in the earlier summaries.
 * @returns the summary; the present one where there is nothing new.
 * @throws Problem as `Writer.write` does
 */
export async function summarize(
  parts: TurnParts,
  turn: Pick<Turn, 'conversation' | 'userId' | 'modelMessageId'>,
  { keepRecent, signal }: SummaryWish,
): Promise<string> {
  const { messages, images } = parts.store
  const path = messages.pathToSummary(turn.conversation.id, turn.modelMessageId, promptWindow)
  const before = path.find((message) => message.summary !== null)?.summary ?? ''
  const fresh = sinceSummary(path).slice(keepRecent).filter(isSaid).toReversed()
  const last = fresh.at(-1)
  if (!last) return before
  const pictures = images.byMessages(fresh.map((message) => message.id))
  const lines = fresh.map(
    (message) =>
      `${message.sender === 'user' ? 'User' : 'Model'}: ${cut(sayMessage(message, pictures.get(message.id) ?? []), 4000)}`,
  )
  const sections = [before === '' ? '' : `Summary so far:\n${before}`, `New messages:\n${lines.join('\n')}`]
  const summary = await askCheapModel(parts, {
    purpose: 'summary',
    system: summarySystem,
    text: sections.filter((section) => section !== '').join('\n\n'),
    maxTokens: 600,
    temperature: 0.2,
    userId: turn.userId,
    conversationId: turn.conversation.id,
    turnId: undefined,
    signal,
  })
  if (summary === '') return before
  messages.saveSummary(turn.conversation.id, last.id, summary)
  return summary
}
