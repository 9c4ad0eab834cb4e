import type { Brush } from '../draw/brush.ts'
import type { Work } from '../draw/work.ts'
import type { Palette } from '../palette.ts'
import type { Scene } from '../scene.ts'

/** What a scene is painted with and from. */
export interface Stage {
  brush: Brush
  scene: Scene
  palette: Palette
}

/** Paints one subject, from the sky down. */
export type PaintScene = (stage: Stage) => Work
