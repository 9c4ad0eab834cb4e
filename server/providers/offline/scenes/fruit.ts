import { darker, hex, lighter, mix, type Rgb, smoothstep } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise } from '../draw/noise.ts'
import { ellipse, smooth } from '../draw/outline.ts'
import { mottled, rounded, type Shader, solid } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import { shadow } from './table-shadow.ts'
import type { Stage } from './stage.ts'

export type Fruit = 'pear' | 'apple' | 'orange' | 'lemon' | 'cherry' | 'plum' | 'peach'

/** The fruit that a prompt names, if any. */
export function fruitNamed(kind: string): Fruit | undefined {
  const bare = kind
    .replace(/ies$/, 'y')
    .replace(/s$/, '')
    .replace(/peache$/, 'peach')
  return Object.hasOwn(skins, bare) ? (bare as Fruit) : undefined
}

const skins: Record<Fruit, readonly string[]> = {
  pear: ['#c9c84f', '#d9a441', '#b6c65a'],
  apple: ['#c8372f', '#d4543a', '#9cb545'],
  orange: ['#ec8b2c', '#f09a35', '#e77f25'],
  lemon: ['#f2d43d', '#efcb2c', '#f4dc5a'],
  cherry: ['#a81c2e', '#c0263a', '#8e1526'],
  plum: ['#5b3a78', '#4c2f6b', '#6d4688'],
  peach: ['#f0a070', '#ee9468', '#f2b27c'],
}

/** One fruit that stands with its foot at (x, y); one that lies among others throws no shadow. */
export function* fruit(
  stage: Stage,
  x: number,
  y: number,
  radius: number,
  kind: Fruit,
  { lying = true } = {},
): Work {
  const { brush, palette, scene } = stage
  const { unit } = brush
  const skinned = scene.colourOf.subject ?? hex(skins[kind][Math.floor(brush.random() * 3)]!)
  const colour = darker(skinned, 0.45 * (1 - palette.daylight))
  if (lying) yield* shadow(stage, x, y, radius * 1.1, radius * 0.3)
  const outline: Point[] =
    kind === 'pear'
      ? smooth(
          [
            [0, -1.75],
            [0.24, -1.62],
            [0.38, -1.1],
            [0.62, -0.62],
            [0.92, -0.05],
            [0.86, 0.55],
            [0.5, 0.92],
            [0, 1],
            [-0.5, 0.92],
            [-0.88, 0.55],
            [-0.92, -0.05],
            [-0.64, -0.62],
            [-0.4, -1.1],
            [-0.26, -1.62],
          ].map(([dx, dy]): Point => [x + dx! * radius, y - radius * 0.98 + dy! * radius]),
          true,
          8,
        )
      : kind === 'apple'
        ? smooth(
            [
              [0, -0.82],
              [0.4, -0.95],
              [0.85, -0.6],
              [0.98, 0.02],
              [0.74, 0.68],
              [0.3, 0.94],
              [0, 0.88],
              [-0.3, 0.94],
              [-0.74, 0.68],
              [-0.98, 0.02],
              [-0.85, -0.6],
              [-0.4, -0.95],
            ].map(([dx, dy]): Point => [x + dx! * radius, y - radius * 0.92 + dy! * radius]),
            true,
            8,
          )
        : kind === 'lemon'
          ? smooth(
              [
                [-1.2, 0],
                [-0.85, -0.42],
                [0, -0.78],
                [0.85, -0.42],
                [1.2, 0],
                [0.85, 0.42],
                [0, 0.78],
                [-0.85, 0.42],
              ].map(([dx, dy]): Point => [x + dx! * radius, y - radius * 0.76 + dy! * radius]),
              true,
              8,
            )
          : ellipse(x, y - radius * 0.95, radius, radius * 0.96)
  const middle = y - radius * (kind === 'lemon' ? 0.76 : 0.95)
  const body = rounded(x, middle, radius, lighter(mix(colour, palette.glow, 0.15), 0.3), darker(colour, 0.45))
  const freckled = mottled(body, cloudNoise(), 0.9 * unit, 0.1)
  yield* brush.shape(outline, kind === 'apple' ? blushing(freckled, x, radius, colour) : freckled)
  yield* brush.glow(x - radius * 0.36, middle - radius * 0.4, radius * 0.4, lighter(palette.glow, 0.5), 0.75)
  if (kind === 'orange' || kind === 'lemon') {
    const [across, up] = kind === 'lemon' ? [-1.14, 0.02] : [0.1, 0.78]
    yield* brush.dot(x + radius * across, middle - radius * up, radius * 0.06, darker(hex('#5c7034'), 0.2))
    return
  }
  if (kind === 'cherry') {
    yield* cherryStem(stage, x, middle - radius * 0.7, radius)
    return
  }
  const stemTop = kind === 'pear' ? y - radius * 2.72 : y - radius * (kind === 'apple' ? 1.72 : 1.86)
  const stem = smooth(
    [
      [x, stemTop + radius * 0.06],
      [x + radius * 0.05, stemTop - radius * 0.2],
      [x + radius * 0.2, stemTop - radius * 0.42],
    ],
    false,
    6,
  )
  yield* brush.line(
    stem,
    radius * 0.07,
    radius * 0.11,
    solid(darker(hex('#6b4a2e'), 0.3 * (1 - palette.daylight))),
  )
  if (kind === 'apple')
    yield* brush.shape(
      ellipse(x + radius * 0.36, stemTop - radius * 0.14, radius * 0.3, radius * 0.13, -0.35),
      solid(darker(hex('#6f9a45'), 0.3 * (1 - palette.daylight))),
      { crisp: true },
    )
}

function blushing(base: Shader, x: number, radius: number, colour: Rgb): Shader {
  const pale = mix(colour, hex('#e8c04a'), 0.55)
  const noise = cloudNoise()
  return (atX, atY) => {
    const streak = smoothstep(0.55, 0.9, noise.at(((atX - x) / radius) * 42, atY / (radius * 0.3)))
    return mix(base(atX, atY), pale, streak * 0.4)
  }
}

function* cherryStem({ brush, palette }: Stage, x: number, y: number, radius: number): Work {
  const across = brush.between(-0.9, 0.9) * radius
  const points: Point[] = [
    [x, y],
    [x + across * 0.35, y - radius * 1.1],
    [x + across, y - radius * brush.between(1.7, 2.3)],
  ]
  const green = darker(hex('#7d8f3c'), 0.35 * (1 - palette.daylight))
  yield* brush.line(smooth(points, false, 8), radius * 0.1, radius * 0.16, solid(green))
}
