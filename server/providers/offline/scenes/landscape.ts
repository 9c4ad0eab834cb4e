import { darker, lighter, mix, type Rgb, saturate, smoothstep } from '../draw/colour.ts'
import { cloudNoise, noiseLine } from '../draw/noise.ts'
import { ellipse, roughened } from '../draw/outline.ts'
import { type Shader, solid } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import { house } from './buildings.ts'
import { crestLine, landShader, paintMassif, rollingLine } from './ridges.ts'
import { sailboat } from './sailboat.ts'
import { birds, paintSky, placeOrb, type SkyPlan } from './sky.ts'
import type { Stage } from './stage.ts'
import { firs, leafTree } from './trees.ts'
import { mirror, ripples } from './water.ts'
import { lightning, paintWeather } from './weather.ts'

/** A great peak among lower ones, ranges behind, wooded hills before it. */
export function* paintMountains(stage: Stage): Work {
  const { brush, scene } = stage
  const { width, height, random } = brush
  const horizon = height * 0.7
  const plan = placeOrb(stage, horizon * 0.86, 0.5)
  yield* paintSky(stage, plan)
  yield* farRanges(stage, horizon, 2)
  const main = plan.orb.across < 0.5 ? brush.between(0.56, 0.66) : brush.between(0.34, 0.44)
  const rise = Math.min(height * 0.5, width * 0.52)
  const lightFrom = plan.orb.across < main ? -1 : 1
  const bare = scene.light === 'golden' && !scene.details.has('snowcaps') && scene.weather !== 'snow'
  const snowShare = scene.weather === 'snow' ? 0.8 : bare ? 0.12 : 0.4
  yield* paintMassif(stage, {
    foot: horizon + height * 0.06,
    rise: rise + height * 0.06,
    main,
    lightFrom,
    snowShare,
  })
  yield* mist(stage, horizon - height * 0.06, height * 0.16)
  if (random() < 0.8 || scene.details.has('birds'))
    yield* birds(stage, width * plan.orb.across, height * 0.3, 6)
  if (scene.weather === 'storm') yield* lightning(brush, width * (1 - main), height * 0.1, height * 0.6)
  if (scene.details.has('river')) {
    yield* foreground(stage, horizon, 3)
    yield* river(stage, horizon + height * 0.1)
  } else yield* foreground(stage, horizon, 4)
  yield* paintWeather(stage)
}

/** Rolling country: fields, hedges, a few trees, perhaps a house. */
export function* paintHills(stage: Stage): Work {
  const { brush, scene, palette } = stage
  const { width, height, unit } = brush
  const horizon = height * 0.56
  const plan = placeOrb(stage, horizon)
  yield* paintSky(stage, plan)
  yield* farRanges(stage, horizon, 3)
  const layers = 5
  const ground = fieldColour(stage)
  for (let at = 0; at < layers; at++) {
    const share = at / (layers - 1)
    const level = horizon + (height - horizon) * (0.06 + 0.7 * share ** 1.2)
    const line = rollingLine(brush, level, height * (0.2 + 0.06 * share), 1.5 + brush.random() * 1.4)
    const colour = mix(mix(ground, palette.haze, 0.7), ground, share ** 0.7)
    const tone = mix(colour, darker(palette.near, 0.1), 0.12 + 0.4 * share * (1 - palette.daylight * 0.5))
    yield* brush.below(line, fieldShader(stage, line, tone, share, plan))
    if (share > 0.05 && share < 0.95) {
      const wood = mix(mix(palette.green, palette.haze, 0.5 * (1 - share)), palette.near, 0.3)
      yield* hedges(stage, line, wood, 7 + 24 * share)
      yield* mist(stage, horizon + (height - horizon) * (0.12 + 0.7 * share), height * 0.09)
    }
    if (at === 2 && scene.details.has('house')) {
      const x = width * (plan.orb.across < 0.5 ? 0.66 : 0.32)
      yield* house(stage, x, line[Math.floor(x)]! + 8 * unit, 92 * unit)
    }
    if (at === 3) {
      const x = width * (plan.orb.across < 0.5 ? 0.8 : 0.2)
      yield* leafTree(
        brush,
        x,
        line[Math.floor(x)]! + 10 * unit,
        190 * unit,
        leafColour(stage),
        darker(palette.near, 0.1),
      )
    }
  }
  if (scene.details.has('river')) yield* river(stage, horizon + height * 0.12)
  yield* meadowFlowers(stage, horizon + height * 0.24)
  if (scene.details.has('birds') || brush.random() < 0.6) yield* birds(stage, width * 0.5, height * 0.24, 5)
  if (scene.weather === 'storm') yield* lightning(brush, width * 0.35, height * 0.06, horizon)
  yield* paintWeather(stage)
}

