import type { Conversation } from '../../server/contract/conversations.ts'

/** Times after a first turn at which the title may have been written in the background, in milliseconds. */
const titleLooks = [400, 1500, 4000, 9000]

/**
 * Looks at a conversation after a turn: it may have a new title, summary, memory pad or model. After its first turn it
 * is looked at until it has a title.
 * @param read answers the conversation as it is now; undefined when it is of no use any more
 * @param title what it was called, asked before each look
 */
export async function learnTitle(
  isFirst: boolean,
  title: () => string | undefined,
  read: () => Promise<Conversation | undefined>,
  signal: AbortSignal,
): Promise<void> {
  for (const wait of isFirst ? titleLooks : [0]) {
    await new Promise((resolve) => {
      setTimeout(resolve, wait)
    })
    if (signal.aborted) return
    const before = title()
    const now = await read()
    if (!now || (before !== undefined && now.title !== before)) return
  }
}
