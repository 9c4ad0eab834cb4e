import { darker, hex, lighter, mix, type Rgb, smoothstep } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise } from '../draw/noise.ts'
import { ellipse, smooth } from '../draw/outline.ts'
import { mottled, type Shader, sided, solid, vertical } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import { bowl } from './bowl.ts'
import { blossom, bunch } from './flowers.ts'
import { fruit, type Fruit, fruitNamed } from './fruit.ts'
import { shadow } from './table-shadow.ts'
import type { Stage } from './stage.ts'

const cups: ReadonlySet<string> = new Set(['cup', 'tea', 'coffee', 'mug', 'teacup', 'teapot', 'kettle'])
const vases: ReadonlySet<string> = new Set(['vase', 'bouquet', 'pot', 'jug', 'pitcher'])
const bottles: ReadonlySet<string> = new Set(['bottle', 'wine', 'glass', 'candle', 'lamp', 'book', 'books'])

/** Things on a table before a quiet wall. */
export function* paintStillLife(stage: Stage): Work {
  const { brush, scene, palette } = stage
  const { width, height, unit } = brush
  const edge = height * 0.64
  const named = scene.colours[0]
  const wall = named
    ? mix(named, darker(palette.near, 0.1), 0.45)
    : darker(mix(palette.accents[3], palette.green, 0.5), 0.3)
  const table = scene.colourOf.land ?? hex('#c99a66')
  const wood = darker(mix(table, palette.glow, 0.15), 0.5 * (1 - palette.daylight))
  yield* brush.flood(
    mottled(
      vertical({ y: 0, colour: darker(wall, 0.2) }, { y: edge, colour: lighter(wall, 0.1) }),
      cloudNoise(),
      4 * unit,
      0.16,
    ),
  )
  yield* brush.glow(width * 0.3, height * 0.2, height * 0.9, palette.glow, 0.26)
  yield* brush.below(new Float32Array(width).fill(edge), grainOfWood(brush.unit, wood, edge, height))
  yield* brush.veil(
    darker(wall, 0.5),
    (_x, y) => 0.4 * smoothstep(edge + 40 * unit, edge, y),
    edge,
    edge + 40 * unit,
  )
  const size = Math.min(width, height)
  const x = width * 0.5
  const y = height * 0.8
  if (cups.has(scene.kind)) yield* cup(stage, x, y, size * 0.56)
  else if (vases.has(scene.kind)) yield* vase(stage, x, y, size * 0.36)
  else if (bottles.has(scene.kind)) {
    yield* bottle(stage, x - size * 0.12, y, size * 0.62)
    yield* fruit(stage, x + size * 0.14, y + size * 0.02, size * 0.13, 'apple')
    yield* fruit(stage, x + size * 0.3, y - size * 0.01, size * 0.11, 'orange')
  } else if (scene.details.has('bowl')) yield* bowl(stage, x, y + size * 0.04, size * 0.33)
  else yield* fruits(stage, x, y, size)
}

function grainOfWood(unit: number, wood: Rgb, edge: number, height: number): Shader {
  const noise = cloudNoise()
  return (x, y) => {
    const down = (y - edge) / (height - edge)
    const line = noise.at(x / (9 * unit), y / (0.4 * unit)) - 0.5
    const light = 1.04 - 0.3 * down + line * 0.22
    return [wood[0] * light, wood[1] * light, wood[2] * light]
  }
}

function* fruits(stage: Stage, x: number, y: number, size: number): Work {
  const named = fruitNamed(stage.scene.kind)
  const [first, second, third]: readonly [Fruit, Fruit, Fruit] = named
    ? [named, named, named]
    : ['pear', 'orange', 'apple']
  const places = [
    [0.2, -0.035, 0.155, second],
    [-0.17, -0.01, 0.17, first],
    [0.05, 0.055, 0.135, third],
    [-0.34, 0.05, 0.13, second],
    [0.36, 0.045, 0.125, first],
    [-0.09, 0.1, 0.115, second],
    [0.2, 0.11, 0.11, first],
    [-0.25, 0.13, 0.105, third],
    [0.05, 0.15, 0.1, second],
  ] as const
  const { count = 3 } = stage.scene
  if (count === 1) yield* fruit(stage, x, y, size * 0.2, first)
  else
    for (const [right, down, radius, kind] of places.slice(0, count))
      yield* fruit(stage, x + size * right, y + size * down, size * radius, kind)
}