/** Dunes with a lit and a shaded side. */
export function* paintDesert(stage: Stage): Work {
  const { brush, palette } = stage
  const { width, height, unit } = brush
  const horizon = height * 0.52
  const plan = placeOrb(stage, horizon)
  yield* paintSky(stage, plan)
  const mesa = crestLine(brush, horizon + 6 * unit, height * 0.09, 3)
  yield* brush.below(
    mesa,
    landShader(brush, mesa, mix(palette.far, palette.sand, 0.35), palette.haze, height * 0.1),
  )
  const layers = 5
  for (let at = 0; at < layers; at++) {
    const share = at / (layers - 1)
    const level = horizon + (height - horizon) * (0.06 + 0.72 * share)
    const line = noiseLine(width, 1.2 + brush.random() * 1.4, 0.85, brush.random, 0.16).map(
      (value) => level - (value - 0.4) * height * (0.1 + 0.12 * share),
    )
    yield* brush.below(line, duneShader(stage, line, share, plan.orb.across < 0.5 ? -1 : 1))
  }
  yield* brush.veil(palette.glow, (_x, y) => 0.14 * smoothstep(height, horizon, y), horizon, height)
  yield* paintWeather(stage)
}

/** A lake that mirrors the mountains behind it. */
export function* paintLake(stage: Stage): Work {
  const { brush, scene, palette } = stage
  const { width, height, unit } = brush
  const shore = height * 0.6
  const plan = placeOrb(stage, shore * 0.86, 0.5)
  yield* paintSky(stage, plan)
  yield* farRanges(stage, shore, 2)
  const main = plan.orb.across < 0.5 ? 0.6 : 0.4
  const rise = Math.min(height * 0.42, width * 0.46)
  const lightFrom = plan.orb.across < main ? -1 : 1
  yield* paintMassif(stage, {
    foot: shore,
    rise,
    main,
    lightFrom,
    snowShare: scene.weather === 'snow' ? 0.8 : 0.38,
  })
  yield* mist(stage, shore - height * 0.03, height * 0.1)
  const bank = rollingLine(brush, shore - 6 * unit, height * 0.07, 3)
  const snowy = scene.weather === 'snow' ? palette.snow : undefined
  const wood = mix(mix(palette.green, palette.near, 0.5), palette.haze, 0.22)
  yield* brush.below(bank, landShader(brush, bank, wood, darker(wood, 0.2), height * 0.08))
  yield* firs(brush, bank, 120, [34, 74], wood, snowy)
  yield* mirror(stage, shore)
  yield* ripples(stage, shore, 0.6)
  if (scene.details.has('boat')) {
    const sail = scene.colourOf.subject ?? palette.accents[0]
    yield* sailboat(stage, width * (main > 0.5 ? 0.3 : 0.7), shore + height * 0.16, 120 * unit, sail)
  }
  const nearLine = noiseLine(width, 1.4, 0, brush.random, 0.4).map(
    (value, x) =>
      height * (1.02 - 0.2 * smoothstep(0.35, 1, Math.abs(x / width - main) * 1.5) - (value - 0.5) * 0.06),
  )
  const ground = snowy ?? darker(mix(palette.green, palette.near, 0.55), 0.1)
  yield* brush.below(nearLine, landShader(brush, nearLine, ground, darker(ground, 0.3), height * 0.2, 0.2))
  yield* firs(
    brush,
    nearLine.map((y) => y + 8 * unit),
    15,
    [150, 290],
    darker(mix(palette.green, palette.near, 0.6), 0.2),
    snowy,
  )
  if (scene.details.has('birds') || brush.random() < 0.5) yield* birds(stage, width * 0.5, height * 0.2, 5)
  yield* paintWeather(stage)
}

function* farRanges(stage: Stage, level: number, count: number): Work {
  const { brush, palette } = stage
  const { height } = brush
  for (let at = 0; at < count; at++) {
    const share = (at + 1) / (count + 1)
    const line = crestLine(
      brush,
      level - height * (0.12 - 0.1 * share),
      height * (0.26 - 0.08 * share),
      2.5 + at * 1.4,
    )
    const colour = mix(mix(palette.haze, palette.horizon, 0.4), palette.far, 0.35 + 0.55 * share)
    yield* brush.below(
      line,
      landShader(brush, line, colour, mix(colour, palette.haze, 0.75), height * 0.2, 0.06),
    )
  }
}

