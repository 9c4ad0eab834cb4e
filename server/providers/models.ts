import type { Model } from './provider.ts'

/** Models of OpenRouter that are known without asking it; prices are micro-dollars (wire.md section 1.13). */
export const openrouterModels: readonly Model[] = [
  painter('google/gemini-3.1-flash-image-preview', 'Nano Banana 2', {
    aliases: ['nano-banana-2'],
    notes: 'Best quality/speed balance',
    image: 67_000,
    tokens: [500_000, 3_000_000],
    replacement: 'google/gemini-3.1-flash-image',
  }),
  painter('google/gemini-2.5-flash-image', 'Nano Banana', {
    aliases: ['nano-banana', 'google/gemini-2.5-flash-image-preview'],
    notes: 'Slightly faster',
    image: 39_000,
    tokens: [300_000, 2_500_000],
    replacement: 'google/gemini-3.1-flash-image',
  }),
  painter('google/gemini-3-pro-image-preview', 'Nano Banana Pro', {
    aliases: ['nano-banana-pro'],
    notes: 'Highest quality, slower',
    image: 134_000,
    tokens: [2_000_000, 12_000_000],
    replacement: 'google/gemini-3-pro-image',
  }),
  // The two of OpenAI are billed by image tokens, 4,175 at most for one picture of 1024 × 1024.
  painter('openai/gpt-5-image-mini', 'GPT-5 Image Mini', {
    aliases: ['gpt-5-image-mini'],
    notes: 'OpenAI alternative',
    image: 34_000,
    tokens: [2_500_000, 2_000_000],
  }),
  painter('openai/gpt-5-image', 'GPT-5 Image', {
    aliases: ['gpt-5-image'],
    notes: 'OpenAI highest quality',
    image: 167_000,
    tokens: [10_000_000, 10_000_000],
    replacement: 'openai/gpt-5.4-image-2',
  }),
  painter('google/gemini-3.1-flash-image', 'Gemini 3.1 Flash Image', {
    notes: 'Nano Banana 2 under its lasting name',
    image: 67_000,
    tokens: [500_000, 3_000_000],
  }),
  painter('google/gemini-3-pro-image', 'Gemini 3 Pro Image', {
    notes: 'Nano Banana Pro under its lasting name',
    image: 134_000,
    tokens: [2_000_000, 12_000_000],
  }),
  painter('openai/gpt-5.4-image-2', 'GPT-5.4 Image 2', {
    notes: 'Newest of OpenAI',
    image: 167_000,
    tokens: [8_000_000, 15_000_000],
  }),
  writer('anthropic/claude-haiku-4.5', 'Claude Haiku 4.5', {
    notes: 'Refines prompts unless another is configured',
    tokens: [1_000_000, 5_000_000],
    replacement: 'anthropic/claude-haiku-5.5',
  }),
  writer('anthropic/claude-haiku-5.5', 'Claude Haiku 5.5', {
    aliases: ['~anthropic/claude-haiku-latest'],
    tokens: [100_000, 500_000],
  }),
  writer('openai/gpt-6-luna', 'GPT-6 Luna', {
    aliases: ['~openai/gpt-luna-latest'],
    tokens: [100_000, 500_000],
  }),
  writer('openai/gpt-5.6-luna', 'GPT-5.6 Luna', {
    tokens: [200_000, 1_200_000],
    replacement: 'openai/gpt-6-luna',
  }),
  writer('openai/gpt-5-nano', 'GPT-5 Nano', { tokens: [50_000, 400_000], replacement: 'openai/gpt-6-luna' }),
  writer('openai/gpt-4o-mini', 'GPT-4o mini', {
    tokens: [150_000, 600_000],
    replacement: 'openai/gpt-6-luna',
  }),
  writer('openai/gpt-4.1-mini', 'GPT-4.1 mini', {
    tokens: [400_000, 1_600_000],
    replacement: 'openai/gpt-6-luna',
  }),
  writer('google/gemini-2.5-flash-lite', 'Gemini 2.5 Flash Lite', {
    tokens: [100_000, 400_000],
    replacement: 'google/gemini-3.1-flash-lite',
  }),
  writer('google/gemini-3.1-flash-lite', 'Gemini 3.1 Flash Lite', { tokens: [250_000, 1_500_000] }),
  writer('google/gemini-3.5-flash-lite', 'Gemini 3.5 Flash Lite', { tokens: [300_000, 2_500_000] }),
  writer('google/gemini-3.8-flash', 'Gemini 3.8 Flash', { tokens: [825_000, 4_125_000] }),
  writer('qwen/qwen3.7-flash', 'Qwen3.7 Flash', { tokens: [30_000, 130_000] }),
  writer('mistralai/mistral-small-2603', 'Mistral Small 2603', { tokens: [150_000, 600_000] }),
]

interface Facts {
  aliases?: readonly string[]
  notes?: string
  /** Micro-dollars per million prompt and completion tokens. */
  tokens: readonly [number, number]
  replacement?: string
}

function painter(id: string, name: string, facts: Facts & { image: number }): Model {
  return { ...model(id, name, facts), paints: true, imagePriceMicro: facts.image }
}

function writer(id: string, name: string, facts: Facts): Model {
  return { ...model(id, name, facts), writes: true }
}

function model(id: string, name: string, facts: Facts): Model {
  return {
    id,
    name,
    provider: 'openrouter',
    aliases: facts.aliases ?? [],
    paints: false,
    writes: false,
    sees: true,
    notes: facts.notes ?? '',
    imagePriceMicro: undefined,
    promptPriceMicro: facts.tokens[0],
    completionPriceMicro: facts.tokens[1],
    replacement: facts.replacement,
  }
}
