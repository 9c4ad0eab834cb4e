import { darker, hex, lighter, mix, type Rgb, smoothstep } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise } from '../draw/noise.ts'
import { ellipse, smooth } from '../draw/outline.ts'
import { mottled, rounded, type Shader, solid } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import { landShader, rollingLine } from './ridges.ts'
import { paintSky, placeOrb } from './sky.ts'
import type { Stage } from './stage.ts'
import { paintWeather } from './weather.ts'

/** Words for what flies by a flame. */
export const rocketKinds: ReadonlySet<string> = new Set(['rocket', 'rockets', 'spaceship', 'ufo'])

/** A rocket that has just left the ground, on its flame, smoke rolling over the pad. */
export function* paintLaunch(stage: Stage): Work {
  const { brush, palette } = stage
  const { width, height, unit } = brush
  const ground = height * 0.86
  yield* paintSky(stage, placeOrb(stage, ground, 0.8))
  for (const [at, away] of [0.75, 0.45].entries()) {
    const line = rollingLine(brush, ground - height * (0.05 - 0.04 * at), height * 0.09, 2.5)
    const land = mix(mix(palette.green, palette.near, 0.4), palette.haze, away)
    yield* brush.below(line, landShader(brush, line, land, darker(land, 0.2), height * 0.2))
  }
  const soil = mix(palette.near, palette.sand, 0.3)
  yield* brush.below(new Float32Array(width).fill(ground + 6 * unit), solid(soil))
  const size = Math.min(height * 0.5, width * 0.5)
  const x = width * 0.5
  const tail = ground - size * 0.48
  yield* tower(stage, x + size * 0.42, ground + 8 * unit, size * 1.05)
  yield* brush.glow(x, ground - size * 0.1, size * 1.3, [1, 0.72, 0.35], 0.75)
  yield* smoke(stage, x, ground, size, 'behind')
  yield* flame(stage, x, tail, size * 0.62, 0)
  yield* rocket(stage, x, tail - size * 0.5, size, 0)
  yield* smoke(stage, x, ground, size, 'before')
  yield* paintWeather(stage)
}

/** The iron tower that held it, a lattice. */
function* tower({ brush, palette }: Stage, x: number, foot: number, tall: number): Work {
  const iron = solid(mix(darker(hex('#a4493d'), 0.5 * (1 - palette.daylight)), palette.haze, 0.25))
  const half = tall * 0.055
  const wide = tall * 0.013
  for (const side of [-1, 1])
    yield* brush.line(
      [
        [x + side * half, foot],
        [x + side * half, foot - tall],
      ],
      wide,
      wide,
      iron,
    )
  const steps = 9
  for (let at = 0; at < steps; at++) {
    const from = foot - (tall * at) / steps
    const to = foot - (tall * (at + 1)) / steps
    yield* brush.line(
      [
        [x - half, from],
        [x + half, to],
      ],
      wide * 0.7,
      wide * 0.7,
      iron,
    )
    yield* brush.line(
      [
        [x + half, from],
        [x - half, to],
      ],
      wide * 0.7,
      wide * 0.7,
      iron,
    )
    yield* brush.line(
      [
        [x - half, to],
        [x + half, to],
      ],
      wide * 0.8,
      wide * 0.8,
      iron,
    )
  }
}

/** Clouds of smoke that roll away to both sides. */
function* smoke(stage: Stage, x: number, ground: number, size: number, where: 'behind' | 'before'): Work {
  const { brush, palette } = stage
  const pale = darker(mix([0.97, 0.95, 0.93], palette.horizon, 0.25), 0.35 * (1 - palette.daylight))
  const count = where === 'behind' ? 26 : 20
  for (let at = 0; at < count; at++) {
    const share = at / (count - 1)
    const side = at % 2 === 0 ? -1 : 1
    const away = (where === 'behind' ? 1 - share : share) * size * (where === 'behind' ? 1.05 : 0.95)
    const radius =
      size * brush.between(0.1, 0.17) * (where === 'behind' ? 1.15 - share * 0.3 : 0.75 + share * 0.35)
    const atX = x + side * away
    const rise = where === 'behind' ? size * 0.16 * (1 - away / (size * 1.4)) : 0
    const atY = ground - rise - radius * brush.between(0.1, 0.5) + (where === 'before' ? size * 0.07 : 0)
    const near = 1 - Math.min(1, away / (size * 0.7))
    const lit = mix(pale, [1, 0.8, 0.5], near * 0.75)
    const body = rounded(
      atX,
      atY,
      radius,
      lighter(lit, 0.2),
      darker(mix(lit, palette.far, 0.4), 0.22),
      -side * 0.5,
    )
    yield* brush.shape(
      ellipse(atX, atY, radius * 1.12, radius),
      mottled(body, cloudNoise(), 1.6 * brush.unit, 0.1),
      { alpha: 0.94 },
    )
  }
}

/** Fire below a nozzle at (x, y), `long` pixels, turned like its rocket. */
function* flame({ brush }: Stage, x: number, y: number, long: number, turn: number): Work {
  const layers: readonly (readonly [wide: number, long: number, colour: Rgb, alpha: number])[] = [
    [0.26, 1, [0.95, 0.36, 0.12], 0.75],
    [0.19, 0.78, [1, 0.62, 0.18], 0.9],
    [0.12, 0.55, [1, 0.88, 0.45], 0.95],
    [0.06, 0.34, [1, 1, 0.92], 1],
  ]
  const placed = placing(x, y, turn)
  for (const [wide, share, colour, alpha] of layers) {
    const reach = long * share
    const points: [number, number][] = [
      [-0.5 * wide * long, 0],
      [-wide * long * brush.between(0.52, 0.6), reach * 0.3],
      [-wide * long * 0.28, reach * 0.66],
      [0, reach],
      [wide * long * 0.28, reach * 0.62],
      [wide * long * brush.between(0.52, 0.6), reach * 0.28],
      [0.5 * wide * long, 0],
    ]
    yield* brush.shape(smooth(points.map(placed), true, 8), solid(colour), { crisp: true, alpha })
  }
}

