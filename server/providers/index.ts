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

/** A provider by name; undefined where it is not configured. */
export async function openProvider(name: ProviderName, parts: ProviderParts): Promise<Provider | undefined> {
  return factories[name]?.(parts)
}

async function openrouter({ config, clock, log }: ProviderParts): Promise<Provider | undefined> {
  const { apiKey, baseUrl } = config.openrouter
  if (apiKey === undefined) return undefined
  const { openrouterProvider } = await import('./openrouter.ts')
  const { providerTimeoutMs: timeoutMs, publicUrl } = config
  return openrouterProvider({ apiKey, baseUrl, timeoutMs, publicUrl, clock, log })
}
