import { wishOf } from '../images/present-image.ts'
import { askCheapModel } from './ask-cheap-model.ts'
import { cut } from './say-message.ts'
import type { ImageRow } from '../store/image-row.ts'
import type { TurnParts } from './turn.ts'

const describeSystem = `You describe a picture for people who cannot see it and for a search. First line: a caption of two to six words, no full stop. Second line: one sentence, at most 40 words, that says what is to be seen, in what style and light. Nothing else. The prompt it was made from is given as a help; describe what is really there.`

/**
 * Gives the next picture that has none a thumbhash, a caption and a description: by the cheap model where it sees,
 * else from the prompt. Used as alt text, in search, and for models that do not see.
 * @returns false when every picture has them.
 */
export async function describeNextImage(parts: TurnParts, signal: AbortSignal): Promise<boolean> {
  const [image] = parts.store.images.undescribed(1)
  if (!image) return false
  if (image.thumbhash === null) {
    const hash = await parts.pictures.thumbhash(image)
    if (hash !== undefined) parts.store.images.setThumbhash(image.id, hash)
  }
  const { caption, description } = await describe(parts, image, signal)
  parts.store.images.setDescription(image.id, { caption, description, alt: description })
  return true
}

async function describe(parts: TurnParts, image: ImageRow, signal: AbortSignal) {
  const fromPrompt = {
    caption: cut(image.rawPrompt, 60),
    description: cut(wishOf(image), 300),
  }
  const model = parts.catalogue.cheapModel()
  const picture = model.sees ? await parts.pictures.visionCopy(image) : undefined
  if (!picture) return fromPrompt
  try {
    const answer = await askCheapModel(parts, {
      purpose: 'describe',
      system: describeSystem,
      text: `Image prompt:\n${wishOf(image)}`,
      pictures: [picture],
      maxTokens: 150,
      temperature: 0.2,
      userId: image.userId,
      conversationId: image.conversationId,
      turnId: undefined,
      signal,
    })
    const [first = '', ...rest] = answer.split('\n').filter((line) => line.trim() !== '')
    const caption = cut(first.replace(/^[#*\s"“]+|[."”*\s]+$/g, ''), 80)
    const description = cut(rest.join(' ').trim(), 500)
    return { caption: caption || fromPrompt.caption, description: description || fromPrompt.description }
  } catch (cause) {
    if (signal.aborted) throw cause
    // One try: a picture whose description failed keeps its prompt as one, and is not paid for again.
    parts.log.warn({ err: cause, image: image.id }, 'a picture could not be described')
    return fromPrompt
  }
}
