import { darker, hex, lighter, mix, type Rgb, smoothstep } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise } from '../draw/noise.ts'
import { smooth } from '../draw/outline.ts'
import { mottled, type Shader, solid } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import { castle } from './castle.ts'
import { crestLine, landShader, paintMassif, rollingLine } from './ridges.ts'
import { paintSky, placeOrb } from './sky.ts'
import type { Stage } from './stage.ts'
import { paintWeather } from './weather.ts'

export const dragonKinds: ReadonlySet<string> = new Set(['dragon', 'dragons', 'wyvern'])

/** A dragon in flight over mountains, and over a castle where one is spoken of. */
export function* paintDragon(stage: Stage): Work {
  const { brush, scene, palette } = stage
  const { width, height } = brush
  const horizon = height * 0.8
  const plan = placeOrb(stage, horizon, 0.62)
  yield* paintSky(stage, plan)
  const range = crestLine(brush, horizon, height * 0.2, 4)
  const far = mix(palette.far, palette.haze, 0.55)
  yield* brush.below(range, landShader(brush, range, far, mix(far, palette.haze, 0.6), height * 0.16))
  yield* paintMassif(stage, {
    foot: horizon + height * 0.08,
    rise: height * 0.3,
    main: plan.orb.across < 0.5 ? 0.82 : 0.18,
    lightFrom: plan.orb.across < 0.5 ? -1 : 1,
    snowShare: scene.weather === 'snow' ? 0.8 : 0.3,
  })
  for (const [at, away] of [0.45, 0.15].entries()) {
    const line = rollingLine(brush, height * (0.88 + 0.07 * at), height * 0.12, 2.2)
    const land = mix(mix(palette.green, palette.near, 0.45), palette.haze, away)
    yield* brush.below(line, landShader(brush, line, land, darker(land, 0.3), height * 0.25))
    if (at === 0 && scene.details.has('castle')) {
      const x = width * (plan.orb.across < 0.5 ? 0.3 : 0.68)
      yield* castle(stage, x, line[Math.floor(x)]! + height * 0.02, Math.min(width, height) * 0.3)
    }
  }
  // Its fire needs room before it.
  const ahead = scene.details.has('fire') ? 0.45 : 0.05
  const size = Math.min(width / (3.1 + ahead * 1.7), height * 0.36)
  // It flies away from sun or moon, whose light is on its back.
  const towards = plan.orb.across < 0.5 ? 1 : -1
  yield* dragon(
    stage,
    width * 0.5 - towards * ahead * size,
    height * (scene.details.has('castle') ? 0.45 : 0.5),
    size,
    towards,
  )
  yield* paintWeather(stage)
}

/** The line of its back from the nape to the tip of the tail; the head looks along +x. */
const spine: readonly Point[] = [
  [0.98, -0.5],
  [0.84, -0.5],
  [0.68, -0.36],
  [0.5, -0.1],
  [0.28, 0.06],
  [0, 0.1],
  [-0.3, 0.1],
  [-0.58, 0.2],
  [-0.86, 0.34],
  [-1.14, 0.3],
  [-1.32, 0.08],
  [-1.3, -0.14],
]
/** How thick it is, from the nape to the tip. */
const girth: readonly number[] = [0.1, 0.11, 0.13, 0.2, 0.3, 0.32, 0.25, 0.17, 0.12, 0.08, 0.045, 0.012]

/** A wing: the shoulder, the wrist, then the tips of its fingers back to the flank. */
const wing: readonly Point[] = [
  [0.3, 0],
  [0.2, -0.82],
  [-0.42, -1.3],
  [-0.86, -0.98],
  [-1, -0.5],
  [-0.34, 0.06],
]

