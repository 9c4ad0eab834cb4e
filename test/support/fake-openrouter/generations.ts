import type { Exchange } from './exchange.ts'

/** What `GET /generation` tells of a call (wire.md 1.11). Money in dollars. */
export interface Generation {
  id: string
  model: string | null
  provider_name: string
  api_type: 'completions' | 'image'
  created_at: string
  total_cost: number
  usage: number
  tokens_prompt: number
  tokens_completion: number
  native_tokens_prompt: number
  native_tokens_completion: number
  native_tokens_completion_images: number
  finish_reason: string | null
  native_finish_reason: string | null
  streamed: boolean
  cancelled: boolean
  latency: number
  generation_time: number
  moderation_latency: null
  is_byok: false
  upstream_id: null
  external_user: string | null
}

/** Providers that stop working, and billing, when a stream is dropped (wire.md 1.8); Google does not. */
const stopsWhenDropped = /^~?(openai|anthropic|x-ai|deepseek)\//

/** The record of a finished exchange; undefined when it generated nothing. */
export function generationOf(exchange: Exchange): Generation | undefined {
  const { body, usage, gone } = exchange
  if (!usage) return undefined
  const failed = exchange.finishReason === 'error'
  const cancelled = gone.aborted
  const stopped = cancelled && exchange.streamed && stopsWhenDropped.test(body.model ?? '')
  const cost = usage.cost ?? 0
  const billed = failed
    ? 0
    : stopped
      ? Math.min(cost, usage.cost_details.upstream_inference_prompt_cost)
      : cost
  return {
    id: exchange.id,
    model: body.model ?? null,
    provider_name: 'Google AI Studio',
    api_type: exchange.request.url?.endsWith('/images') ? 'image' : 'completions',
    created_at: new Date(exchange.created * 1000).toISOString(),
    total_cost: billed,
    usage: billed,
    tokens_prompt: usage.prompt_tokens,
    tokens_completion: usage.completion_tokens,
    native_tokens_prompt: usage.prompt_tokens,
    native_tokens_completion: usage.completion_tokens,
    native_tokens_completion_images: usage.completion_tokens_details.image_tokens,
    finish_reason: cancelled ? null : exchange.finishReason,
    native_finish_reason: cancelled ? null : exchange.nativeFinishReason,
    streamed: exchange.streamed,
    cancelled,
    latency: 900,
    generation_time: 8000,
    moderation_latency: null,
    is_byok: false,
    upstream_id: null,
    external_user: body.user ?? null,
  }
}
