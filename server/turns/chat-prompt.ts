import type { PromptMessage } from '../providers/provider.ts'
import { forecastTokens } from '../quotas/prices.ts'
import type { ImageRow } from '../store/image-row.ts'
import type { SpokenMessage } from '../store/messages.ts'
import { isSaid } from './gather-context.ts'
import { sayMessage } from './say-message.ts'
import type { SeenPicture } from './see-images.ts'

/** How many tokens of earlier messages go with a question, however long the conversation is. */
export const promptBudgetTokens = 12_000

/** How many messages are always said as they were, also where the summary covers them. */
const verbatim = 4

const chatSystem = `You are the model in Easel, a chat where pictures are part of the conversation. Answer plainly and to the point, in the language of the user, in Markdown where it helps.

Pictures that were made here have numbers ("picture 2"). The ones you are shown come with the last message; speak of them as one who sees them. You do not paint yourself: when somebody wants a picture, they can write /image and what it should show.`

interface PromptInput {
  /** The branch, newest first, the user's message that is to be answered at the front. */
  recent: readonly SpokenMessage[]
  images: ReadonlyMap<string, readonly ImageRow[]>
  attached: ReadonlyMap<string, readonly ImageRow[]>
  seen: readonly SeenPicture[]
  memoryPad: string
}

/** The prompt of a chat turn and what went into it. Pure. */
export function chatPrompt({ recent, images, attached, seen, memoryPad }: PromptInput): {
  messages: PromptMessage[]
  usedMessages: number
  usedSummary: boolean
  characters: number
} {
  const [question, ...earlier] = recent
  const spoken: PromptMessage[] = []
  let tokens = 0
  let summary = ''
  for (const message of earlier) {
    summary ||= message.summary ?? ''
    if (summary !== '' && spoken.length >= verbatim) break
    if (!isSaid(message)) continue
    const text = sayMessage(message, [...(images.get(message.id) ?? []), ...(attached.get(message.id) ?? [])])
    tokens += forecastTokens(text)
    if (tokens > promptBudgetTokens) break
    if (text !== '') spoken.push({ role: message.sender === 'user' ? 'user' : 'assistant', text })
  }
  spoken.reverse()

  const system = [
    chatSystem,
    memoryPad === '' ? '' : `Notes that the user pinned:\n${memoryPad}`,
    summary === '' ? '' : `What was said before:\n${summary}`,
  ]
  const asked = question ? sayMessage(question, seen.length > 0 ? [] : (attached.get(question.id) ?? [])) : ''
  const shown = seen.map(({ name }, index) => `${index + 1}. ${name}`)
  const text =
    shown.length === 0
      ? asked
      : `${asked}\n\n[You are shown ${shown.length === 1 ? 'this picture' : 'these pictures, in this order'}:\n${shown.join('\n')}]`
  const messages: PromptMessage[] = [
    { role: 'system', text: system.filter((part) => part !== '').join('\n\n') },
    ...spoken,
    {
      role: 'user',
      text,
      ...(seen.length === 0 ? {} : { pictures: seen.map(({ picture }) => picture) }),
    },
  ]
  return {
    messages,
    usedMessages: spoken.length,
    usedSummary: summary !== '',
    characters: messages.reduce((sum, message) => sum + message.text.length, 0),
  }
}
