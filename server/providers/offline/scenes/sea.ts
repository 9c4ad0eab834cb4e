import { darker, lighter, mix, smoothstep } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise, noiseLine } from '../draw/noise.ts'
import { smooth } from '../draw/outline.ts'
import { type Shader, solid } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import { house, lighthouse } from './buildings.ts'
import { crestLine, landShader } from './ridges.ts'
import { sailboat } from './sailboat.ts'
import { birds, paintSky, placeOrb } from './sky.ts'
import type { Stage } from './stage.ts'
import { ripples, seaShader } from './water.ts'
import { lightning, paintWeather } from './weather.ts'

/** The sea: boats unless a lighthouse, an island or nothing but waves was asked for. */
export function* paintSea(stage: Stage): Work {
  const { brush, scene, palette } = stage
  const { width, height, unit } = brush
  const tower = scene.details.has('lighthouse')
  const horizon = Math.round(height * (tower ? 0.62 : 0.52))
  const plan = placeOrb(stage, horizon, 0.78)
  yield* paintSky(stage, plan)
  if (scene.weather === 'storm') yield* lightning(brush, plan.orb.across * width, height * 0.05, horizon)
  const coast = crestLine(brush, horizon + height * 0.02, height * 0.15, 2.6)
  const coastColour = mix(mix(palette.haze, palette.horizon, 0.4), palette.far, 0.62)
  yield* brush.below(
    coast,
    landShader(brush, coast, coastColour, mix(coastColour, palette.haze, 0.5), height * 0.1, 0.05),
    {
      bottom: horizon,
    },
  )
  const sunX = plan.orb.across * width
  const water = seaShader(stage, horizon, sunX)
  yield* brush.below(new Float32Array(width).fill(horizon), water, { thin: false })
  yield* ripples(stage, horizon + 8 * unit, scene.weather === 'storm' ? 0.9 : 0.6)
  if (scene.weather === 'storm') yield* breakers(stage, horizon)
  const side = plan.orb.across < 0.5 ? 1 : -1
  if (tower) yield* headland(stage, horizon, side)
  else if (scene.details.has('island')) yield* island(stage, horizon, side)
  if (!tower || scene.details.has('boat')) yield* fleet(stage, horizon, side, tower)
  if (scene.details.has('birds') || brush.random() < 0.75)
    yield* birds(stage, width * (0.5 - side * 0.18), height * 0.27, 6)
  yield* paintWeather(stage)
}

/** A rock with a lighthouse and its keeper's house, on the side away from the light. */
function* headland(stage: Stage, horizon: number, side: number): Work {
  const { brush, palette, scene } = stage
  const { width, height, unit } = brush
  const towerX = width * (0.5 + side * 0.16)
  const rough = noiseLine(width, 8, 0.6, brush.random, 0.5)
  const broad = noiseLine(width, 2.5, 0, brush.random, 0.4)
  const plateau = horizon - height * 0.05
  const line = new Float32Array(width)
  for (let x = 0; x < width; x++) {
    const out = (x - width * (0.5 - side * 0.16)) * side
    const rise = smoothstep(-0.06 * width, 0.24 * width, out)
    const fall = height * 1.03 - (height * 1.03 - plateau) * rise ** 0.6
    line[x] =
      fall -
      (rough[x]! - 0.5) * height * 0.075 * (0.3 + 0.7 * Math.sin(rise * Math.PI)) -
      (broad[x]! - 0.5) * height * 0.05
  }
  const snowy = scene.weather === 'snow'
  yield* brush.below(line, rockShader(stage, line, -side), { thin: false })
  const grass = snowy
    ? palette.snow
    : mix(mix(palette.green, palette.rock, 0.25), palette.near, 0.3 * (1 - palette.daylight))
  const turf = line.map((y, x) => {
    const out = (x - width * (0.5 - side * 0.02)) * side
    return out < 0 ? height + 10 : y - 2 * unit
  })
  const foot = line.map(
    (y, x) =>
      y + (7 + 26 * rough[x]!) * unit * smoothstep(0, width * 0.2, (x - width * (0.5 - side * 0.02)) * side),
  )
  yield* brush.below(
    turf,
    (x, y) => {
      const fine = cloudNoise().at(x / (0.9 * unit), y / (0.9 * unit))
      const [red, green, blue] = grass
      const light = 0.86 + fine * 0.3
      return y > foot[Math.floor(x)]!
        ? rockAt(stage, line, -side, x, y)
        : [red * light, green * light, blue * light]
    },
    { thin: false, crisp: true },
  )
  const size = Math.min(height * 0.47, width * 0.6)
  const baseY = line[Math.floor(towerX)]! + 10 * unit
  const houseX = Math.min(width * 0.93, Math.max(width * 0.07, towerX + side * size * 0.33))
  yield* house(stage, houseX, line[Math.floor(houseX)]! + 12 * unit, size * 0.26)
  yield* lighthouse(stage, towerX, baseY, size)
  yield* surf(stage, height * 0.965)
}

