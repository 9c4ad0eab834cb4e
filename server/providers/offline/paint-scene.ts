import { Brush } from './draw/brush.ts'
import type { Canvas } from './draw/canvas.ts'
import type { Rgb } from './draw/colour.ts'
import type { Work } from './draw/work.ts'
import { borrowed, paletteFor } from './palette.ts'
import type { Scene } from './scene.ts'
import { scenePainters } from './scenes/index.ts'
import { randomFrom } from './seed.ts'
import { styles } from './styles/style.ts'

/** Paints a scene on an empty canvas; `colours` of another picture tint the palette where given. */
export function* paintScene(canvas: Canvas, scene: Scene, colours: readonly Rgb[] = []): Work {
  const style = styles[scene.style]
  const random = randomFrom(scene.seed)
  const brush = new Brush(canvas, style.medium, random)
  const palette = borrowed(paletteFor(scene), colours)
  yield* scenePainters[scene.subject]({ brush, scene, palette })
  yield* style.finish(canvas, random)
}
