import { type CatalogueModel, catalogue } from './catalogue.ts'
import { type ChatRequest, allText, asksForPicture, shownPictures } from './chat-request.ts'

/** The `usage` of an answer as OpenRouter gives it (wire.md 1.4). `cost` is in dollars; it may be left out. */
export interface Usage {
  prompt_tokens: number
  completion_tokens: number
  total_tokens: number
  cost?: number
  is_byok: false
  prompt_tokens_details: { cached_tokens: number; audio_tokens: number; video_tokens: number }
  cost_details: {
    upstream_inference_cost: null
    upstream_inference_prompt_cost: number
    upstream_inference_completions_cost: number
  }
  completion_tokens_details: { reasoning_tokens: number; image_tokens: number }
}

const imageTokens = 1290
const inputPictureTokens = 258

/** What a request and its answer cost by the catalogue's prices; a fourth of a token each character. */
export function usageOf(request: ChatRequest, answer: { text: string; pictures: number }): Usage {
  const pricing = catalogue.find((model) => model.id === request.model)?.pricing ?? {}
  const promptTokens =
    Math.ceil(allText(request).length / 4) + inputPictureTokens * shownPictures(request).length
  const drawn = imageTokens * answer.pictures
  const written = Math.ceil(answer.text.length / 4)
  const promptCost = dollars(promptTokens * price(pricing, 'prompt', 0.000_000_3))
  const completionCost = dollars(
    drawn * price(pricing, 'image_output', 0.000_03) + written * price(pricing, 'completion', 0.000_002_5),
  )
  return {
    prompt_tokens: promptTokens,
    completion_tokens: drawn + written,
    total_tokens: promptTokens + drawn + written,
    cost: dollars(promptCost + completionCost),
    is_byok: false,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0, video_tokens: 0 },
    cost_details: {
      upstream_inference_cost: null,
      upstream_inference_prompt_cost: promptCost,
      upstream_inference_completions_cost: completionCost,
    },
    completion_tokens_details: { reasoning_tokens: 0, image_tokens: drawn },
  }
}

/** The usage of an answer that is not known yet: a picture, or some words. */
export function expectedUsage(request: ChatRequest): Usage {
  return usageOf(
    request,
    asksForPicture(request) ? { text: '', pictures: 1 } : { text: ' '.repeat(200), pictures: 0 },
  )
}

function price(pricing: CatalogueModel['pricing'], name: string, fallback: number): number {
  const value = Number(pricing[name] ?? fallback)
  return value >= 0 ? value : fallback
}

function dollars(value: number): number {
  return Number(value.toFixed(7))
}
