import { isoTime } from '../clock.ts'
import type { Conversation } from '../contract/conversations.ts'
import type { ConversationRow } from '../store/conversations.ts'

/** A conversation as the contract has it. */
export function presentConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    title: row.title,
    summary: row.summary,
    memory_pad: row.memoryPad,
    chat_model: row.chatModel,
    settings: row.settings,
    active_message_id: row.activeMessageId,
    active_turn_id: row.activeTurnId,
    pinned: row.pinned,
    archived: row.archived,
    message_count: row.messageCount,
    created_at: isoTime(row.createdAt),
    updated_at: isoTime(row.updatedAt),
  }
}
