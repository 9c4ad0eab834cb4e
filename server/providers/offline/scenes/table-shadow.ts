import { darker } from '../draw/colour.ts'
import type { Work } from '../draw/work.ts'
import type { Stage } from './stage.ts'

/** The soft shadow a thing throws on the table. */
export function* shadow({ brush, palette }: Stage, x: number, y: number, wide: number, tall: number): Work {
  const dark = darker(palette.near, 0.45)
  yield* brush.veil(
    dark,
    (atX, atY) => {
      const away = Math.hypot((atX - x - wide * 0.3) / (wide * 1.25), (atY - y) / tall)
      return away >= 1 ? 0 : 0.62 * (1 - away) ** 0.8
    },
    y - tall,
    y + tall,
  )
}
