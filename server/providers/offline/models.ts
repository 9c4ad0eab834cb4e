import type { Model } from '../provider.ts'

const free = { imagePriceMicro: 0, promptPriceMicro: 0, completionPriceMicro: 0, replacement: undefined }

/** What the embedded provider offers. Apart from its code, so that naming it does not load it. */
export const offlineModels: readonly Model[] = [
  {
    id: 'easel/offline-painter',
    name: 'Offline painter',
    provider: 'offline',
    aliases: ['offline'],
    paints: true,
    writes: false,
    sees: false,
    notes: 'Draws by rules, without a model',
    ...free,
  },
  {
    id: 'easel/offline-writer',
    name: 'Offline writer',
    provider: 'offline',
    aliases: [],
    paints: false,
    writes: true,
    sees: true,
    notes: 'Answers by rules, without a model',
    ...free,
  },
]