const rockCache = new WeakMap<Float32Array, Shader>()

function rockAt(
  stage: Stage,
  line: Float32Array,
  lightFrom: number,
  x: number,
  y: number,
): readonly [number, number, number] {
  return rockShader(stage, line, lightFrom)(x, y)
}

function rockShader({ brush, palette }: Stage, line: Float32Array, lightFrom: number): Shader {
  const known = rockCache.get(line)
  if (known) return known
  const noise = cloudNoise()
  const { unit, height } = brush
  const lit = mix(lighter(palette.rock, 0.1 * palette.daylight), palette.glow, 0.14 * palette.daylight)
  const dark = mix(palette.near, palette.rock, 0.25)
  const shader: Shader = (x, y) => {
    const down = y - line[Math.floor(x)]!
    const facet = noise.at(x / (1.9 * unit) + (y * lightFrom) / (2.4 * unit), y / (3.4 * unit))
    const crack = noise.at(x / (0.6 * unit), y / (1.3 * unit))
    const light = smoothstep(0.4, 0.62, facet + (crack - 0.5) * 0.3 - down / (height * 2.2))
    return mix(mix(dark, lit, light * 0.85), palette.deep, smoothstep(height * 0.86, height * 1.02, y) * 0.5)
  }
  rockCache.set(line, shader)
  return shader
}

function* island(stage: Stage, horizon: number, side: number): Work {
  const { brush, palette } = stage
  const { width, height, unit } = brush
  const middle = width * (0.5 + side * 0.2)
  const half = width * 0.2
  const rough = noiseLine(width, 6, 0.5, brush.random, 0.5)
  const foot = horizon + height * 0.05
  const line = new Float32Array(width).fill(height + 10)
  for (let x = 0; x < width; x++) {
    const away = Math.abs(x - middle) / half
    if (away < 1) line[x] = foot - (1 - away ** 1.7) * height * 0.16 * (0.55 + 0.75 * rough[x]!)
  }
  const green = mix(mix(palette.green, palette.near, 0.25), palette.haze, 0.12)
  yield* brush.below(line, landShader(brush, line, green, darker(green, 0.3), height * 0.16, 0.2), {
    bottom: foot,
    thin: false,
  })
  yield* brush.line(
    [
      [middle - half, foot],
      [middle, foot + 2 * unit],
      [middle + half, foot],
    ],
    3 * unit,
    3 * unit,
    solid(palette.sand),
  )
}

function* fleet(stage: Stage, horizon: number, side: number, small: boolean): Work {
  const { brush, palette, scene } = stage
  const { width, height } = brush
  const sails = [scene.colourOf.subject ?? palette.accents[0], palette.accents[1], palette.accents[2]]
  const places: readonly (readonly [number, number, number])[] = small
    ? [[0.5 - side * 0.32, 0.14, 70]]
    : [
        [0.5 + side * 0.3, 0.13, 84],
        [0.5 - side * 0.3, 0.2, 116],
        [0.5 + side * 0.06, 0.5, 250],
      ]
  for (const [at, [across, down, size]] of places.entries()) {
    const x = (across + brush.between(-0.03, 0.03)) * width
    const y = horizon + (height - horizon) * down
    yield* sailboat(stage, x, y, size * brush.unit, sails[(at + 2) % 3]!)
  }
}

/** White lines where the sea meets the rock. */
function* surf({ brush, palette }: Stage, y: number): Work {
  const { width, unit } = brush
  for (let row = 0; row < 3; row++) {
    const wave = noiseLine(Math.max(8, Math.round(width / 12)), 14, 0, brush.random, 0.4)
    const points = Array.from(wave, (value, at): Point => [
      (at / (wave.length - 1)) * width,
      y + row * 13 * unit + (value - 0.5) * 18 * unit,
    ])
    yield* brush.line(points, 3.4 * unit, 2.2 * unit, solid(mix(palette.snow, palette.horizon, 0.3)), {
      alpha: 0.62 - row * 0.14,
    })
  }
}

/** Crests of foam on a rough sea. */
function* breakers({ brush, palette }: Stage, horizon: number): Work {
  const { width, height, unit } = brush
  for (let at = 0; at < 46; at++) {
    const depth = brush.random() ** 1.2
    const x = brush.random() * width
    const y = horizon + depth * (height - horizon)
    const long = (20 + 110 * depth) * unit
    const curve = smooth(
      [
        [x - long, y + 4 * depth * unit],
        [x - long * 0.35, y - 14 * depth * unit],
        [x + long * 0.3, y - 8 * depth * unit],
        [x + long, y + 8 * depth * unit],
      ],
      false,
      6,
    )
    yield* brush.line(curve, 1.2 * unit, (1 + 6 * depth) * unit, solid(palette.snow), {
      alpha: brush.between(0.2, 0.6),
    })
  }
}
