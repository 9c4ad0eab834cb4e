import { isoTime } from '../clock.ts'
import { altText } from '../images/present-image.ts'
import type { ConversationRow } from '../store/conversations.ts'
import type { Store } from '../store/store.ts'
import type { ArchiveFiles } from './archive-files.ts'
import { messagePages, type PagedMessage } from './message-pages.ts'
import { rewritePictureLinks } from './picture-links.ts'

/** The branch that is shown, for people to read: its pictures stand where they stood, linked relatively. */
export async function* markdownDocument(
  store: Store,
  conversation: ConversationRow,
  files: ArchiveFiles,
  now: number,
): AsyncGenerator<string> {
  yield `# ${oneLine(conversation.title)}\n\nExported from Easel on ${readableTime(now)}.\n`
  const leaf = conversation.activeMessageId
  const ids = leaf === null ? [] : store.copies.pathIds(conversation.id, leaf, Number.MAX_SAFE_INTEGER)
  for await (const paged of messagePages(store, conversation.id, ids)) {
    yield `\n---\n\n${describe(store, conversation, files, paged)}\n`
  }
  if (!store.conversations.find(conversation.userId, conversation.id)) {
    throw new Error(`conversation ${conversation.id} was removed while it was exported`)
  }
}

function describe(
  store: Store,
  conversation: ConversationRow,
  files: ArchiveFiles,
  { message, images, attachments }: PagedMessage,
): string {
  const linked = new Set<string>()
  const text = rewritePictureLinks(message.text, conversation.id, (filename) => {
    const stored = store.images.byFile(conversation.userId, conversation.id, filename)
    const name = stored && files.add({ ...stored, filename, conversationId: conversation.id })
    if (name !== undefined) linked.add(name)
    return name
  })
  const others = [...images, ...attachments].flatMap((image) => {
    const name = files.add(image)
    if (name === undefined) return `*A picture is missing: ${oneLine(altText(image))}*`
    return linked.has(name) ? [] : `![${oneLine(altText(image))}](${name})`
  })
  const who =
    message.sender === 'user' ? 'You' : message.model === null ? 'Model' : `Model (${message.model})`
  const parts = [
    `## ${who} · ${readableTime(message.createdAt)}`,
    closeFences(text.trim()),
    ...others,
    message.warning === null ? '' : `> **Note:** ${oneLine(message.warning)}`,
    message.error === null ? '' : `> **Error:** ${oneLine(message.error.message)}`,
    message.state === 'complete' ? '' : `> *This answer is ${endOf(message.state)}.*`,
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function endOf(state: Exclude<PagedMessage['message']['state'], 'complete'>): string {
  return state === 'streaming' ? 'still being written' : state
}

/** `2026-11-20 14:30 UTC` */
function readableTime(ms: number): string {
  return `${isoTime(ms).slice(0, 16).replace('T', ' ')} UTC`
}

/** Words from elsewhere that must not end a heading, a link's text or a quotation. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/[[\]]/g, '\\$&')
}

/**
 * Ends a code block that was left open (CommonMark 0.31, section 4.5: an unclosed one runs to the end of the
 * document), so that it does not swallow the messages that follow.
 */
export function closeFences(text: string): string {
  let open: string | undefined
  for (const line of text.split('\n')) {
    const [, fence = '', rest = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? []
    if (fence === '') continue
    if (open === undefined) {
      if (fence.startsWith('~') || !rest.includes('`')) open = fence
    } else if (fence.startsWith(open) && rest.trim() === '') {
      open = undefined
    }
  }
  return open === undefined ? text : `${text}\n${open}`
}
