import { expect, it } from 'vitest'
import { openrouterModels } from '../../server/providers/models.ts'
import type { Model, Spent } from '../../server/providers/provider.ts'
import { forecastImage, forecastText, settledCost } from '../../server/quotas/prices.ts'

const spent = (costMicro: number | undefined): Spent => ({
  promptTokens: 1,
  completionTokens: 1,
  costMicro,
  upstreamId: undefined,
})
const painter = openrouterModels.find((model) => model.id === 'google/gemini-2.5-flash-image') as Model

it.each([
  [38_700, 38_700],
  [0, 0],
  [undefined, 500],
  [-5, 500],
  [1.5, 500],
  [Number.NaN, 500],
  [Number.POSITIVE_INFINITY, 500],
  [900_000_000, 500],
])('a provider that tells %s micro-dollars is settled at %s where 500 were forecast', (told, settled) => {
  expect(settledCost(spent(told), 500)).toBe(settled)
})

it('forecasts whole micro-dollars, and nothing for what is embedded', () => {
  expect(forecastImage(painter)).toBe(39_000)
  expect(forecastImage({ ...painter, provider: 'offline' })).toBe(0)
  expect(
    forecastText({ ...painter, promptPriceMicro: 1_000_000, completionPriceMicro: 5_000_000 }, 1000, 100),
  ).toBe(1500)
})
