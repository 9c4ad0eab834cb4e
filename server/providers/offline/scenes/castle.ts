import { darker, hex, lighter, mix, type Rgb } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise } from '../draw/noise.ts'
import { rectangle } from '../draw/outline.ts'
import { mottled, sided, solid } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import type { Stage } from './stage.ts'

/** A castle of stone with pointed roofs; (x, y) is the middle of its foot, `size` its height. */
export function* castle(stage: Stage, x: number, y: number, size: number): Work {
  const { palette, brush } = stage
  const dim = 0.5 * (1 - palette.daylight)
  const stone = darker(mix(hex('#b9aea0'), palette.haze, 0.25), dim)
  const roof = darker(mix(hex('#7d4a52'), palette.haze, 0.2), dim)
  const walls: readonly (readonly [from: number, to: number, tall: number])[] = [
    [-0.52, 0.52, 0.3],
    [-0.26, 0.3, 0.46],
  ]
  for (const [from, to, tall] of walls) {
    yield* brush.shape(
      rectangle(x + from * size, y - tall * size, x + to * size, y),
      mottled(sided(x, size * 0.5, lighter(stone, 0.1), darker(stone, 0.18)), cloudNoise(), brush.unit, 0.12),
      { crisp: true },
    )
    yield* battlements(stage, x + from * size, x + to * size, y - tall * size, size * 0.028, stone)
  }
  for (const [across, wide, tall] of [
    [-0.5, 0.15, 0.52],
    [0.5, 0.15, 0.46],
    [0.24, 0.13, 0.72],
    [-0.18, 0.17, 0.86],
  ] as const) {
    yield* tower(stage, x + across * size, y, wide * size, tall * size, stone, roof)
  }
  const gate = size * 0.075
  const arch: Point[] = Array.from({ length: 13 }, (_, at): Point => {
    const angle = Math.PI + (Math.PI * at) / 12
    return [x + size * 0.08 + Math.cos(angle) * gate, y - size * 0.11 + Math.sin(angle) * gate]
  })
  yield* brush.shape(
    [[x + size * 0.08 - gate, y], ...arch, [x + size * 0.08 + gate, y]],
    solid(darker(stone, 0.68)),
    { crisp: true },
  )
}

function* battlements({ brush }: Stage, from: number, to: number, y: number, step: number, stone: Rgb): Work {
  for (let x = from; x + step <= to; x += step * 2) {
    yield* brush.shape(rectangle(x, y - step, x + step, y + 1), solid(stone), { crisp: true })
  }
}

function* tower(
  { brush, palette }: Stage,
  x: number,
  y: number,
  wide: number,
  tall: number,
  stone: Rgb,
  roof: Rgb,
): Work {
  const half = wide / 2
  const top = y - tall
  yield* brush.shape(
    rectangle(x - half, top, x + half, y),
    mottled(sided(x, half, lighter(stone, 0.2), darker(stone, 0.28)), cloudNoise(), brush.unit, 0.12),
    { crisp: true },
  )
  yield* brush.shape(
    [
      [x - half * 1.28, top + half * 0.1],
      [x, top - wide * 1.35],
      [x + half * 1.28, top + half * 0.1],
    ],
    sided(x, half, lighter(roof, 0.14), darker(roof, 0.22)),
    { crisp: true },
  )
  const pane = palette.daylight < 0.9 ? palette.lamp : darker(stone, 0.62)
  for (const share of [0.2, 0.42]) {
    yield* brush.shape(
      rectangle(x - half * 0.2, top + tall * share, x + half * 0.2, top + tall * share + half * 0.7),
      solid(pane),
      { crisp: true },
    )
  }
}
