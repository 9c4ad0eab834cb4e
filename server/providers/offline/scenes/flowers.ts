import { darker, hex, lighter, mix, type Rgb } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise } from '../draw/noise.ts'
import { ellipse, smooth } from '../draw/outline.ts'
import { mottled, rounded, sided, solid, vertical } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import type { Stage } from './stage.ts'
import { paintWeather } from './weather.ts'

export type Bloom = 'tulip' | 'daisy' | 'rose' | 'sunflower' | 'poppy' | 'leaf'

const bloomOf: Readonly<Record<string, Bloom>> = {
  tulip: 'tulip',
  tulips: 'tulip',
  rose: 'rose',
  roses: 'rose',
  peony: 'rose',
  peonies: 'rose',
  sunflower: 'sunflower',
  sunflowers: 'sunflower',
  daisy: 'daisy',
  daisies: 'daisy',
  poppy: 'poppy',
  poppies: 'poppy',
  fern: 'leaf',
  ferns: 'leaf',
  leaf: 'leaf',
  leaves: 'leaf',
  botanical: 'leaf',
  plant: 'leaf',
  plants: 'leaf',
}

const petalColours: Record<Bloom, readonly string[]> = {
  tulip: ['#d94f5c', '#f0a35a', '#f4d35e', '#e58fae', '#b8405e'],
  daisy: ['#fbf7ee', '#f6e3ea', '#fdf3cf'],
  rose: ['#c8364f', '#e58a9b', '#f2c4b8', '#a9284a'],
  sunflower: ['#f2b632', '#eda52a', '#f7c84a'],
  poppy: ['#d8412f', '#e2583f', '#c9331f'],
  leaf: ['#4f7f5f', '#8fa35a', '#c06a4a', '#3f6670'],
}

/** Flowers standing before open light, the nearest the largest. */
export function* paintFlowers(stage: Stage): Work {
  const { brush, scene, palette } = stage
  const { width, height, unit } = brush
  const kind =
    bloomOf[scene.flower] ?? (['tulip', 'daisy', 'poppy', 'rose'] as const)[Math.floor(brush.random() * 4)]!
  const ground = mix(lighter(palette.sky, 0.45), palette.accents[2], 0.5)
  const foot = mix(mix(palette.green, palette.haze, 0.6), palette.horizon, 0.35)
  yield* brush.flood(
    mottled(
      vertical(
        { y: 0, colour: mix(ground, palette.zenith, 0.28) },
        { y: height * 0.55, colour: mix(ground, palette.horizon, 0.4) },
        { y: height, colour: foot },
      ),
      cloudNoise(),
      5 * unit,
      0.07,
    ),
  )
  yield* brush.glow(width * 0.7, height * 0.2, height * 0.8, palette.glow, 0.4)
  const layers = 3
  const colours = scene.colourOf.subject
    ? [scene.colourOf.subject]
    : scene.colours.length > 0
      ? scene.colours
      : petalColours[kind].map((code) => hex(code))
  for (let layer = 0; layer < layers; layer++) {
    const share = layer / (layers - 1)
    const count = Math.round(
      (5 + 6 * (1 - share)) * (kind === 'leaf' ? 0.6 : 1) * Math.max(0.75, width / height),
    )
    for (let at = 0; at < count; at++) {
      const x = ((at + brush.between(0.15, 0.85)) / count) * width
      const size = (0.055 + 0.06 * share) * Math.min(width, height) * brush.between(0.8, 1.15)
      const y = height * (0.22 + 0.34 * (1 - share) * 0.4 + 0.16 * share + brush.between(-0.09, 0.15))
      const faded = (colour: Rgb): Rgb =>
        darker(mix(colour, ground, 0.62 * (1 - share)), 0.4 * (1 - palette.daylight))
      const petals = faded(colours[Math.floor(brush.random() * colours.length)]!)
      const stem = faded(mix(palette.green, palette.near, 0.25 * brush.random()))
      yield* flower(stage, x, y, size, petals, stem, kind)
    }
  }
  yield* paintWeather(stage)
}