/** Points about (0, 0), upright, to where they are on the picture. */
function placing(x: number, y: number, turn: number): (point: readonly [number, number]) => Point {
  const cos = Math.cos(turn)
  const sin = Math.sin(turn)
  return ([across, down]) => [x + across * cos - down * sin, y + across * sin + down * cos]
}

/** A rocket of the old kind: round in the middle, three fins, a porthole. (x, y) is its middle. */
function* rocket(stage: Stage, x: number, y: number, size: number, turn: number): Work {
  const { brush, palette, scene } = stage
  const dim = 0.35 * (1 - palette.daylight)
  const second = scene.colours[0]
  const hull = darker(scene.colourOf.subject ?? hex('#f1ece2'), dim)
  // A hull that was given a colour has pale fins, so that they stand out.
  const red = darker(second ?? hex(scene.colourOf.subject ? '#f1ece2' : '#d2493a'), dim)
  const placed = placing(x, y, turn)
  const at = (across: number, down: number): Point => placed([across * size, down * size])
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  /** Light from the left of the rocket itself, darker to its right. */
  const round = (light: Rgb, wide: number): Shader => {
    const shade = darker(light, 0.5)
    const shine = lighter(light, 0.35)
    return (atX, atY) => {
      const across = ((atX - x) * cos + (atY - y) * sin) / (size * wide)
      return across < -0.35
        ? mix(light, shine, smoothstep(-0.95, -0.35, across))
        : mix(shine, shade, smoothstep(-0.35, 0.95, across))
    }
  }
  for (const side of [-1, 1]) {
    const fin = [
      at(side * 0.13, 0.14),
      at(side * 0.24, 0.26),
      at(side * 0.3, 0.42),
      at(side * 0.29, 0.56),
      at(side * 0.2, 0.47),
      at(side * 0.1, 0.44),
    ]
    yield* brush.shape(smooth(fin, true, 6), solid(side < 0 ? lighter(red, 0.12) : darker(red, 0.3)), {
      crisp: true,
    })
  }
  yield* brush.shape(
    [at(-0.08, 0.42), at(0.08, 0.42), at(0.11, 0.51), at(-0.11, 0.51)],
    round(hex('#5b5f68'), 0.12),
    {
      crisp: true,
    },
  )
  const profile: readonly [number, number][] = [
    [0.006, -0.6],
    [0.06, -0.49],
    [0.118, -0.33],
    [0.158, -0.12],
    [0.165, 0.08],
    [0.145, 0.28],
    [0.1, 0.44],
  ]
  const right = smooth(
    profile.map(([across, down]) => at(across, down)),
    false,
    8,
  )
  const left = smooth(
    profile.map(([across, down]) => at(-across, down)),
    false,
    8,
  )
  yield* brush.shape([...left, ...right.toReversed()], round(hull, 0.17), { crisp: true })
  const nose = profile.slice(0, 3)
  yield* brush.shape(
    [
      ...smooth(
        nose.map(([across, down]) => at(-across, down)),
        false,
        8,
      ),
      at(0, -0.315),
      ...smooth(
        nose.map(([across, down]) => at(across, down)),
        false,
        8,
      ).toReversed(),
    ],
    round(red, 0.12),
    { crisp: true },
  )
  for (const [down, wide] of [
    [0.26, 0.147],
    [0.33, 0.13],
  ] as const) {
    const band = Array.from({ length: 13 }, (_, step): Point => {
      const across = (step / 12) * 2 - 1
      return at(across * wide, down + 0.018 * (1 - across * across))
    })
    yield* brush.line(band, size * 0.02, size * 0.02, round(red, 0.15))
  }
  const [windowX, windowY] = at(0, -0.14)
  yield* brush.disc(windowX, windowY, size * 0.085, round(darker(hull, 0.25), 0.1), { crisp: true })
  const pane = palette.daylight < 0.5 ? palette.lamp : hex('#7fc3dd')
  yield* brush.disc(
    windowX,
    windowY,
    size * 0.064,
    rounded(windowX, windowY, size * 0.064, lighter(pane, 0.5), darker(pane, 0.35)),
    {
      crisp: true,
    },
  )
  const fin = [at(-0.022, 0.2), at(0.022, 0.2), at(0.03, 0.5), at(-0.03, 0.5)]
  yield* brush.shape(fin, solid(darker(red, 0.1)), { crisp: true })
}

/** A rocket on its way among the stars, with the trail it leaves. */
export function* flyingRocket(stage: Stage, x: number, y: number, size: number): Work {
  const { brush } = stage
  const turn = 0.62
  const placed = placing(x, y, turn)
  const trail = Array.from({ length: 12 }, (_, step): Point => placed([0, size * (0.6 + step * 0.16)]))
  yield* brush.line(trail, size * 0.16, size * 0.5, solid([0.8, 0.82, 0.95]), { alpha: 0.1 })
  const [tailX, tailY] = placed([0, size * 0.48])
  yield* brush.glow(tailX, tailY, size * 0.9, [1, 0.7, 0.35], 0.8)
  yield* flame(stage, tailX, tailY, size * 0.75, turn)
  yield* rocket(stage, x, y, size, turn)
}
