import { z } from 'zod'
import { listIn, numberIn, objectIn } from './loose-json.ts'
import { unreadableAnswer } from './openrouter-errors.ts'
import type { Line } from './openrouter-line.ts'
import type { Model } from './provider.ts'

/** The fields of one entry of `GET /models` that are used (wire.md section 1.9). */
const Entry = z.object({
  id: z.string().min(1).max(200),
  name: z.string().max(300).catch(''),
  architecture: z.object({
    input_modalities: z.array(z.string()).catch([]),
    output_modalities: z.array(z.string()),
  }),
  pricing: z.record(z.string(), z.unknown()).catch({}),
  expiration_date: z.string().max(40).nullable().catch(null),
})
type Entry = z.infer<typeof Entry>

// What the Gemini family spends on a picture of 1024 × 1024; prices are told by the token.
const tokensOfAPicture = 1290

export interface OpenrouterCatalogue {
  models: Model[]
  /** Ids of models that give pictures and no text: not offered, since they answer on another endpoint. */
  onlyPictures: string[]
}

/**
 * The models that OpenRouter offers now. Entries that make no sense are left out, so are batch variants and
 * what gives neither text nor pictures.
 * @throws Problem as every call to OpenRouter does
 */
export async function readCatalogue(line: Line, signal: AbortSignal): Promise<OpenrouterCatalogue> {
  const body = objectIn(await line.read('/models?output_modalities=all', signal))
  if (!Array.isArray(body.data)) throw unreadableAnswer('it is no list of models')
  const entries = listIn(body.data).flatMap((value) => Entry.safeParse(value).data ?? [])
  return {
    models: entries.flatMap(modelsOf),
    onlyPictures: entries.filter(givesOnlyPictures).map((entry) => entry.id),
  }
}

function givesOnlyPictures({ architecture }: Entry): boolean {
  return architecture.output_modalities.includes('image') && !architecture.output_modalities.includes('text')
}

function modelsOf(entry: Entry): Model[] {
  const { input_modalities: takes, output_modalities: gives } = entry.architecture
  if (!gives.includes('text') || entry.id.endsWith(':batch')) return []
  const prompt = pricePerMillion(entry.pricing.prompt)
  // A router has no price of its own (-1) and may send a picture's prompt anywhere: it only writes.
  const paints = gives.includes('image') && prompt !== undefined
  return [
    {
      id: entry.id,
      name: entry.name === '' ? entry.id : entry.name,
      provider: 'openrouter',
      aliases: [],
      paints,
      writes: !paints,
      sees: takes.includes('image'),
      notes: entry.expiration_date === null ? '' : `Ends on ${entry.expiration_date}`,
      imagePriceMicro: paints ? picturePrice(entry.pricing.image_output) : undefined,
      promptPriceMicro: prompt,
      completionPriceMicro: pricePerMillion(entry.pricing.completion),
      replacement: undefined,
    },
  ]
}

/** Dollars a token, as a decimal string, to micro-dollars per million tokens; missing is free, negative unknown. */
function pricePerMillion(value: unknown): number | undefined {
  const micro = Math.round((numberIn(value ?? '0') ?? -1) * 1e12)
  return micro >= 0 && Number.isSafeInteger(micro) ? micro : undefined
}

function picturePrice(perToken: unknown): number | undefined {
  const perMillion = pricePerMillion(perToken)
  return perMillion ? Math.ceil((perMillion * tokensOfAPicture) / 1_000_000) : undefined
}
