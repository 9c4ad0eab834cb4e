import { askCheapModel, type CheapParts } from './ask-cheap-model.ts'
import type { Context } from './gather-context.ts'

/** A prompt for the painter and how it came about. */
export interface RefinedPrompt {
  raw: string
  text: string
  /** True when the refining model failed or answered nothing, and words were plainly joined instead. */
  fallback: boolean
  /** The model that refined; null when none did. */
  model: string | null
}

/** What the refining model is told. The original calls it BETTER_CONTEXT_SYSTEM. */
const refineSystem = `You write prompts for an image model, and you are very good at it. You get what somebody wants painted, in their own words, and what was said before it in a conversation. Turn both into ONE prompt.

- Keep what they asked for: every subject, number, name, colour and style that they named stays.
- Resolve what points back ("it", "the same place", "her") with the conversation, and use what the conversation says about how things look. Leave out what has nothing to do with the picture.
- Be concrete and visual. Where they left style, mood, light or composition open, choose what suits the subject.
- Drop greetings, requests and other talk; describe the picture itself.

Answer with the prompt alone, one to four sentences, without quotation marks, headings or remarks.`

const refineTemperature = 0.4
const refineMaxTokens = 500

interface Wish {
  raw: string
  context: Context
  userId: string
  conversationId: string | null
  turnId: string | undefined
  key?: string | undefined
  signal: AbortSignal
}

/** From the user's words and the context to one image prompt. Never fails for the cheap model's sake. */
export async function refinePrompt(parts: CheapParts, wish: Wish): Promise<RefinedPrompt> {
  const { raw, context, signal } = wish
  try {
    const answer = await askCheapModel(parts, {
      purpose: 'refine',
      system: refineSystem,
      text: layOut(raw, context),
      maxTokens: refineMaxTokens,
      temperature: refineTemperature,
      userId: wish.userId,
      conversationId: wish.conversationId,
      turnId: wish.turnId,
      key: wish.key,
      signal,
    })
    const text = unwrap(answer)
    if (text !== '') return { raw, text, fallback: false, model: parts.catalogue.cheapModel().id }
  } catch (cause) {
    if (signal.aborted) throw cause
    parts.log.warn({ err: cause }, 'refinement failed, the words are joined instead')
  }
  return { raw, text: joinPlainly(raw, context), fallback: true, model: null }
}

/** The sections of the context that are there, then the raw prompt. */
function layOut(raw: string, context: Context): string {
  const sections: [string, string][] = [
    ['Conversation summary', context.summary],
    ['Memory pad', context.memoryPad],
    ['Recent messages', context.recent.join('\n')],
    ['Relevant earlier parts', context.deep],
    ['Image prompt', raw],
  ]
  return sections
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${name}:\n${text}`)
    .join('\n\n')
}

/** The most context, in characters, that plain concatenation puts before the prompt. */
const joinLimit = 2000

/** What goes to the painter without a refining model: the context, then the user's own words. */
export function joinPlainly(raw: string, context: Context): string {
  const before = [context.summary, context.memoryPad, ...context.recent, context.deep].filter(
    (text) => text !== '',
  )
  if (before.length === 0) return raw
  const joined = before.join('\n')
  return `${joined.length > joinLimit ? `…${joined.slice(-joinLimit)}` : joined}\n\n${raw}`
}

/** Models like to add quotation marks or a heading although they were told not to. */
function unwrap(answer: string): string {
  const text = answer.trim().replace(/^(?:\*\*)?(?:refined |image )?prompt:?(?:\*\*)?:?\s+/i, '')
  return text.replace(/^(["“'`])([\s\S]+)["”'`]$/, '$2').trim()
}
