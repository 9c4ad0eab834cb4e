import type { Provider } from '../provider.ts'
import { offlinePainter } from './painter.ts'
import { offlineWriter, type OfflineWriterOptions } from './writer.ts'

/** The embedded provider: works without any key, and says that it is offline. Its models are in `models.ts`. */
export function offlineProvider(options: OfflineWriterOptions = {}): Provider {
  return { name: 'offline', writer: offlineWriter(options), painter: offlinePainter() }
}