/** Darker and darker hills with firs before the mountain. */
function* foreground(stage: Stage, horizon: number, layers: number): Work {
  const { brush, scene, palette } = stage
  const { height, unit } = brush
  const snowy = scene.weather === 'snow' ? mix(palette.snow, palette.haze, 0.1) : undefined
  for (let at = 0; at < layers; at++) {
    const share = (at + 1) / layers
    const level = horizon + (height - horizon) * (0.04 + 0.74 * share ** 1.1)
    const line = rollingLine(brush, level, height * 0.14, 2 + at * 0.5, 0.2)
    const wood = mix(
      mix(palette.green, palette.near, 0.25 + 0.6 * share),
      palette.haze,
      0.62 * (1 - share) ** 1.2,
    )
    const ground = snowy ? mix(snowy, palette.far, 0.28 * (1 - share)) : wood
    yield* brush.below(
      line,
      landShader(
        brush,
        line,
        ground,
        mix(ground, share > 0.7 ? darker(ground, 0.35) : palette.haze, 0.5),
        height * 0.16,
        0.12,
      ),
    )
    const tall: [number, number] = [16 + 74 * share ** 1.6, 34 + 130 * share ** 1.6]
    yield* firs(
      brush,
      line,
      Math.round(150 - 96 * share),
      tall,
      darker(wood, 0.12 + 0.15 * share),
      share > 0.4 ? snowy : undefined,
    )
    if (at === 1 && scene.details.has('house')) {
      const x = brush.width * brush.between(0.3, 0.7)
      yield* house(stage, x, line[Math.floor(x)]! + 6 * unit, 74 * unit)
    }
    if (share < 0.75) yield* mist(stage, level + height * 0.07, height * 0.07)
  }
}

/** A bank of mist round a level. */
function* mist({ brush, palette }: Stage, level: number, reach: number): Work {
  const noise = cloudNoise()
  const { unit } = brush
  const shift = brush.random() * 256
  yield* brush.veil(
    palette.haze,
    (x, y) => {
      const near = 1 - Math.abs(y - level) / reach
      if (near <= 0) return 0
      return 0.62 * near * near * smoothstep(0.25, 0.7, noise.at(x / (4.4 * unit) + shift, y / (1.5 * unit)))
    },
    level - reach,
    level + reach,
  )
}

function fieldColour({ scene, palette }: Stage): Rgb {
  if (scene.weather === 'snow') return mix(palette.snow, palette.haze, 0.15)
  if (scene.details.has('autumn')) return mix(palette.sand, palette.green, 0.35)
  return mix(palette.green, palette.glow, 0.12)
}

function leafColour({ scene, palette, brush }: Stage): Rgb {
  const lit = (colour: Rgb): Rgb => darker(colour, 0.55 * (1 - palette.daylight))
  if (scene.details.has('blossom')) return lit([0.96, 0.72, 0.78])
  if (scene.details.has('autumn')) return lit(brush.random() < 0.5 ? [0.85, 0.42, 0.16] : [0.88, 0.6, 0.2])
  if (scene.weather === 'snow') return mix(palette.snow, palette.far, 0.2)
  return mix(palette.green, palette.near, 0.2)
}

/** Fields in strips, each its own shade, following the land. */
function fieldShader(stage: Stage, line: Float32Array, colour: Rgb, share: number, plan: SkyPlan): Shader {
  const { brush, palette } = stage
  const { unit, width } = brush
  const noise = cloudNoise()
  const shift = brush.random() * 256
  const slant = brush.between(-0.8, 0.8)
  const light = mix(colour, palette.glow, 0.24 * palette.daylight)
  const dark = darker(saturate(colour, 1.1), 0.22)
  const strip = (26 + 60 * share) * unit
  return (x, y) => {
    const down = y - line[Math.floor(x)]!
    const toSun = 1 - Math.min(1, Math.abs(x / width - plan.orb.across) * 1.6)
    const row = Math.floor(
      (x + down * (1.4 + slant * 2) + 60 * unit * noise.at(x / (8 * unit), y / (8 * unit))) / strip,
    )
    const own = ((row * 37 + 11) % 7) / 7 - 0.5
    const fine = noise.at(x / (1.1 * unit) + shift, y / (0.5 * unit)) - 0.5
    const level = smoothstep(0, 150 * unit, down)
    const tone = 0.35 + 0.4 * toSun - 0.5 * level + own * 0.22 + fine * 0.32
    return mix(dark, light, Math.max(0, Math.min(1, tone + 0.2)))
  }
}

