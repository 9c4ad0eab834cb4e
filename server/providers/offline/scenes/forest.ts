import { darker, hex, lighter, mix, type Rgb, smoothstep } from '../draw/colour.ts'
import { cloudNoise } from '../draw/noise.ts'
import { ellipse, roughened, smooth } from '../draw/outline.ts'
import { solid, vertical } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import { landShader, rollingLine } from './ridges.ts'
import { birds, stars } from './sky.ts'
import type { Stage } from './stage.ts'
import { fir, tallTrunk } from './trees.ts'
import { paintWeather } from './weather.ts'

/** Inside a wood: trunks behind trunks in the haze, light falling between them. */
export function* paintForest(stage: Stage): Work {
  const { brush, scene, palette } = stage
  const { width, height, unit } = brush
  const sunX = width * brush.between(0.35, 0.65)
  const bright = mix(palette.horizon, palette.glow, 0.35 * palette.daylight)
  const crown = mix(mix(palette.haze, palette.green, 0.35), palette.zenith, 0.2)
  yield* brush.flood(
    vertical(
      { y: 0, colour: crown },
      { y: height * 0.5, colour: bright },
      { y: height * 0.8, colour: mix(palette.haze, crown, 0.3) },
    ),
  )
  if (scene.light === 'night') yield* stars(stage, height * 0.5)
  yield* brush.glow(sunX, height * 0.42, height * 0.6, palette.glow, 0.7)
  const layers = 5
  for (let at = 0; at < layers; at++) {
    const share = at / (layers - 1)
    yield* treeLayer(stage, share)
    if (share < 0.9)
      yield* groundMist(stage, height * (0.6 + 0.22 * share), height * 0.2, 0.55 * (1 - share * 0.6))
    if (at === 2 && palette.daylight > 0.4 && (scene.weather === 'clear' || scene.weather === 'fog'))
      yield* shafts(stage, sunX)
  }
  yield* undergrowth(stage)
  if (scene.details.has('birds')) yield* birds(stage, sunX, height * 0.2, 5)
  if (scene.light === 'night')
    for (let at = 0; at < 26; at++) {
      const x = brush.random() * width
      const y = height * brush.between(0.5, 0.92)
      yield* brush.glow(x, y, 20 * unit, palette.lamp, 0.9)
      yield* brush.dot(x, y, 1.9 * unit, lighter(palette.lamp, 0.4))
    }
  yield* paintWeather(stage)
}

function leafTone({ scene, palette, brush }: Stage): Rgb {
  const level = 0.6 * (1 - palette.daylight)
  if (scene.colourOf.land) return palette.green
  if (scene.details.has('autumn')) {
    return darker(mix(hex('#c8642a'), hex('#d9a03a'), brush.random()), level)
  }
  if (scene.details.has('blossom')) return darker(hex('#eab4c0'), level)
  return mix(palette.green, palette.near, 0.25 * brush.random())
}

function* treeLayer(stage: Stage, share: number): Work {
  const { brush, scene, palette } = stage
  const { width, height, unit } = brush
  const away = (1 - share) ** 1.1
  const level = height * (0.66 + 0.22 * share)
  const ground = rollingLine(brush, level, height * 0.08, 2.2)
  const snowy = scene.weather === 'snow'
  const soil = snowy
    ? palette.snow
    : mix(mix(palette.green, palette.near, 0.35 + 0.35 * share), leafTone(stage), 0.25)
  const tone = (colour: Rgb): Rgb => mix(colour, mix(palette.haze, palette.horizon, 0.4), 0.82 * away)
  const count = Math.round(19 - 13 * share)
  const bark = mix(palette.near, hex('#4a3628'), 0.35 * palette.daylight)
  const leaves =
    scene.details.has('autumn') ||
    scene.details.has('blossom') ||
    scene.kind === 'grove' ||
    scene.kind === 'woods'
  for (let at = 0; at < count; at++) {
    const spread = (at + brush.between(0.1, 0.9)) / count
    // The middle stays open in front, so that one looks into the wood.
    const open = share > 0.6 ? 0.5 + (spread - 0.5) * 1.25 + Math.sign(spread - 0.5) * 0.08 : spread
    const x = open * width
    if (x < 0 || x >= width) continue
    const foot = ground[Math.floor(x)]! + 8 * unit
    const thick = (7 + 34 * share ** 1.4) * brush.between(0.7, 1.25) * unit
    if (leaves || brush.random() < 0.55) {
      yield* tallTrunk(
        brush,
        x,
        foot,
        thick,
        tone(darker(bark, 0.15)),
        tone(mix(bark, palette.glow, 0.28 * palette.daylight)),
      )
    } else {
      yield* fir(
        brush,
        x,
        foot,
        height * brush.between(0.4, 0.7) * (0.6 + 0.5 * share),
        tone(mix(palette.green, palette.near, 0.55)),
        snowy ? tone(palette.snow) : undefined,
      )
    }
  }
  if (leaves) yield* canopy(stage, share, tone)
  yield* brush.below(
    ground,
    landShader(brush, ground, tone(soil), tone(darker(soil, 0.2)), height * 0.2, 0.22),
    { thin: false },
  )
}

