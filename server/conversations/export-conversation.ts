import { makeZip } from 'client-zip'
import type { ConversationRow } from '../store/conversations.ts'
import type { Store } from '../store/store.ts'
import { archiveFiles } from './archive-files.ts'
import { documentName } from './conversation-file.ts'
import { jsonDocument } from './json-document.ts'
import { markdownDocument } from './markdown-document.ts'

interface ExportParts {
  store: Store
  storageDir: string
  now: number
}

/**
 * A ZIP of a conversation, made while it is read, so that neither its words nor a picture are ever whole in
 * memory. `json` has every branch in `conversation.json` and can be imported; `markdown` has the branch that is
 * shown in `conversation.md`. Both have the picture files.
 */
export function exportConversation(
  { store, storageDir, now }: ExportParts,
  conversation: ConversationRow,
  format: 'json' | 'markdown',
): ReadableStream<Uint8Array> {
  const files = archiveFiles(storageDir, conversation.id)
  const lastModified = new Date(now)
  async function* entries() {
    yield format === 'json'
      ? { name: documentName, lastModified, input: jsonDocument(store, conversation, files, now) }
      : { name: 'conversation.md', lastModified, input: markdownDocument(store, conversation, files, now) }
    // The document has been read to its end by now, so all of its pictures are known.
    yield* files.entries(lastModified)
  }
  return makeZip(entries())
}