function* cup(stage: Stage, x: number, y: number, size: number): Work {
  const { brush, palette, scene } = stage
  const { unit } = brush
  const china = darker(scene.colourOf.subject ?? hex('#f7f1e4'), 0.4 * (1 - palette.daylight))
  const drink =
    scene.kind === 'tea' || scene.kind === 'teacup' || scene.kind === 'teapot'
      ? hex('#b5622a')
      : hex('#5b3420')
  yield* shadow(stage, x, y + size * 0.02, size * 0.62, size * 0.17)
  yield* brush.shape(
    ellipse(x, y, size * 0.62, size * 0.12),
    sided(x + size * 0.1, size * 0.6, lighter(china, 0.2), darker(china, 0.18)),
  )
  yield* brush.shape(ellipse(x, y - size * 0.012, size * 0.4, size * 0.07), solid(darker(china, 0.12)), {
    crisp: true,
  })
  const handle: Point[] = []
  for (let at = 0; at <= 24; at++) {
    const angle = -1.45 + (at / 24) * 2.9
    handle.push([
      x + size * 0.36 + Math.cos(angle) * size * 0.16,
      y - size * 0.3 + Math.sin(angle) * size * 0.15,
    ])
  }
  yield* brush.line(handle, size * 0.055, size * 0.04, solid(darker(china, 0.12)))
  const rimY = y - size * 0.5
  const bowl = smooth(
    [
      [x - size * 0.42, rimY],
      [x - size * 0.41, rimY + size * 0.18],
      [x - size * 0.33, rimY + size * 0.36],
      [x - size * 0.18, rimY + size * 0.47],
      [x + size * 0.18, rimY + size * 0.47],
      [x + size * 0.33, rimY + size * 0.36],
      [x + size * 0.41, rimY + size * 0.18],
      [x + size * 0.42, rimY],
    ],
    false,
    8,
  )
  yield* brush.shape(bowl, sided(x + size * 0.06, size * 0.44, lighter(china, 0.25), darker(china, 0.26)))
  yield* brush.shape(ellipse(x, rimY, size * 0.42, size * 0.095), solid(lighter(china, 0.3)), { crisp: true })
  yield* brush.shape(
    ellipse(x, rimY + size * 0.008, size * 0.39, size * 0.08),
    sided(x, size * 0.4, lighter(drink, 0.15), darker(drink, 0.3)),
    { crisp: true },
  )
  yield* brush.shape(
    ellipse(x - size * 0.12, rimY - size * 0.02, size * 0.15, size * 0.018, -0.06),
    solid(lighter(drink, 0.5)),
    { crisp: true, alpha: 0.6 },
  )
  for (const offset of [-0.1, 0.05]) {
    const steam: Point[] = []
    for (let at = 0; at <= 20; at++) {
      const share = at / 20
      steam.push([
        x + offset * size + Math.sin(share * 6.4 + offset * 20) * size * 0.045 * (0.4 + share),
        rimY - size * (0.06 + 0.5 * share),
      ])
    }
    yield* brush.line(steam, 7 * unit, 16 * unit, solid([1, 1, 1]), { alpha: 0.16 })
    yield* brush.line(steam, 3 * unit, 6 * unit, solid([1, 1, 1]), { alpha: 0.3 })
  }
}

function* vase(stage: Stage, x: number, y: number, size: number): Work {
  const { brush, palette, scene } = stage
  yield* shadow(stage, x, y, size * 0.5, size * 0.14)
  const top = y - size * 1.05
  yield* bunch(stage, x, top + size * 0.1, size * 1.15)
  const clay = darker(
    scene.colourOf.subject ?? mix(palette.accents[3], palette.sky, 0.35),
    0.3 * (1 - palette.daylight),
  )
  const body = smooth(
    [
      [x - size * 0.2, top],
      [x - size * 0.16, top + size * 0.16],
      [x - size * 0.42, top + size * 0.5],
      [x - size * 0.36, top + size * 0.85],
      [x - size * 0.2, y],
      [x + size * 0.2, y],
      [x + size * 0.36, top + size * 0.85],
      [x + size * 0.42, top + size * 0.5],
      [x + size * 0.16, top + size * 0.16],
      [x + size * 0.2, top],
    ],
    false,
    8,
  )
  yield* brush.shape(
    body,
    mottled(
      sided(x + size * 0.08, size * 0.4, lighter(clay, 0.32), darker(clay, 0.35)),
      cloudNoise(),
      brush.unit,
      0.08,
    ),
  )
  yield* brush.shape(ellipse(x, top, size * 0.2, size * 0.035), solid(darker(clay, 0.45)), { crisp: true })
  yield* brush.line(
    smooth(
      [
        [x - size * 0.41, top + size * 0.56],
        [x, top + size * 0.64],
        [x + size * 0.41, top + size * 0.56],
      ],
      false,
      6,
    ),
    size * 0.03,
    size * 0.03,
    solid(lighter(clay, 0.45)),
    { alpha: 0.7 },
  )
  yield* blossom(stage, x + size * 0.58, y + size * 0.06, size * 0.11, palette.accents[0], 'daisy')
}

function* bottle(stage: Stage, x: number, y: number, size: number): Work {
  const { brush, palette, scene } = stage
  const glass = darker(scene.colourOf.subject ?? hex('#3f6b4c'), 0.35 * (1 - palette.daylight))
  yield* shadow(stage, x, y, size * 0.2, size * 0.07)
  const top = y - size
  const body = smooth(
    [
      [x - size * 0.045, top],
      [x - size * 0.05, top + size * 0.26],
      [x - size * 0.13, top + size * 0.42],
      [x - size * 0.14, top + size * 0.7],
      [x - size * 0.13, y - size * 0.01],
      [x + size * 0.13, y - size * 0.01],
      [x + size * 0.14, top + size * 0.7],
      [x + size * 0.13, top + size * 0.42],
      [x + size * 0.05, top + size * 0.26],
      [x + size * 0.045, top],
    ],
    false,
    8,
  )
  yield* brush.shape(body, sided(x, size * 0.14, lighter(glass, 0.18), darker(glass, 0.55)))
  yield* brush.shape(
    [
      [x - size * 0.132, top + size * 0.56],
      [x + size * 0.132, top + size * 0.56],
      [x + size * 0.132, top + size * 0.8],
      [x - size * 0.132, top + size * 0.8],
    ],
    sided(x, size * 0.14, hex('#f2e8cf'), hex('#c9b98f')),
    { crisp: true },
  )
  yield* brush.line(
    [
      [x - size * 0.085, top + size * 0.46],
      [x - size * 0.088, y - size * 0.05],
    ],
    size * 0.012,
    size * 0.012,
    solid([1, 1, 1]),
    { alpha: 0.45 },
  )
}