/** Leaves hanging in from above. */
function* canopy(stage: Stage, share: number, tone: (colour: Rgb) => Rgb): Work {
  const { brush } = stage
  const { width, height, unit } = brush
  for (let at = 0; at < 130; at++) {
    const x = brush.random() * width
    const side = Math.abs(x / width - 0.5) * 2
    const y = height * brush.random() ** 1.8 * (0.2 + 0.28 * side)
    const radius = (14 + 34 * share) * brush.between(0.5, 1.1) * unit
    const leaf = leafTone(stage)
    yield* brush.shape(
      roughened(ellipse(x, y, radius * 1.15, radius * 0.75), radius * 0.2, brush.random),
      solid(tone(brush.random() < 0.5 ? lighter(leaf, 0.12) : darker(leaf, 0.15))),
      { crisp: true, alpha: 0.82 },
    )
  }
}

function* groundMist({ brush, palette }: Stage, level: number, reach: number, strength: number): Work {
  const noise = cloudNoise()
  const { unit } = brush
  const shift = brush.random() * 256
  yield* brush.veil(
    mix(palette.haze, palette.horizon, 0.4),
    (x, y) => {
      const near = 1 - Math.abs(y - level) / reach
      return near <= 0
        ? 0
        : strength * near * (0.35 + 0.65 * noise.at(x / (4 * unit) + shift, y / (1.6 * unit)))
    },
    level - reach,
    level + reach,
  )
}

/** Light that falls in slanting bands. */
function* shafts({ brush, palette }: Stage, sunX: number): Work {
  const { height, unit } = brush
  const noise = cloudNoise()
  const shift = brush.random() * 256
  yield* brush.veil(
    lighter(palette.glow, 0.25),
    (x, y) => {
      const angle = (x - sunX) / (y + height * 0.35)
      const band = smoothstep(0.5, 0.8, noise.at(angle * 150 + shift, shift))
      return (
        0.34 *
        band *
        palette.daylight *
        smoothstep(height * 0.98, height * 0.3, y) *
        smoothstep(900 * unit, 150 * unit, Math.abs(x - sunX))
      )
    },
    0,
    height,
  )
}

/** Ferns and grass at the viewer's feet. */
function* undergrowth({ brush, scene, palette }: Stage): Work {
  const { width, height, unit } = brush
  if (scene.weather === 'snow') return
  const dark = darker(mix(palette.green, palette.near, 0.6), 0.15)
  for (let at = 0; at < 110; at++) {
    const x = brush.random() * width
    const side = Math.abs(x / width - 0.5) * 2
    const y = height * (1.02 - 0.1 * side * brush.random())
    const long = (24 + 74 * side) * brush.between(0.5, 1) * unit
    const bend = brush.between(-0.8, 0.8) * long
    const blade = smooth(
      [
        [x, y],
        [x + bend * 0.25, y - long * 0.6],
        [x + bend, y - long],
      ],
      false,
      5,
    )
    yield* brush.line(blade, 5.5 * unit, 0.6 * unit, solid(brush.random() < 0.4 ? lighter(dark, 0.14) : dark))
  }
}
