/** One entry of `GET /models` (wire.md 1.9). Prices are decimal strings, dollars a token; missing means 0. */
export interface CatalogueModel {
  id: string
  canonical_slug: string
  name: string
  created: number
  description: string
  context_length: number
  architecture: {
    modality: string
    input_modalities: string[]
    output_modalities: string[]
    tokenizer: string
    instruct_type: string | null
  }
  pricing: Record<string, string>
  top_provider: { context_length: number; max_completion_tokens: number | null; is_moderated: boolean }
  per_request_limits: null
  supported_parameters: string[]
  default_parameters: Record<string, unknown>
  expiration_date: string | null
  knowledge_cutoff: string | null
}

/**
 * The models that exist. Some are odd as on the wire: `-1` prices (a router), no prices at all, an alias with
 * `~`, a scheduled removal, pictures without text.
 */
export const catalogue: readonly CatalogueModel[] = [
  model('google/gemini-3.1-flash-image-preview', 'Google: Nano Banana 2 (Gemini 3.1 Flash Image Preview)', {
    pricing: {
      prompt: '0.0000005',
      completion: '0.000003',
      image: '0.0000005',
      image_output: '0.00006',
      request: '0',
    },
    output: ['image', 'text'],
    expires: '2026-12-31',
  }),
  model('google/gemini-3.1-flash-image', 'Google: Gemini 3.1 Flash Image', {
    pricing: {
      prompt: '0.0000005',
      completion: '0.000003',
      image: '0.0000005',
      image_output: '0.00006',
      request: '0',
    },
    output: ['image', 'text'],
  }),
  model('google/gemini-2.5-flash-image', 'Google: Gemini 2.5 Flash Image (Nano Banana)', {
    pricing: { prompt: '0.0000003', completion: '0.0000025', image_output: '0.00003' },
    output: ['image', 'text'],
  }),
  model('google/gemini-3-pro-image-preview', 'Google: Nano Banana Pro (Gemini 3 Pro Image Preview)', {
    pricing: { prompt: '0.000002', completion: '0.000012', image_output: '0.00012' },
    output: ['image', 'text'],
  }),
  model('google/gemini-3-pro-image', 'Google: Gemini 3 Pro Image', {
    pricing: { prompt: '0.000002', completion: '0.000012', image_output: '0.00012' },
    output: ['image', 'text'],
  }),
  model('openai/gpt-5-image-mini', 'OpenAI: GPT-5 Image Mini', {
    pricing: { prompt: '0.0000025', completion: '0.000002', image_output: '0.000008' },
    output: ['image', 'text'],
  }),
  model('openai/gpt-5-image', 'OpenAI: GPT-5 Image', {
    pricing: { prompt: '0.00001', completion: '0.00001', image_output: '0.00004' },
    output: ['image', 'text'],
  }),
  model('openrouter/auto', 'Auto Router', {
    pricing: { prompt: '-1', completion: '-1' },
    output: ['text', 'image'],
  }),
  model('anthropic/claude-haiku-4.5', 'Anthropic: Claude Haiku 4.5', {
    pricing: { prompt: '0.000001', completion: '0.000005', request: '0' },
    output: ['text'],
  }),
  model('~anthropic/claude-haiku-latest', 'Anthropic: Claude Haiku (latest)', {
    pricing: { prompt: '0.0000001', completion: '0.0000005' },
    output: ['text'],
  }),
  model('mistralai/mistral-small-2603', 'Mistral: Mistral Small', {
    pricing: {},
    output: ['text'],
    input: ['text'],
  }),
  model('black-forest-labs/flux.2-pro', 'Black Forest Labs: FLUX.2 Pro', {
    pricing: { image_output: '0.00001' },
    output: ['image'],
  }),
  model('bytedance-seed/seedream-4.5', 'ByteDance Seed: Seedream 4.5', { pricing: {}, output: ['image'] }),
]

interface Traits {
  pricing: Record<string, string>
  output: string[]
  input?: string[]
  expires?: string
}

function model(
  id: string,
  name: string,
  { pricing, output, input = ['image', 'text'], expires }: Traits,
): CatalogueModel {
  return {
    id,
    canonical_slug: `${id.replace('~', '')}-20260528`,
    name,
    created: 1_780_000_000,
    description: `${name}, as the fake OpenRouter knows it.`,
    context_length: 65_536,
    architecture: {
      modality: `${input.toSorted().toReversed().join('+')}->${output.toSorted().toReversed().join('+')}`,
      input_modalities: input,
      output_modalities: output,
      tokenizer: 'Other',
      instruct_type: null,
    },
    pricing,
    top_provider: { context_length: 65_536, max_completion_tokens: 32_768, is_moderated: false },
    per_request_limits: null,
    supported_parameters: ['max_tokens', 'temperature', 'top_p', 'seed', 'response_format'],
    default_parameters: {},
    expiration_date: expires ?? null,
    knowledge_cutoff: null,
  }
}
