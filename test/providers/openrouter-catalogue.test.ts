import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Model } from '../../server/providers/provider.ts'
import { openrouterModels } from '../../server/providers/models.ts'
import { errorStatus } from '../support/fake-openrouter/behaviours.ts'
import { type Behaviour, type FakeOpenRouter, startFakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { openProvider } from './open-provider.ts'

let fake: FakeOpenRouter
let provider: ReturnType<typeof openProvider>
beforeAll(async () => {
  fake = await startFakeOpenRouter()
  provider = openProvider(fake)
})
afterEach(() => fake.reset())
afterAll(async () => {
  await provider.close()
  await fake.close()
})

async function list(): Promise<Model[]> {
  return (await provider.listModels?.(new AbortController().signal)) ?? []
}

function models(...data: unknown[]): Behaviour {
  return {
    async answer(exchange) {
      exchange.usage = undefined
      await exchange.json(200, { data })
    },
  }
}

const entry = {
  id: 'a/b',
  name: 'A: B',
  architecture: { input_modalities: ['text'], output_modalities: ['text'] },
  pricing: { prompt: '0.0000005', completion: '0.000003' },
}

describe('the models of OpenRouter', () => {
  it('paint where they give text and pictures, write where they give text', async () => {
    const all = await list()
    const flash = all.find((model) => model.id === 'google/gemini-2.5-flash-image')
    expect(flash).toEqual({
      id: 'google/gemini-2.5-flash-image',
      name: 'Google: Gemini 2.5 Flash Image (Nano Banana)',
      provider: 'openrouter',
      aliases: [],
      paints: true,
      writes: false,
      sees: true,
      notes: '',
      imagePriceMicro: 38_700,
      promptPriceMicro: 300_000,
      completionPriceMicro: 2_500_000,
      replacement: undefined,
    })
    const haiku = all.find((model) => model.id === '~anthropic/claude-haiku-latest')
    expect(haiku).toMatchObject({ paints: false, writes: true, sees: true, imagePriceMicro: undefined })
    expect(fake.requests.map((request) => request.path)).toEqual(['/api/v1/models?output_modalities=all'])
  })

  it('leave out those that give pictures alone, and take a router for a writer of unknown price', async () => {
    const all = await list()
    expect(all.map((model) => model.id)).not.toContain('black-forest-labs/flux.2-pro')
    expect(all.find((model) => model.id === 'openrouter/auto')).toMatchObject({
      paints: false,
      writes: true,
      promptPriceMicro: undefined,
    })
  })

  it('say when they end', async () => {
    const all = await list()
    const preview = all.find((model) => model.id === 'google/gemini-3.1-flash-image-preview')
    expect(preview?.notes).toBe('Ends on 2026-12-31')
  })

  it.each([
    ['nothing', null],
    ['no id', { ...entry, id: '' }],
    ['no architecture', { ...entry, architecture: undefined }],
    ['sound', { ...entry, architecture: { input_modalities: ['text'], output_modalities: ['audio'] } }],
    ['a batch variant', { ...entry, id: 'a/b:batch' }],
  ])('leave out an entry with %s and keep the others', async (_, odd) => {
    fake.nextOn('/models', models(odd, entry))
    expect((await list()).map((model) => model.id)).toEqual(['a/b'])
  })

  it.each([
    ['missing prices are free', {}, 0],
    ['a negative price is unknown', { prompt: '-1' }, undefined],
    ['a number will do', { prompt: 0.000_000_5 }, 500_000],
    ['nonsense is unknown', { prompt: 'cheap' }, undefined],
    ['no prices at all are free', null, 0],
  ])('%s', async (_, pricing, promptPriceMicro) => {
    fake.nextOn('/models', models({ ...entry, pricing }))
    expect(await list()).toMatchObject([{ promptPriceMicro }])
  })

  it.each([
    ['an error', errorStatus(503), { reason: 'unavailable' }],
    ['no JSON', page('<html>'), { reason: 'bad_response' }],
    ['no list', page('{"data":{}}'), { reason: 'bad_response' }],
  ])('are a problem where the answer is %s', async (_, behaviour, problem) => {
    fake.nextOn('/models', behaviour)
    await expect(list()).rejects.toMatchObject({ code: 'openrouter_error', ...problem })
  })
})

describe('the models that are known without asking', () => {
  it('begin with the five of the original, the default first', () => {
    expect(openrouterModels.slice(0, 5).map(({ name, id }) => [name, id])).toEqual([
      ['Nano Banana 2', 'google/gemini-3.1-flash-image-preview'],
      ['Nano Banana', 'google/gemini-2.5-flash-image'],
      ['Nano Banana Pro', 'google/gemini-3-pro-image-preview'],
      ['GPT-5 Image Mini', 'openai/gpt-5-image-mini'],
      ['GPT-5 Image', 'openai/gpt-5-image'],
    ])
  })

  it('have names of their own, and replacements that are known and can do the same', () => {
    const names = openrouterModels.flatMap((model) => [model.id, ...model.aliases])
    expect(new Set(names).size).toBe(names.length)
    for (const model of openrouterModels) {
      if (model.replacement === undefined) continue
      const next = openrouterModels.find((other) => other.id === model.replacement)
      expect(next).toMatchObject({ paints: model.paints, writes: model.writes })
    }
  })
})

function page(body: string): Behaviour {
  return {
    async answer(exchange) {
      exchange.usage = undefined
      await exchange.reply(200, 'text/html', body)
    },
  }
}
