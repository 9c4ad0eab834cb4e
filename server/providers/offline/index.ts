import type { Provider } from '../provider.ts'
import { offlinePainter, type OfflinePainterOptions } from './painter.ts'
import { offlineWriter, type OfflineWriterOptions } from './writer.ts'

/** The embedded provider: works without any key, and says that it is offline. Its models are in `models.ts`. */
export function offlineProvider(options: OfflineWriterOptions & OfflinePainterOptions = {}): Provider {
  return { name: 'offline', writer: offlineWriter(options), painter: offlinePainter(options) }
}