/** A flower on its stem, which leaves the picture at the bottom. */
function* flower(
  stage: Stage,
  x: number,
  y: number,
  size: number,
  petals: Rgb,
  stem: Rgb,
  kind: Bloom,
): Work {
  const { brush } = stage
  const { height } = brush
  const bend = brush.between(-1, 1) * size
  const line = smooth(
    [
      [x, y],
      [x + bend * 0.2, y + (height - y) * 0.35],
      [x + bend, height + 10],
    ],
    false,
    kind === 'leaf' ? 16 : 12,
  )
  yield* brush.line(line, size * 0.1, size * 0.15, solid(stem))
  for (const side of [-1, 1]) {
    if (kind === 'leaf' || brush.random() < 0.25) continue
    const at = line[Math.floor(line.length * brush.between(0.4, 0.75))]!
    yield* blade(stage, at, side, size * brush.between(1.6, 2.6), stem)
  }
  if (kind === 'leaf') yield* frond(stage, line, size, petals)
  else yield* blossom(stage, x, y, size, petals, kind)
}

function* blade({ brush }: Stage, [x, y]: Point, side: number, long: number, colour: Rgb): Work {
  const tip: Point = [x + side * long * 0.5, y - long * 0.85]
  const outline = smooth(
    [
      [x, y + long * 0.1],
      [x + side * long * 0.05, y - long * 0.4],
      tip,
      [x + side * long * 0.36, y - long * 0.3],
    ],
    true,
    7,
  )
  yield* brush.shape(
    outline,
    sided(x + side * long * 0.2, long * 0.25, lighter(colour, 0.12), darker(colour, 0.18)),
    { crisp: true },
  )
}

function* frond({ brush }: Stage, line: readonly Point[], size: number, colour: Rgb): Work {
  for (let at = 1; at < line.length - 2; at++) {
    const [x, y] = line[at]!
    const share = at / line.length
    const long = size * 0.95 * Math.sin(Math.PI * Math.min(1, 0.16 + share * 0.9))
    for (const side of [-1, 1]) {
      const angle = -Math.PI / 2 + side * 1.02
      yield* brush.shape(
        ellipse(
          x + Math.cos(angle) * long * 0.55,
          y + Math.sin(angle) * long * 0.55,
          long * 0.56,
          long * 0.17,
          angle,
        ),
        solid(side < 0 ? lighter(colour, 0.1) : darker(colour, 0.1)),
        { crisp: true, alpha: 0.93 },
      )
    }
  }
}

