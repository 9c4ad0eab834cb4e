import { darker, lighter, mix, type Rgb, smoothstep } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise } from '../draw/noise.ts'
import { ellipse, smooth } from '../draw/outline.ts'
import { mottled, solid, vertical } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import { crestLine } from './ridges.ts'
import { birds } from './sky.ts'
import type { Stage } from './stage.ts'

/** A head in profile from the nose's bridge round to the back of the neck, in shares of the head's height. */
const face: readonly Point[] = [
  [-0.02, -0.5],
  [-0.17, -0.46],
  [-0.27, -0.36],
  [-0.318, -0.23],
  [-0.322, -0.13],
  [-0.308, -0.075],
  [-0.33, -0.02],
  [-0.372, 0.065],
  [-0.39, 0.098],
  [-0.372, 0.122],
  [-0.33, 0.132],
  [-0.322, 0.155],
  [-0.346, 0.186],
  [-0.35, 0.208],
  [-0.324, 0.224],
  [-0.342, 0.246],
  [-0.336, 0.276],
  [-0.308, 0.296],
  [-0.312, 0.33],
  [-0.306, 0.372],
  [-0.27, 0.408],
  [-0.215, 0.412],
  [-0.12, 0.392],
  [-0.055, 0.4],
  [-0.03, 0.47],
  [-0.035, 0.58],
  [-0.06, 0.68],
  [-0.16, 0.78],
  [-0.36, 0.88],
  [-0.52, 1.02],
  [-0.58, 1.5],
  [0.95, 1.5],
  [0.86, 1.08],
  [0.68, 0.88],
  [0.44, 0.76],
  [0.315, 0.64],
  [0.28, 0.5],
  [0.28, 0.34],
  [0.33, 0.2],
  [0.385, 0.02],
  [0.375, -0.18],
  [0.3, -0.36],
  [0.15, -0.47],
]

/** A silhouette in profile before a low sun, a landscape showing through it. */
export function* paintPortrait(stage: Stage): Work {
  const { brush, scene, palette } = stage
  const { width, height, unit } = brush
  const ground = mix(palette.accents[2], palette.horizon, 0.45)
  const top = mix(palette.sky, palette.horizon, 0.5)
  yield* brush.flood(
    mottled(vertical({ y: 0, colour: top }, { y: height, colour: ground }), cloudNoise(), 5 * unit, 0.09),
  )
  const size = Math.min(height * 0.66, width * 0.72)
  const side = brush.random() < 0.5 ? -1 : 1
  const x = width * (0.5 + side * 0.02)
  const y = height * 0.46
  const discX = x - side * size * 0.14
  const disc = palette.accents[1]
  yield* brush.glow(discX, y - size * 0.06, size * 1.1, palette.glow, 0.5)
  yield* brush.shape(
    ellipse(discX, y - size * 0.06, size * 0.62),
    vertical(
      { y: y - size * 0.7, colour: lighter(disc, 0.25) },
      { y: y + size * 0.5, colour: mix(disc, palette.accents[0], 0.55) },
    ),
  )
  yield* sprigs(stage, x, y, size)
  const place = ([across, down]: Point): Point => [x + across * size * side, y + down * size]
  const outline = smooth(face.map(place), true, 6)
  const long =
    scene.kind === 'woman' ||
    scene.kind === 'girl' ||
    scene.kind === 'queen' ||
    (!male.has(scene.kind) && brush.random() < 0.55)
  const dark = darker(mix(palette.near, palette.far, 0.18), 0.1)
  if (long) yield* hairBehind(stage, place, dark)
  yield* brush.shape(outline, inner(stage, x, y, size, dark))
  yield* hair(stage, place, long, dark)
  yield* brush.line(
    smooth(face.slice(2, 23).map(place), false, 6),
    2.2 * unit,
    2.2 * unit,
    solid(lighter(palette.glow, 0.35)),
    { alpha: 0.5 },
  )
  yield* birds(stage, x - side * size * 0.55, y - size * 0.42, 5)
}

const male: ReadonlySet<string> = new Set(
  'man boy king prince father grandfather grandpa gentleman wizard fisherman sailor captain monk knight'.split(
    ' ',
  ),
)

/** The evening that shows inside the head: sky above, ranges below, dark towards the shoulders. */
function inner(stage: Stage, x: number, y: number, size: number, dark: Rgb): (x: number, y: number) => Rgb {
  const { brush, palette } = stage
  const skin = stage.scene.colourOf.subject
  const sky = vertical(
    { y: y - size * 0.5, colour: darker(mix(palette.zenith, palette.near, 0.35), 0.1) },
    { y: y + size * 0.02, colour: skin ?? mix(palette.sky, palette.accents[0], 0.3) },
    { y: y + size * 0.3, colour: palette.horizon },
  )
  const ranges = [0.2, 0.36, 0.52].map((share) => crestLine(brush, y + size * share, size * 0.24, 3.4))
  const noise = cloudNoise()
  const { unit } = brush
  return (atX, atY) => {
    let colour = sky(atX, atY)
    for (const [at, line] of ranges.entries()) {
      const down = atY - line[Math.max(0, Math.min(line.length - 1, Math.floor(atX)))]!
      if (down > 0)
        colour = mix(
          mix(palette.far, palette.near, at * 0.36),
          palette.haze,
          0.4 * smoothstep(0, size * 0.2, down) * (1 - at * 0.3),
        )
    }
    const cloud = smoothstep(0.55, 0.8, noise.at(atX / (3 * unit), atY / (1.6 * unit)))
    const shoulder = smoothstep(y + size * 0.42, y + size * 0.85, atY)
    const back = smoothstep(size * 0.12, size * 0.42, Math.abs(atX - x))
    return mix(
      mix(colour, palette.cloudLight, cloud * 0.25 * (1 - shoulder)),
      dark,
      Math.max(shoulder, back * 0.35),
    )
  }
}

