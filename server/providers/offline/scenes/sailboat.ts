import { darker, hex, lighter, mix, smoothstep } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise } from '../draw/noise.ts'
import { smooth } from '../draw/outline.ts'
import { sided, solid } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import type { Stage } from './stage.ts'

/** A sloop seen from the side; (x, y) is the middle of its water line. */
export function* sailboat(
  { brush, palette }: Stage,
  x: number,
  y: number,
  size: number,
  sail: readonly [number, number, number],
): Work {
  const dim = 0.6 * (1 - palette.daylight)
  const cloth = darker(mix(hex('#fbf6ea'), palette.glow, 0.15), dim * 0.8)
  const hull = darker(mix(hex('#9c4a34'), palette.near, 0.15), dim)
  const colour = darker(sail, dim)
  const lean = size * 0.03
  yield* brush.veil(
    mix(colour, palette.deep, 0.45),
    (atX, atY) => {
      const down = (atY - y) / (size * 0.7)
      if (down < 0 || down > 1) return 0
      const wave = (cloudNoise().at(atX / (2 * brush.unit), atY / (0.35 * brush.unit)) - 0.5) * size * 0.3
      const half = size * 0.3 * (1 - down * 0.7)
      const off = Math.abs(atX + wave - x) / half
      return off > 1 ? 0 : 0.5 * (1 - down) * smoothstep(1, 0.7, off)
    },
    y,
    y + size * 0.7,
  )
  const mast: Point[] = [
    [x, y - size * 0.08],
    [x + lean, y - size * 1.02],
  ]
  const main = smooth(
    [
      [x + lean + size * 0.02, y - size * 0.98],
      [x + size * 0.3, y - size * 0.5],
      [x + size * 0.43, y - size * 0.17],
      [x + size * 0.2, y - size * 0.155],
      [x + size * 0.025, y - size * 0.16],
    ],
    false,
    6,
  )
  yield* brush.shape(main, sided(x + size * 0.3, size * 0.2, lighter(colour, 0.08), darker(colour, 0.16)), {
    crisp: true,
  })
  const jib = smooth(
    [
      [x + lean - size * 0.015, y - size * 0.93],
      [x - size * 0.16, y - size * 0.52],
      [x - size * 0.38, y - size * 0.15],
      [x - size * 0.18, y - size * 0.17],
      [x - size * 0.015, y - size * 0.18],
    ],
    false,
    6,
  )
  yield* brush.shape(jib, sided(x - size * 0.2, size * 0.2, cloth, darker(cloth, 0.1)), { crisp: true })
  yield* brush.line(mast, size * 0.022, size * 0.014, solid(darker(palette.near, 0.1)))
  const body = smooth(
    [
      [x - size * 0.44, y - size * 0.13],
      [x, y - size * 0.1],
      [x + size * 0.42, y - size * 0.125],
      [x + size * 0.32, y - size * 0.01],
      [x, y + size * 0.015],
      [x - size * 0.3, y - size * 0.005],
    ],
    true,
    6,
  )
  yield* brush.shape(body, solid(hull), { crisp: true })
  yield* brush.line(
    [
      [x - size * 0.43, y - size * 0.122],
      [x, y - size * 0.095],
      [x + size * 0.41, y - size * 0.117],
    ],
    size * 0.02,
    size * 0.02,
    solid(cloth),
  )
  yield* brush.line(
    [
      [x - size * 0.42, y + size * 0.012],
      [x, y + size * 0.024],
      [x + size * 0.44, y + size * 0.01],
    ],
    size * 0.012,
    size * 0.02,
    solid(lighter(palette.horizon, 0.4)),
    { alpha: 0.7 },
  )
}
