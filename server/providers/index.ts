import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Provider, ProviderName } from './provider.ts'

export interface ProviderParts {
  config: Pick<Config, 'openrouter' | 'providerTimeoutMs' | 'publicUrl'>
  clock: Clock
  log: Logger
}

/** Makes a provider, or nothing where its key is not configured. Its code is loaded only then. */
type Factory = (parts: ProviderParts) => Promise<Provider | undefined>

/** One line a provider. */
const factories: Readonly<Partial<Record<ProviderName, Factory>>> = {
  openrouter: async (parts) => openrouter(parts),
  offline: async () => (await import('./offline/index.ts')).offlineProvider(),
}

/** Every provider that is configured, by name; the offline one is always there. */
export async function openProviders(parts: ProviderParts): Promise<ReadonlyMap<ProviderName, Provider>> {
  const opened = await Promise.all(Object.values(factories).map((open) => open(parts)))
  return new Map(opened.flatMap((provider) => (provider ? [[provider.name, provider]] : [])))
}

async function openrouter({ config, clock, log }: ProviderParts): Promise<Provider | undefined> {
  const { apiKey, baseUrl } = config.openrouter
  if (apiKey === undefined) return undefined
  const { openrouterProvider } = await import('./openrouter.ts')
  const { providerTimeoutMs: timeoutMs, publicUrl } = config
  return openrouterProvider({ apiKey, baseUrl, timeoutMs, publicUrl, clock, log })
}
