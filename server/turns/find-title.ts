import { askCheapModel } from './ask-cheap-model.ts'
import { isSaid } from './gather-context.ts'
import { cut, sayMessage } from './say-message.ts'
import type { Turn, TurnParts } from './turn.ts'

const titleSystem = `Give this conversation a title of three to six words, in its own language, that would help to find it again in a list. Answer with the title alone, without quotation marks and without a full stop.`

const longest = 80

/** A title for the conversation, by the cheap model; the first words of the question where it finds none. */
export async function findTitle(
  parts: TurnParts,
  turn: Pick<Turn, 'conversation' | 'userId' | 'modelMessageId'>,
  signal: AbortSignal,
): Promise<string> {
  const { messages, images } = parts.store
  const said = messages
    .pathFrom(turn.conversation.id, turn.modelMessageId, 12)
    .filter(isSaid)
    .toReversed()
    .slice(0, 4)
  const pictures = images.byMessages(said.map((message) => message.id))
  const lines = said.map(
    (message) =>
      `${message.sender === 'user' ? 'User' : 'Model'}: ${cut(sayMessage(message, pictures.get(message.id) ?? []), 1000)}`,
  )
  const answer = await askCheapModel(parts, {
    purpose: 'title',
    system: titleSystem,
    text: lines.join('\n'),
    maxTokens: 40,
    temperature: 0.2,
    userId: turn.userId,
    conversationId: turn.conversation.id,
    turnId: undefined,
    signal,
  })
  const title = answer.split('\n')[0]?.replace(/^["“'#\s]+|["”'.\s]+$/g, '') ?? ''
  const firstWords = said.find((message) => message.sender === 'user')?.text ?? ''
  return cut(
    title || firstWords.replace(/^\/\w+\s*/, '').replace(/\s+/g, ' ') || turn.conversation.title,
    longest,
  )
}