function* dragon(stage: Stage, x: number, y: number, size: number, towards: 1 | -1): Work {
  const { brush, palette, scene } = stage
  const { unit } = brush
  const dim = 0.45 * (1 - palette.daylight)
  const hide = darker(scene.colourOf.subject ?? scene.colours[0] ?? hex('#4f8d55'), dim)
  const belly = darker(mix(lighter(hide, 0.4), hex('#efd9a0'), 0.55), dim * 0.6)
  const skin = mix(lighter(hide, 0.14), darker(hex('#c8653f'), dim), 0.24)
  const at = ([across, down]: Point): Point => [x + across * size * towards, y + down * size]
  const noise = cloudNoise()
  /** Lighter above, darker below, with scales. */
  const scaled = (colour: Rgb): Shader =>
    mottled(
      (_x, atY) =>
        mix(
          lighter(mix(colour, palette.glow, 0.16), 0.22),
          darker(colour, 0.38),
          smoothstep(y - size * 0.55, y + size * 0.5, atY),
        ),
      noise,
      0.62 * unit,
      0.2,
    )

  yield* wingOf(stage, at, darker(skin, 0.34), darker(hide, 0.34), [0.3, -0.03, 0.84])
  for (const leg of [
    [
      [-0.34, 0.14],
      [-0.5, 0.36],
      [-0.7, 0.42],
    ],
    [
      [0.3, 0.14],
      [0.2, 0.36],
      [0.02, 0.44],
    ],
  ] as const) {
    yield* limb(stage, leg.map(at), size, darker(hide, 0.3))
  }

  const back = smooth(spine, false, 10)
  const thick = (share: number): number => {
    const place = share * (girth.length - 1)
    const from = Math.min(girth.length - 2, Math.floor(place))
    return girth[from]! + (girth[from + 1]! - girth[from]!) * smoothstep(0, 1, place - from)
  }
  yield* spikes(stage, back, thick, at, darker(mix(hide, skin, 0.6), 0.12))
  yield* brush.shape(ribbon(back, (share) => [-thick(share) / 2, thick(share) / 2]).map(at), scaled(hide), {
    crisp: true,
  })
  const under = back.slice(0, Math.floor(back.length * 0.78))
  yield* brush.shape(
    ribbon(under, (share) => [thick(share * 0.78) * 0.16, thick(share * 0.78) * 0.47]).map(at),
    solid(belly),
    { crisp: true, alpha: 0.85 },
  )
  for (let step = 6; step < under.length - 4; step += 4) {
    const [low, high] = across(back, step, thick(step / (back.length - 1)))
    yield* brush.line([at(low), at(high)], 1.6 * unit, 1.2 * unit, solid(darker(belly, 0.35)), { alpha: 0.5 })
  }
  const tip = smooth(
    [
      [-1.3, -0.08],
      [-1.44, -0.22],
      [-1.3, -0.42],
      [-1.16, -0.2],
    ],
    true,
    6,
  )
  yield* brush.shape(tip.map(at), solid(skin), { crisp: true })
  if (scene.details.has('fire')) yield* breath(stage, at, size)
  yield* head(stage, at, size, hide, belly, scaled)
  for (const leg of [
    [
      [-0.22, 0.16],
      [-0.3, 0.42],
      [-0.52, 0.52],
    ],
    [
      [0.42, 0.12],
      [0.4, 0.38],
      [0.22, 0.5],
    ],
  ] as const) {
    yield* limb(stage, leg.map(at), size, darker(hide, 0.1))
  }
  yield* wingOf(stage, at, skin, hide, [0, 0, 1])
}

/** The outline of a band along a line: from `low` to `high` of its middle, in the line's own measure. */
function ribbon(line: readonly Point[], reach: (share: number) => [low: number, high: number]): Point[] {
  const upper: Point[] = []
  const lower: Point[] = []
  for (const [step, [px, py]] of line.entries()) {
    const [nx, ny] = normalAt(line, step)
    const [low, high] = reach(step / (line.length - 1))
    upper.push([px + nx * low, py + ny * low])
    lower.push([px + nx * high, py + ny * high])
  }
  return [...upper, ...lower.toReversed()]
}

/** Square to a line that runs from head to tail, pointing to the belly. */
function normalAt(line: readonly Point[], step: number): Point {
  const before = line[Math.max(0, step - 1)]!
  const after = line[Math.min(line.length - 1, step + 1)]!
  const dx = after[0] - before[0]
  const dy = after[1] - before[1]
  const length = Math.hypot(dx, dy) || 1
  return [dy / length, -dx / length]
}

