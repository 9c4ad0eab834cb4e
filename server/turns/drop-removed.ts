import { imageUrl } from '../images/present-image.ts'
import type { Store } from '../store/store.ts'
import type { LiveTurn } from './live-turn.ts'

/** Takes pictures out of a running turn's text that somebody has removed since they were told. */
export function dropRemoved({ images }: Pick<Store, 'images'>, running: LiveTurn): void {
  if (running.pictures.length === 0 || running.hasEnded) return
  const { modelMessageId } = running.turn
  const there = images.byMessages([modelMessageId]).get(modelMessageId) ?? []
  const shown = new Set(there.map(imageUrl))
  running.dropPictures(new Set(running.pictures.filter((url) => !shown.has(url))))
}