function* hairBehind({ brush }: Stage, place: (point: Point) => Point, dark: Rgb): Work {
  const fall: readonly Point[] = [
    [0.1, -0.5],
    [0.36, -0.4],
    [0.5, -0.12],
    [0.5, 0.2],
    [0.6, 0.5],
    [0.56, 0.82],
    [0.34, 0.95],
    [0.2, 0.7],
    [0.2, 0.3],
  ]
  yield* brush.shape(smooth(fall.map(place), true, 8), solid(dark))
}

function* hair(stage: Stage, place: (point: Point) => Point, long: boolean, dark: Rgb): Work {
  const { brush, palette } = stage
  const { unit } = brush
  const cap: readonly Point[] = long
    ? [
        [-0.29, -0.3],
        [-0.24, -0.47],
        [-0.06, -0.58],
        [0.16, -0.57],
        [0.36, -0.44],
        [0.46, -0.2],
        [0.46, 0.08],
        [0.42, 0.34],
        [0.3, 0.4],
        [0.2, 0.26],
        [0.13, 0.1],
        [0.06, -0.02],
        [-0.02, -0.14],
        [-0.14, -0.24],
      ]
    : [
        [-0.3, -0.26],
        [-0.27, -0.44],
        [-0.1, -0.56],
        [0.12, -0.56],
        [0.32, -0.45],
        [0.42, -0.22],
        [0.4, -0.02],
        [0.34, 0.14],
        [0.26, 0.2],
        [0.2, 0.1],
        [0.19, -0.04],
        [0.12, -0.1],
        [0.05, -0.16],
        [-0.02, -0.27],
        [-0.16, -0.3],
      ]
  yield* brush.shape(smooth(cap.map(place), true, 8), solid(dark))
  const shine = mix(dark, palette.glow, 0.4)
  for (let at = 0; at < 16; at++) {
    const lift = at / 16
    const strand: readonly Point[] = [
      [-0.26 + 0.1 * lift, -0.3 - 0.1 * lift],
      [-0.08 + 0.08 * lift, -0.5 + 0.22 * lift],
      [0.16 + 0.02 * lift, -0.46 + 0.3 * lift],
      [0.34 - 0.08 * lift, -0.2 + 0.3 * lift],
      [0.36 - 0.08 * lift, 0.1 + 0.2 * lift],
    ]
    yield* brush.line(smooth(strand.map(place), false, 6), 2.2 * unit, 0.5 * unit, solid(shine), {
      alpha: 0.16,
    })
  }
  if (!long) return
  const flower = palette.accents[0]
  const [x, y] = place([0.2, -0.34])
  for (let petal = 0; petal < 6; petal++) {
    const angle = (petal / 6) * Math.PI * 2
    yield* brush.shape(
      ellipse(x + Math.cos(angle) * 17 * unit, y + Math.sin(angle) * 17 * unit, 15 * unit, 11 * unit, angle),
      solid(lighter(flower, 0.08 * (petal % 3))),
      { crisp: true },
    )
  }
  yield* brush.dot(x, y, 9 * unit, palette.lamp)
}

/** Leaves that grow up on both sides, behind the head. */
function* sprigs(stage: Stage, x: number, y: number, size: number): Work {
  const { brush, palette } = stage
  for (let at = 0; at < 6; at++) {
    const out = at % 2 === 0 ? -1 : 1
    const tone = mix(mix(palette.green, palette.accents[3], 0.3 * brush.random()), palette.haze, 0.25)
    const foot: Point = [x + out * size * brush.between(0.3, 0.6), y + size * 0.9]
    const tip: Point = [x + out * size * brush.between(0.5, 0.86), y + size * brush.between(-0.42, 0.25)]
    const middle: Point = [(foot[0] + tip[0]) / 2 + out * size * 0.09, (foot[1] + tip[1]) / 2]
    const stem = smooth([foot, middle, tip], false, 9)
    yield* brush.line(stem, size * 0.012, size * 0.004, solid(tone))
    for (let leaf = 4; leaf < stem.length - 1; leaf += 2) {
      const [leafX, leafY] = stem[leaf]!
      for (const turn of [-0.75, 0.75]) {
        const angle = Math.atan2(tip[1] - foot[1], tip[0] - foot[0]) + turn
        const long = size * 0.075 * (1.15 - leaf / stem.length)
        yield* brush.shape(
          ellipse(leafX + Math.cos(angle) * long, leafY + Math.sin(angle) * long, long, long * 0.36, angle),
          solid(turn < 0 ? tone : lighter(tone, 0.14)),
          { crisp: true, alpha: 0.9 },
        )
      }
    }
  }
}