/** A short line over the belly. */
function across(line: readonly Point[], step: number, thick: number): [Point, Point] {
  const [px, py] = line[step]!
  const [nx, ny] = normalAt(line, step)
  return [
    [px + nx * thick * 0.18, py + ny * thick * 0.18],
    [px + nx * thick * 0.46, py + ny * thick * 0.46],
  ]
}

function* spikes(
  { brush }: Stage,
  back: readonly Point[],
  thick: (share: number) => number,
  at: (point: Point) => Point,
  colour: Rgb,
): Work {
  for (let step = 4; step < back.length - 6; step += 4) {
    const share = step / (back.length - 1)
    const [px, py] = back[step]!
    const [nx, ny] = normalAt(back, step)
    const half = thick(share) / 2
    const tall = 0.035 + thick(share) * 0.3
    const [ax, ay] = [-ny * 0.045, nx * 0.045]
    const root: Point = [px - nx * half * 0.8, py - ny * half * 0.8]
    yield* brush.shape(
      [
        at([root[0] + ax, root[1] + ay]),
        at([px - nx * (half + tall) - ax * 0.9, py - ny * (half + tall) - ay * 0.9]),
        at([root[0] - ax, root[1] - ay]),
      ],
      solid(colour),
      { crisp: true },
    )
  }
}

/** A bat's wing with its fingers; `shift` moves and narrows it, for the one behind. */
function* wingOf(
  { brush, palette }: Stage,
  at: (point: Point) => Point,
  skin: Rgb,
  bone: Rgb,
  [across, down, scale]: readonly [number, number, number],
): Work {
  const place = ([px, py]: Point): Point => at([px * scale + across, py * scale + down])
  const [shoulder, wrist, ...tips] = wing as readonly [Point, Point, ...Point[]]
  const edge: Point[] = [
    ...bow(shoulder, wrist, 0.1),
    ...bow(wrist, tips[0]!, 0.14),
    ...tips.slice(0, -1).flatMap((tip, step) => bow(tip, tips[step + 1]!, 0.2)),
  ]
  const outline = edge.map(place)
  const [, wristY] = place(wrist)
  const [, lowY] = place(shoulder)
  const thin = mix(skin, palette.glow, 0.3)
  const shader: Shader = (_x, y) => mix(lighter(thin, 0.12), darker(skin, 0.25), smoothstep(wristY, lowY, y))
  yield* brush.shape(outline, mottled(shader, cloudNoise(), 1.4 * brush.unit, 0.12), { crisp: true })
  const wide = 15 * brush.unit * scale
  for (const tip of tips.slice(0, -1)) {
    const finger = bow(wrist, tip, 0.1).map(place)
    yield* brush.line(finger, wide * 0.6, wide * 0.14, solid(darker(bone, 0.12)))
  }
  yield* brush.line(bow(shoulder, wrist, 0.1).map(place), wide * 1.5, wide * 0.8, solid(bone))
  const [clawX, clawY] = wrist
  yield* brush.shape(
    [
      place([clawX - 0.03, clawY + 0.02]),
      place([clawX + 0.1, clawY - 0.12]),
      place([clawX + 0.05, clawY + 0.03]),
    ],
    solid(lighter(bone, 0.45)),
    { crisp: true },
  )
}

/** A curve from one point to another that bends to its left by `bend` of its length. */
function bow(from: Point, to: Point, bend: number): Point[] {
  const dx = to[0] - from[0]
  const dy = to[1] - from[1]
  return Array.from({ length: 13 }, (_, step): Point => {
    const share = step / 12
    const off = 4 * share * (1 - share) * bend
    return [from[0] + dx * share + dy * off, from[1] + dy * share - dx * off]
  })
}

function* limb({ brush }: Stage, joints: readonly Point[], size: number, colour: Rgb): Work {
  const foot = joints.at(-1)!
  yield* brush.disc(joints[0]![0], joints[0]![1], size * 0.1, solid(colour), { crisp: true })
  yield* brush.line(smooth(joints, false, 8), size * 0.17, size * 0.05, solid(colour))
  const knee = joints.at(-2)!
  const away = Math.sign(foot[0] - knee[0]) || 1
  for (const [reach, down] of [
    [0.1, 0.02],
    [0.08, 0.07],
    [0.03, 0.1],
  ] as const) {
    yield* brush.line(
      [foot, [foot[0] + away * reach * size, foot[1] + down * size]],
      size * 0.035,
      size * 0.006,
      solid(lighter(colour, 0.5)),
    )
  }
}

