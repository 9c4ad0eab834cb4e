import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { AspectRatio } from '../contract/images.ts'
import { Problem } from '../errors.ts'
import type { Catalogue } from './catalogue.ts'
import { openProvider, type ProviderParts } from './index.ts'
import type { Model, Painter, Provider, ProviderName, Writer } from './provider.ts'

/** Which providers have what they need; the embedded one always has. */
export function configuredProviders(config: Pick<Config, 'openrouter'>): ReadonlySet<ProviderName> {
  return new Set<ProviderName>(
    config.openrouter.apiKey === undefined ? ['offline'] : ['openrouter', 'offline'],
  )
}

/** The services behind the models, opened when one is first needed: their code is not part of the start. */
export interface Services {
  /** @throws Problem `missing_api_key` */
  writerOf(model: Model): Promise<Writer>
  /** @throws Problem `missing_api_key` */
  painterOf(model: Model): Promise<Painter>
  /** The shape that a model will give a picture for which none is asked, where that is known before. */
  shapeOf(model: Model, prompt: string): Promise<AspectRatio | undefined>
  /** Asks the providers what they offer now; what cannot be reached is logged and stays as it was. */
  refresh(catalogue: Catalogue, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

export function createServices(parts: ProviderParts & { log: Logger }): Services {
  const opened = new Map<ProviderName, Promise<Provider | undefined>>()

  function open(name: ProviderName): Promise<Provider | undefined> {
    const provider = opened.get(name) ?? openProvider(name, parts)
    opened.set(name, provider)
    return provider
  }

  async function find(model: Model): Promise<Provider> {
    const provider = await open(model.provider)
    if (!provider) throw new Problem('missing_api_key', `${model.id} has no key configured on this server.`)
    return provider
  }

  return {
    async writerOf(model) {
      const { writer } = await find(model)
      if (!writer) throw new Problem('invalid_request', `${model.id} does not write.`)
      return writer
    },
    async painterOf(model) {
      const { painter } = await find(model)
      if (!painter) throw new Problem('invalid_request', `${model.id} does not paint.`)
      return painter
    },
    async shapeOf(model, prompt) {
      return (await open(model.provider))?.painter?.shapeOf?.(prompt)
    },
    async refresh(catalogue, signal) {
      for (const name of configuredProviders(parts.config)) {
        if (name === 'offline') continue
        const provider = await open(name)
        if (!provider?.listModels) continue
        try {
          catalogue.update(await provider.listModels(signal))
        } catch (cause) {
          if (!signal.aborted)
            parts.log.warn({ err: cause, provider: provider.name }, 'the models could not be listed')
        }
      }
    },
    async close() {
      for (const provider of opened.values()) await (await provider)?.close?.()
    },
  }
}
