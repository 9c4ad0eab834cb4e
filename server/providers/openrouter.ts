import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { openrouterModels } from './models.ts'
import { readCatalogue } from './openrouter-catalogue.ts'
import { openrouterLine } from './openrouter-line.ts'
import { openrouterPainter } from './openrouter-paint.ts'
import { openrouterWriter } from './openrouter-write.ts'
import type { Provider } from './provider.ts'
import { openUpstream } from './upstream.ts'

export interface OpenrouterOptions {
  apiKey: string
  /** Without a slash at its end: `https://openrouter.ai/api/v1`. */
  baseUrl: string
  /** For a whole picture or refinement; for streamed text until the first event and between two. */
  timeoutMs: number
  /** Told to OpenRouter as the app's address; undefined tells none. */
  publicUrl: URL | undefined
  clock: Clock
  log: Logger
  /** How long a body may be silent once it has begun. */
  silenceMs?: number
}

/** OpenRouter: text and pictures through `/chat/completions`, models through `/models`. Connects when first asked. */
export function openrouterProvider(options: OpenrouterOptions): Provider & { close(): Promise<void> } {
  const { apiKey, baseUrl, timeoutMs, publicUrl, clock, log } = options
  const upstream = openUpstream({
    baseUrl,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'x-openrouter-title': 'Easel',
      ...(publicUrl ? { 'http-referer': publicUrl.origin } : {}),
    },
    code: 'openrouter_error',
    service: 'OpenRouter',
    ...(options.silenceMs === undefined ? {} : { silenceMs: options.silenceMs }),
  })
  const line = openrouterLine({ upstream, apiKey, timeoutMs, clock })
  const seeing = new Map(openrouterModels.map((model) => [model.id, model.sees]))
  const onlyPictures = new Set<string>()

  return {
    name: 'openrouter',
    // A model that nobody knows is shown the picture: one that cannot see says so, a blind guess would not.
    writer: openrouterWriter(line, (model) => seeing.get(model) ?? true),
    painter: openrouterPainter(line, (model) => (onlyPictures.has(model) ? ['image'] : ['image', 'text'])),
    async listModels(signal) {
      const catalogue = await readCatalogue(line, signal)
      for (const model of catalogue.models) seeing.set(model.id, model.sees)
      for (const id of catalogue.onlyPictures) onlyPictures.add(id)
      log.debug({ models: catalogue.models.length }, 'read the catalogue of OpenRouter')
      return catalogue.models
    },
    close: () => upstream.close(),
  }
}