/** One blossom round (x, y). */
export function* blossom(
  { brush, palette }: Stage,
  x: number,
  y: number,
  size: number,
  colour: Rgb,
  kind: Bloom,
): Work {
  const shape = function* (outline: readonly Point[], tone: Rgb, depth = 0.2): Work {
    yield* brush.shape(outline, rounded(x, y, size * 1.3, lighter(tone, 0.16), darker(tone, depth)), {
      crisp: brush.medium.shadow === undefined,
      alpha: 0.96,
    })
  }
  switch (kind) {
    case 'tulip':
      for (const [dx, tone] of [
        [-0.34, darker(colour, 0.14)],
        [0.34, darker(colour, 0.2)],
        [0, lighter(colour, 0.08)],
      ] as const) {
        const middle = x + dx * size
        yield* shape(
          smooth(
            [
              [middle, y - size * (dx === 0 ? 1 : 1.12)],
              [middle + size * 0.42, y - size * 0.3],
              [middle * 0.6 + x * 0.4 + size * 0.3, y + size * 0.5],
              [x, y + size * 0.66],
              [middle * 0.6 + x * 0.4 - size * 0.3, y + size * 0.5],
              [middle - size * 0.42, y - size * 0.3],
            ],
            true,
            6,
          ),
          tone,
        )
      }
      break
    case 'rose':
      for (let ring = 4; ring >= 0; ring--) {
        const radius = size * (0.25 + 0.19 * ring)
        for (let petal = 0; petal < 3 + ring; petal++) {
          const angle = (petal / (3 + ring)) * Math.PI * 2 + ring * 0.9
          const tone = ring % 2 === 0 ? darker(colour, 0.03 + 0.05 * (4 - ring)) : lighter(colour, 0.1)
          yield* shape(
            ellipse(
              x + Math.cos(angle) * radius * 0.55,
              y + Math.sin(angle) * radius * 0.5,
              radius * 0.62,
              radius * 0.5,
              angle,
            ),
            tone,
            0.3,
          )
        }
      }
      break
    case 'poppy':
      for (const angle of [0.4, 2.2, 3.9, 5.4])
        yield* shape(
          ellipse(
            x + Math.cos(angle) * size * 0.42,
            y + Math.sin(angle) * size * 0.3,
            size * 0.72,
            size * 0.56,
            angle,
          ),
          angle > 3 ? lighter(colour, 0.06) : darker(colour, 0.12),
          0.3,
        )
      yield* brush.dot(x, y, size * 0.22, [0.12, 0.1, 0.12], 0.92)
      break
    case 'daisy':
    case 'sunflower':
    case 'leaf': {
      const petals = kind === 'sunflower' ? 22 : 14
      for (let round = 0; round < 2; round++) {
        for (let petal = 0; petal < petals; petal++) {
          const angle = ((petal + round * 0.5) / petals) * Math.PI * 2
          const reach = size * (0.72 - round * 0.1)
          yield* brush.shape(
            ellipse(
              x + Math.cos(angle) * reach,
              y + Math.sin(angle) * reach * 0.94,
              size * 0.42,
              size * 0.14,
              angle,
            ),
            solid(round === 0 ? darker(colour, 0.14) : lighter(colour, 0.05)),
            { crisp: true },
          )
        }
      }
      const heart = kind === 'sunflower' ? hex('#5a3620') : hex('#e9b33c')
      const tone = darker(heart, 0.4 * (1 - palette.daylight))
      yield* brush.disc(
        x,
        y,
        size * (kind === 'sunflower' ? 0.46 : 0.3),
        rounded(x, y, size * 0.4, lighter(tone, 0.15), darker(tone, 0.35)),
        { crisp: true },
      )
      break
    }
  }
}

/** A bunch of mixed flowers rising from (x, y), as in a vase. */
export function* bunch(stage: Stage, x: number, y: number, size: number): Work {
  const { brush, palette, scene } = stage
  const named = scene.colours
  const stem = mix(palette.green, palette.near, 0.3)
  const heads: { x: number; y: number; size: number; colour: Rgb; kind: Bloom }[] = []
  const kinds: readonly Bloom[] = bloomOf[scene.flower]
    ? [bloomOf[scene.flower]!]
    : ['rose', 'daisy', 'poppy', 'tulip']
  for (let at = 0; at < 13; at++) {
    const angle = -Math.PI / 2 + ((at % 7) - 3) * 0.31 + brush.between(-0.1, 0.1)
    const reach = size * (at < 7 ? brush.between(0.72, 0.95) : brush.between(0.35, 0.6))
    const kind = kinds[at % kinds.length]!
    const colour =
      named.length > 0 ? named[at % named.length]! : hex(petalColours[kind][at % petalColours[kind].length]!)
    heads.push({
      x: x + Math.cos(angle) * reach,
      y: y + Math.sin(angle) * reach,
      size: size * brush.between(0.11, 0.15),
      colour: darker(colour, 0.35 * (1 - palette.daylight)),
      kind,
    })
  }
  for (const head of heads)
    yield* brush.line(
      smooth(
        [
          [head.x, head.y],
          [(head.x + x) / 2 + (head.x - x) * 0.12, (head.y + y) / 2],
          [x, y + size * 0.1],
        ],
        false,
        6,
      ),
      size * 0.016,
      size * 0.02,
      solid(stem),
    )
  for (let at = 0; at < 22; at++) {
    const angle = -Math.PI / 2 + brush.between(-1.35, 1.35)
    const reach = size * brush.between(0.2, 0.78)
    const tone = brush.random() < 0.5 ? stem : lighter(stem, 0.15)
    yield* brush.shape(
      ellipse(
        x + Math.cos(angle) * reach,
        y + Math.sin(angle) * reach,
        size * 0.13,
        size * 0.045,
        angle + brush.between(-0.5, 0.5),
      ),
      solid(tone),
      { crisp: true },
    )
  }
  for (const head of heads) yield* blossom(stage, head.x, head.y, head.size, head.colour, head.kind)
}
