import type { Conversation } from '../contract/conversations.ts'
import type { Store } from '../store/store.ts'
import { presentConversation } from './present-conversation.ts'

/** The user's conversations whose title or messages have the words, newest activity first, with some of the hits. */
export function findConversations(
  store: Pick<Store, 'search' | 'conversations'>,
  userId: string,
  words: string,
  limit: number,
): Conversation[] {
  // What was said a moment ago is found as well.
  store.search.indexSome(100)
  const hits = new Map<string, { message_id: string; snippet: string }[]>()
  for (const id of store.search.titles(userId, words)) hits.set(id, [])
  for (const hit of store.search.messages(userId, words)) {
    const list = hits.get(hit.conversationId) ?? []
    if (list.length < 3) list.push({ message_id: hit.messageId, snippet: hit.snippet })
    hits.set(hit.conversationId, list)
  }
  const found: Conversation[] = []
  for (const [id, list] of hits) {
    const row = store.conversations.find(userId, id)
    if (row) found.push({ ...presentConversation(row), hits: list })
  }
  return found.toSorted((a, b) => b.updated_at.localeCompare(a.updated_at)).slice(0, limit)
}
