import type { Model, Spent } from '../providers/provider.ts'

/** Bytes a token, as a forecast: within 1 to 20 % of real tokenisers on prose, and free. */
const bytesPerToken = 4

/** A figure above this is taken for a mistake of the provider's, never for a price of one call: 20 USD. */
const mostBelievableMicro = 20_000_000

/** What a picture is expected to cost where nobody tells the price: 0.10 USD. */
const unknownImageMicro = 100_000

/** How many tokens a text is about, without a tokeniser. */
export function forecastTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken)
}

/** The most that one picture is expected to cost, micro-dollars. */
export function forecastImage(model: Model): number {
  return model.provider === 'offline' ? 0 : (model.imagePriceMicro ?? unknownImageMicro)
}

/** What an answer of `completionTokens` to a prompt of `promptTokens` costs at list price, micro-dollars. */
export function forecastText(model: Model, promptTokens: number, completionTokens: number): number {
  if (model.provider === 'offline') return 0
  const prompt = promptTokens * (model.promptPriceMicro ?? 0)
  const completion = completionTokens * (model.completionPriceMicro ?? 0)
  return Math.ceil((prompt + completion) / 1_000_000)
}

/**
 * What a finished call cost, micro-dollars: the provider's own figure where it is believable, else what
 * was forecast. Figures from outside never move money by themselves.
 */
export function settledCost(spent: Spent, forecastMicro: number): number {
  const told = spent.costMicro
  const believable =
    told !== undefined && Number.isSafeInteger(told) && told >= 0 && told <= mostBelievableMicro
  return believable ? told : forecastMicro
}

/** Micro-dollars as the decimal dollars of the wire. */
export function asUsd(micro: number): number {
  return micro / 1_000_000
}
