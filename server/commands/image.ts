import { AspectRatio, aspectRatios } from '../contract/images.ts'
import { imagePromptLimit } from '../contract/turns.ts'
import { Problem } from '../errors.ts'
import type { Command, ImagePlan } from './command.ts'

const mostImages = 4

export const image: Command = {
  name: 'image',
  aliases: ['imagine', 'generate', 'draw'],
  usage: '/image <prompt> [--aspect 16:9] [--n 1-4] [--model id] [--raw]',
  summary: 'Paint a picture of what you describe, with what was talked about in mind.',
  options: [
    { name: 'model', type: 'text', summary: 'the id of an image model' },
    { name: 'aspect', type: 'text', summary: 'the shape of the picture', values: [...aspectRatios] },
    { name: 'n', type: 'integer', summary: 'how many pictures', minimum: 1, maximum: mostImages },
    { name: 'raw', type: 'flag', summary: 'use my words exactly, without refinement' },
  ],
  plan({ text, options }) {
    const aspect = AspectRatio.safeParse(options['aspect'])
    return imagePlan({
      prompt: text,
      model: typeof options['model'] === 'string' ? options['model'] : undefined,
      aspectRatio: aspect.success ? aspect.data : undefined,
      count: typeof options['n'] === 'number' ? options['n'] : 1,
      raw: options['raw'] === true,
      edit: undefined,
    })
  },
}

/**
 * The plan of a picture, however it was asked for.
 * @throws Problem `missing_prompt`, or `invalid_request` for a prompt over 8,000 characters.
 */
export function imagePlan(wish: Omit<ImagePlan, 'kind'>): ImagePlan {
  const prompt = wish.prompt.trim()
  if (prompt === '') {
    throw new Problem('missing_prompt', 'Say what to paint, for example: /image a lighthouse at dusk.')
  }
  if (prompt.length > imagePromptLimit) {
    throw new Problem(
      'invalid_request',
      `An image prompt takes at most ${imagePromptLimit} characters; this one has ${prompt.length}.`,
      { details: [{ field: 'messageText', message: `at most ${imagePromptLimit} characters` }] },
    )
  }
  return { kind: 'image', ...wish, prompt }
}