function duneShader(stage: Stage, line: Float32Array, share: number, lightFrom: number): Shader {
  const { brush, palette } = stage
  const { unit } = brush
  const noise = cloudNoise()
  const shift = brush.random() * 256
  const lit = mix(mix(palette.sand, palette.haze, 0.5 * (1 - share)), palette.glow, 0.25 * palette.daylight)
  const dark = mix(darker(palette.sand, 0.42), palette.far, 0.3 + 0.25 * (1 - share))
  const reach = Math.round(46 * unit)
  return (x, y) => {
    const column = Math.floor(x)
    const down = y - line[column]!
    const ahead = line[Math.max(0, Math.min(line.length - 1, column + reach))]!
    const behind = line[Math.max(0, Math.min(line.length - 1, column - reach))]!
    const slope = ((ahead - behind) / reach) * lightFrom
    const wind = Math.sin(
      (y + 26 * unit * noise.at(x / (3 * unit) + shift, y / (3 * unit))) / ((2.2 + 3 * share) * unit),
    )
    const bend = noise.at(x / (4 * unit) + shift, (y + down) / (4 * unit)) - 0.5
    const light = smoothstep(-0.45, 0.55, -slope * 1.2 + bend * 0.9 - down / (420 * unit) + 0.25)
    const [red, green, blue] = mix(dark, lit, light)
    const ripple = 1 + wind * 0.03 * share
    return [red * ripple, green * ripple, blue * ripple]
  }
}

/** Clumps of bushes and small trees along a line of land. */
function* hedges({ brush }: Stage, line: Float32Array, colour: Rgb, size: number): Work {
  const { unit, width } = brush
  const noise = cloudNoise()
  const shift = brush.random() * 256
  for (let at = 0; at < 240; at++) {
    const x = brush.random() * width
    const thick = noise.at(x / (1.8 * unit) + shift, shift)
    if (thick < 0.56) continue
    const radius = size * brush.between(0.3, 0.62) * (0.6 + thick * 0.6) * unit
    const y = line[Math.floor(x)]! + radius * brush.between(-0.9, 0.7)
    const high = brush.random()
    yield* brush.shape(
      roughened(ellipse(x, y - radius * 0.35, radius, radius * 0.85), radius * 0.14, brush.random),
      solid(high < 0.5 ? darker(colour, 0.22 * (1 - high)) : lighter(colour, 0.12 * high)),
      { crisp: true, alpha: 0.95 },
    )
  }
}

function* meadowFlowers({ brush, scene, palette }: Stage, from: number): Work {
  if (scene.weather === 'snow' || scene.light === 'night') return
  const { width, height, unit } = brush
  const many = scene.details.has('flowers')
  const noise = cloudNoise()
  const shift = brush.random() * 256
  for (let at = 0; at < (many ? 1100 : 260); at++) {
    const down = brush.random() ** 0.7
    const x = brush.random() * width
    const y = from + down * (height - from)
    if (noise.at(x / (2 * unit) + shift, y / (1.2 * unit)) < 0.5) continue
    const accent = scene.colourOf.subject ?? palette.accents[at % 3]!
    yield* brush.dot(
      x,
      y,
      (0.8 + 4.2 * down * brush.between(0.5, 1)) * unit,
      lighter(accent, brush.random() * 0.35),
      0.9,
    )
  }
}

/** A river that winds from the middle distance to the front. */
function* river({ brush, palette }: Stage, from: number): Work {
  const { width, height } = brush
  const left: [number, number][] = []
  const right: [number, number][] = []
  const steps = 40
  const phase = brush.random() * 6
  for (let at = 0; at <= steps; at++) {
    const share = at / steps
    const y = from + (height * 1.01 - from) * share ** 1.25
    const middle = width * (0.5 + Math.sin(phase + share * 5.2) * 0.16 * (0.35 + share))
    const half = width * (0.004 + 0.11 * share ** 1.8)
    left.push([middle - half, y])
    right.push([middle + half, y])
  }
  const noise = cloudNoise()
  const { unit } = brush
  yield* brush.shape([...left, ...right.toReversed()], (x, y) => {
    const shine = noise.at(x / (7 * unit), y / (0.9 * unit))
    return mix(
      mix(palette.sky, palette.deep, smoothstep(from, height, y) * 0.5),
      palette.horizon,
      smoothstep(0.4, 0.75, shine) * 0.8,
    )
  })
}