function* head(
  { brush, palette }: Stage,
  at: (point: Point) => Point,
  size: number,
  hide: Rgb,
  belly: Rgb,
  scaled: (colour: Rgb) => Shader,
): Work {
  const ivory = mix(belly, hex('#f3ead2'), 0.6)
  for (const [rise, length] of [
    [0, 1],
    [0.045, 0.82],
  ] as const) {
    const horn: Point[] = [
      [0.98, -0.6 + rise],
      [0.84, -0.72 + rise],
      [0.98 - 0.36 * length, -0.76 + rise],
    ]
    yield* brush.line(
      smooth(horn, false, 8).map(at),
      size * 0.055,
      size * 0.008,
      solid(darker(ivory, rise * 4)),
    )
  }
  const jaw: Point[] = [
    [0.94, -0.46],
    [1.08, -0.42],
    [1.3, -0.38],
    [1.36, -0.41],
    [1.2, -0.47],
    [1.04, -0.5],
  ]
  yield* brush.shape(smooth(jaw, true, 6).map(at), solid(darker(hide, 0.25)), { crisp: true })
  const skull: Point[] = [
    [0.86, -0.52],
    [0.93, -0.63],
    [1.05, -0.66],
    [1.18, -0.6],
    [1.3, -0.57],
    [1.42, -0.55],
    [1.45, -0.49],
    [1.38, -0.46],
    [1.2, -0.48],
    [1.05, -0.46],
    [0.92, -0.43],
  ]
  yield* brush.shape(smooth(skull, true, 6).map(at), scaled(hide), { crisp: true })
  for (const [across, down] of [
    [1.36, -0.465],
    [1.29, -0.47],
    [1.22, -0.475],
  ] as const) {
    yield* brush.shape(
      [at([across - 0.018, down]), at([across + 0.018, down]), at([across, down + 0.05])],
      solid(ivory),
      { crisp: true },
    )
  }
  const [eyeX, eyeY] = at([1.07, -0.57])
  yield* brush.disc(eyeX, eyeY, size * 0.032, solid(mix(palette.lamp, hex('#ffc93a'), 0.6)), { crisp: true })
  yield* brush.line(
    [at([1.075, -0.6]), at([1.07, -0.54])],
    size * 0.014,
    size * 0.014,
    solid([0.05, 0.04, 0.05]),
  )
  yield* brush.line(
    [at([1.0, -0.625]), at([1.14, -0.585])],
    size * 0.03,
    size * 0.012,
    solid(darker(hide, 0.35)),
  )
  const [noseX, noseY] = at([1.4, -0.525])
  yield* brush.dot(noseX, noseY, size * 0.014, darker(hide, 0.6))
}

/** Fire out of its mouth, down and ahead. */
function* breath({ brush }: Stage, at: (point: Point) => Point, size: number): Work {
  const [glowX, glowY] = at([1.75, -0.32])
  yield* brush.glow(glowX, glowY, size * 0.8, [1, 0.6, 0.25], 0.75)
  for (const [long, wide, colour] of [
    [0.95, 0.24, [0.93, 0.33, 0.1]],
    [0.74, 0.16, [1, 0.6, 0.16]],
    [0.5, 0.09, [1, 0.9, 0.5]],
  ] as const) {
    const points: Point[] = [
      [1.34, -0.45],
      [1.34 + long * 0.3, -0.4 - wide * 0.55],
      [1.34 + long * 0.62, -0.34 - wide * brush.between(0.8, 1.1)],
      [1.34 + long * 0.78, -0.3 - wide * 0.2],
      [1.34 + long, -0.24 - wide * 0.1],
      [1.34 + long * 0.76, -0.24 + wide * brush.between(0.4, 0.7)],
      [1.34 + long * 0.5, -0.3 + wide * 0.45],
      [1.34 + long * 0.25, -0.38 + wide * 0.3],
    ]
    yield* brush.shape(smooth(points, true, 8).map(at), solid(colour), { crisp: true, alpha: 0.88 })
  }
}
