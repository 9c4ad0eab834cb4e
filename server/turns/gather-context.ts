import type { ContextUsed } from '../contract/images.ts'
import type { ConversationRow } from '../store/conversations.ts'
import type { SpokenMessage } from '../store/messages.ts'
import { askCheapModel, type CheapParts } from './ask-cheap-model.ts'
import { cut, sayMessage } from './say-message.ts'

/** What a prompt may be grounded in. */
export interface ContextWish {
  summary: boolean
  memoryPad: boolean
  /** How many of the last exchanges (a question and its answer each); 0 for none. */
  exchanges: number
  /** What earlier parts of the conversation say about the prompt. */
  deep: boolean
}

/** The command's own: everything, and the last 2 exchanges. */
export const commandContext: ContextWish = { summary: true, memoryPad: true, exchanges: 2, deep: true }

export interface Context {
  summary: string
  memoryPad: string
  recent: readonly string[]
  deep: string
  used: ContextUsed
}

/**
 * How far back along the branch a prompt may look, in messages: to the summary, over what is said word for word
 * and shown in any case.
 */
export const promptWindow = { least: 12, most: 60 }

/** The most characters that one message, and the passages together, may take of a prompt. */
const messageLimit = 2000
const passageLimit = 8000
const mostPassages = 8
/** How many messages a search puts into the index before it begins. */
const indexAtOnce = 100

interface Place {
  conversation: ConversationRow
  userId: string
  turnId: string | undefined
  /** The Idempotency-Key of the request, where it is no turn. */
  key?: string | undefined
  /** The message after which the prompt stands; undefined for an empty conversation. */
  afterMessageId: string | null
  /** The message that asks for the picture: its words are no context of it. */
  ownMessageId: string | undefined
  prompt: string
}

/**
 * Gathers what a prompt is grounded in. Its cost does not depend on how long the conversation is: recent
 * messages are read along the branch, earlier ones found by the word index.
 */
export async function gatherContext(
  parts: CheapParts,
  place: Place,
  wish: ContextWish,
  signal: AbortSignal,
): Promise<Context> {
  const looksBack = wish.summary || wish.exchanges > 0 || wish.deep
  const branch =
    place.afterMessageId === null || !looksBack
      ? []
      : parts.store.messages.pathFrom(place.conversation.id, place.afterMessageId, promptWindow.most)
  const recent = branch
    .filter(isSaid)
    .slice(0, wish.exchanges * 2)
    .toReversed()
  const images = parts.store.images.byMessages(recent.map((message) => message.id))
  const said = recent.map(
    (message) =>
      `${message.sender === 'user' ? 'User' : 'Model'}: ${cut(sayMessage(message, images.get(message.id) ?? []), messageLimit)}`,
  )
  const summary = wish.summary ? (branch.find((message) => message.summary !== null)?.summary ?? '') : ''
  const memoryPad = wish.memoryPad ? place.conversation.memoryPad : ''
  const found = wish.deep ? await lookDeeper(parts, place, recent, signal) : { text: '', messageIds: [] }
  const characters = [summary, memoryPad, found.text, ...said].reduce((sum, text) => sum + text.length, 0)
  return {
    summary,
    memoryPad,
    recent: said,
    deep: found.text,
    used: {
      summary: summary !== '',
      memory_pad: memoryPad !== '',
      deep: found.text !== '',
      message_ids: [...recent.map((message) => message.id), ...found.messageIds],
      characters,
    },
  }
}

/** Whether a message belongs to what models are told: commands and empty failures do not. */
export function isSaid(message: SpokenMessage): boolean {
  if (message.kind !== 'chat' && message.kind !== 'image') return false
  return message.sender === 'user' || message.state === 'complete' || message.text !== ''
}

async function lookDeeper(
  parts: CheapParts,
  place: Place,
  recent: readonly SpokenMessage[],
  signal: AbortSignal,
): Promise<{ text: string; messageIds: string[] }> {
  const nothing = { text: '', messageIds: [] }
  const near = new Set(recent.map((message) => message.id))
  if (place.ownMessageId !== undefined) near.add(place.ownMessageId)
  const words = tellingWords(place.prompt)
  // What was said a moment ago may not be in the index yet.
  parts.store.search.indexSome(indexAtOnce)
  const passages = parts.store.search
    .passages(place.userId, place.conversation.id, words, mostPassages + near.size + 2)
    .filter((passage) => !near.has(passage.messageId))
    .slice(0, mostPassages)
  if (passages.length === 0) return nothing
  const each = Math.floor(passageLimit / passages.length)
  const list = passages.map((passage) => `- ${cut(sayMessage(passage, []).replace(/\s+/g, ' '), each)}`)
  try {
    const text = await askCheapModel(parts, {
      purpose: 'extract',
      system: extractSystem,
      text: `Passages:\n${list.join('\n')}\n\nImage prompt:\n${place.prompt}`,
      maxTokens: 300,
      temperature: 0,
      userId: place.userId,
      conversationId: place.conversation.id,
      turnId: place.turnId,
      key: place.key,
      signal,
    })
    return text === '' || /^none\.?$/i.test(text)
      ? nothing
      : { text, messageIds: passages.map((p) => p.messageId) }
  } catch (cause) {
    // A picture without its deeper context is better than none; the turn shows `deep: false`.
    if (signal.aborted) throw cause
    parts.log.warn({ err: cause, conversation: place.conversation.id }, 'deep context failed')
    return nothing
  }
}

const extractSystem = `You find facts for a painter. From passages of an earlier conversation, write down in at most five short sentences what they say about how the things in the image prompt look: people, places, objects, colours, style. Only what the passages say. If nothing fits, answer with the single word NONE.`

const commonWords = new Set(
  `a about above after again all also an and any are as at be been but by can could did do does doing down draw for from generate
   get give had has have he her here him his how i image in into is it its just like make me more most my new no not now of off on
   once one only or other our out over own paint painting picture please same she show so some such than that the their them then
   there these they this those through to too under up us very was we were what when where which while who will with would you your`.split(
    /\s+/,
  ),
)

/** The words of a prompt that can tell one part of a conversation from another. */
function tellingWords(prompt: string): string[] {
  const words = prompt.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []
  return [...new Set(words)].filter((word) => !commonWords.has(word)).slice(0, 20)
}
