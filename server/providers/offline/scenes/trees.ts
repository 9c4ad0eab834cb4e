import type { Brush } from '../draw/brush.ts'
import { darker, lighter, mix, type Rgb } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { ellipse, roughened } from '../draw/outline.ts'
import { mottled, solid } from '../draw/shader.ts'
import { cloudNoise } from '../draw/noise.ts'
import type { Work } from '../draw/work.ts'

/** A fir, its foot at (x, y). */
export function* fir(brush: Brush, x: number, y: number, height: number, colour: Rgb, snowy?: Rgb): Work {
  const half = height * brush.between(0.17, 0.23)
  const tiers = 6
  const right: Point[] = []
  const left: Point[] = []
  for (let at = 0; at < tiers; at++) {
    const share = (at + 1) / tiers
    const reach = half * share ** 0.85
    const level = y - height + height * 0.94 * share
    const sag = height * 0.035
    right.push(
      [x + reach * brush.between(0.85, 1.1), level + sag * brush.between(0.2, 1)],
      [x + reach * 0.5, level - sag * 0.2],
    )
    left.push(
      [x - reach * brush.between(0.85, 1.1), level + sag * brush.between(0.2, 1)],
      [x - reach * 0.5, level - sag * 0.2],
    )
  }
  const outline: Point[] = [
    [x, y - height],
    ...right,
    [x + half * 0.1, y],
    [x - half * 0.1, y],
    ...left.toReversed(),
  ]
  const shaded =
    height > 60 * brush.unit ? mottled(solid(colour), cloudNoise(), brush.unit * 0.9, 0.22) : solid(colour)
  yield* brush.shape(outline, shaded, { crisp: true })
  if (!snowy) return
  for (let at = 1; at < tiers; at++) {
    const share = at / tiers
    const level = y - height + height * 0.94 * share
    const reach = half * share * 0.8
    const side = brush.between(-0.3, 0.3)
    yield* brush.shape(
      [
        [x + reach * (side - 0.75), level + height * 0.02],
        [x + reach * side, level - height * 0.055],
        [x + reach * (side + 0.75), level + height * 0.015],
        [x + reach * side, level - height * 0.005],
      ],
      solid(snowy),
      { crisp: true, alpha: 0.85 },
    )
  }
}

/** A row of firs along a line of land, thick where `density` noise is high. */
export function* firs(
  brush: Brush,
  ground: Float32Array,
  count: number,
  heights: readonly [number, number],
  colour: Rgb,
  snowy?: Rgb,
): Work {
  const noise = cloudNoise()
  const shift = brush.random() * 256
  for (let at = 0; at < count; at++) {
    const x = ((at + brush.between(-0.7, 0.7)) / count) * brush.width
    const thick = noise.at(x / (3 * brush.unit) + shift, shift)
    if (thick < 0.36 || x < 0 || x >= brush.width) continue
    const height = brush.between(heights[0], heights[1]) * (0.55 + thick * 0.75) * brush.unit
    const foot = ground[Math.floor(x)]! + height * 0.08
    const own = mix(
      colour,
      brush.random() < 0.5 ? darker(colour, 0.4) : lighter(colour, 0.25),
      brush.random() * 0.4,
    )
    yield* fir(brush, x, foot, height, own, snowy)
  }
}

/** A tree with a round crown, its foot at (x, y). */
export function* leafTree(brush: Brush, x: number, y: number, height: number, leaf: Rgb, trunk: Rgb): Work {
  const lean = brush.between(-0.05, 0.05) * height
  yield* brush.line(
    [
      [x, y],
      [x + lean * 0.4, y - height * 0.3],
      [x + lean, y - height * 0.62],
    ],
    height * 0.075,
    height * 0.03,
    solid(trunk),
  )
  const middle = y - height * 0.66
  const clumps = 46
  for (let at = 0; at < clumps; at++) {
    // From the shaded back of the crown to its lit front.
    const share = at / clumps
    const angle = brush.random() * Math.PI * 2
    const away = Math.sqrt(brush.random()) * height * (0.3 - 0.08 * share)
    const atX = x + lean + Math.cos(angle) * away * 1.1
    const atY = middle + Math.sin(angle) * away * 0.85 - height * 0.05 * share
    const radius = height * brush.between(0.06, 0.11) * (1.15 - 0.5 * share)
    const height0 = (middle - atY) / (height * 0.3)
    const tone = -0.3 + 0.42 * share + 0.22 * height0
    const colour = tone < 0 ? darker(leaf, -tone) : lighter(leaf, tone * 0.6)
    yield* brush.shape(
      roughened(ellipse(atX, atY, radius, radius * 0.85), radius * 0.16, brush.random),
      solid(colour),
      {
        crisp: true,
        alpha: 0.93,
      },
    )
  }
}

/** A bare or slender trunk that leaves the picture at the top, as in a wood. */
export function* tallTrunk(
  brush: Brush,
  x: number,
  foot: number,
  width: number,
  colour: Rgb,
  light: Rgb,
): Work {
  const lean = brush.between(-0.03, 0.03) * brush.height
  const outline: Point[] = [
    [x - width * 0.5 + lean, -10],
    [x + width * 0.5 + lean, -10],
    [x + width * 0.55, foot * 0.7],
    [x + width * 0.85, foot],
    [x - width * 0.85, foot],
    [x - width * 0.55, foot * 0.7],
  ]
  yield* brush.shape(
    outline,
    mottled(
      (atX) => mix(light, colour, Math.min(1, Math.max(0, (atX - x) / width + 0.6))),
      cloudNoise(),
      brush.unit * 0.5,
      0.3,
      0.25,
    ),
    { alpha: 1 },
  )
}
