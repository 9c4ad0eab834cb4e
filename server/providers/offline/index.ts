import type { Model, Provider } from '../provider.ts'
import { offlinePainter } from './painter.ts'
import { offlineWriter, type OfflineWriterOptions } from './writer.ts'

const base = {
  provider: 'offline',
  imagePriceMicro: 0,
  promptPriceMicro: 0,
  completionPriceMicro: 0,
  replacement: undefined,
} as const

/** The two models that need no key and no network. */
export const offlineModels: Model[] = [
  {
    ...base,
    id: 'easel/offline-painter',
    name: 'Offline painter',
    aliases: ['offline-painter'],
    paints: true,
    writes: false,
    sees: true,
    notes: 'Draws from the words of the prompt on this machine, without an image model.',
  },
  {
    ...base,
    id: 'easel/offline-writer',
    name: 'Offline writer',
    aliases: ['offline-writer'],
    paints: false,
    writes: true,
    sees: true,
    notes: 'Plain answers by rule on this machine, without a language model.',
  },
]

/** The embedded provider: works without any key, and says that it is offline. */
export function offlineProvider(options: OfflineWriterOptions = {}): Provider {
  return {
    name: 'offline',
    writer: offlineWriter(options),
    painter: offlinePainter(),
    listModels: () => Promise.resolve(offlineModels),
  }
}
