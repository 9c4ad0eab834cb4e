import { AspectRatio, aspectRatios } from '../contract/images.ts'
import { countCharacters } from '../contract/basics.ts'
import { imagePromptLimit } from '../contract/turns.ts'
import { Problem } from '../errors.ts'
import type { Words } from '../texts/words.ts'
import type { Command, ImagePlan } from './command.ts'

const mostImages = 4

export const image: Command = {
  name: 'image',
  aliases: ['imagine', 'generate', 'draw'],
  options: [
    { name: 'model', type: 'text' },
    { name: 'aspect', type: 'text', values: [...aspectRatios] },
    { name: 'n', type: 'integer', minimum: 1, maximum: mostImages },
    { name: 'raw', type: 'flag' },
  ],
  plan({ text, options, words }) {
    const aspect = AspectRatio.safeParse(options['aspect'])
    const wish = {
      prompt: text,
      model: typeof options['model'] === 'string' ? options['model'] : undefined,
      aspectRatio: aspect.success ? aspect.data : undefined,
      count: typeof options['n'] === 'number' ? options['n'] : 1,
      raw: options['raw'] === true,
      edit: undefined,
    }
    return imagePlan(wish, words)
  },
}

/**
 * The plan of a picture, however it was asked for.
 * @throws Problem `missing_prompt`, or `invalid_request` for a prompt over 8,000 characters.
 */
export function imagePlan(wish: Omit<ImagePlan, 'kind'>, { refusals }: Words): ImagePlan {
  const prompt = wish.prompt.trim()
  if (prompt === '') throw new Problem('missing_prompt', refusals.noPrompt)
  const length = countCharacters(prompt)
  if (length > imagePromptLimit) {
    throw new Problem('invalid_request', refusals.promptTooLong(imagePromptLimit, length), {
      details: [{ field: 'messageText', message: refusals.atMost(imagePromptLimit) }],
    })
  }
  return { kind: 'image', ...wish, prompt }
}
