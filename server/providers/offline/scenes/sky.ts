import { lighter, mix, type Rgb, smoothstep } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise } from '../draw/noise.ts'
import { smooth } from '../draw/outline.ts'
import { type Shader, solid, vertical } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import type { Weather } from '../scene.ts'
import type { Stage } from './stage.ts'

/** How much of the sky clouds cover, 0 to 1, and how dark their undersides are. */
const cloudsOf: Record<Weather, { cover: number; depth: number }> = {
  clear: { cover: 0.4, depth: 0.8 },
  cloudy: { cover: 0.62, depth: 1 },
  fog: { cover: 0.4, depth: 0.3 },
  rain: { cover: 0.78, depth: 1 },
  storm: { cover: 0.85, depth: 1.2 },
  snow: { cover: 0.6, depth: 0.7 },
}

export interface SkyPlan {
  /** Where the sky ends, in pixels. */
  horizon: number
  /** Where sun or moon stand, as shares of width and sky. */
  orb: { across: number; down: number }
}

/** Where this scene's sun or moon stands: low (about `low` of the sky's height) at the ends of the day. */
export function placeOrb({ scene, brush }: Stage, horizon: number, low = 0.76): SkyPlan {
  const side = brush.random() < 0.5 ? brush.between(0.16, 0.3) : brush.between(0.7, 0.84)
  const down =
    scene.light === 'sunrise' || scene.light === 'dusk' || scene.light === 'golden'
      ? low + brush.between(-0.05, 0.05)
      : brush.between(0.24, 0.36)
  return { horizon, orb: { across: side, down } }
}

/** The sky's gradient with clouds in it, as a shader, so that water can mirror it. */
function skyShader({ palette, scene, brush }: Stage, horizon: number): Shader {
  const gradient = vertical(
    { y: 0, colour: palette.zenith },
    { y: horizon * 0.55, colour: palette.sky },
    { y: horizon, colour: palette.horizon },
  )
  const noise = cloudNoise()
  const { cover, depth } = cloudsOf[scene.weather]
  const size = 4.6 * brush.unit
  const shift = brush.random() * 256
  const from = 0.83 - cover * 0.66
  return (x, y) => {
    const base = gradient(x, y)
    const u = x / size + shift
    // Clouds flatten towards the horizon, as they do in perspective.
    const near = 1.15 + 1.5 * Math.min(1, y / horizon)
    const v = (y / size) * near * 1.5 + shift * 0.5
    const drift = noise.at(u * 0.31 + 40, v * 0.31) * 30
    const broad = noise.at(u + drift, v) * 0.7
    if (broad + 0.3 <= from) return base
    const thick = broad + noise.at(u * 2.6 - drift, v * 2.6) * 0.3
    const body = smoothstep(from, from + 0.2, thick)
    if (body <= 0) return base
    const above = noise.at(u + drift, v - 6) * 0.7 + noise.at(u * 2.6 - drift, (v - 6) * 2.6) * 0.3
    const lit = smoothstep(-0.16, 0.2, thick - above + (0.5 - thick) * 0.2)
    const colour = mix(palette.cloudShade, palette.cloudLight, 0.25 + 0.75 * lit)
    const opacity = body * (0.5 + 0.4 * depth * cover) * (1 - 0.55 * smoothstep(0.72, 1, y / horizon))
    return mix(base, colour, Math.min(0.92, opacity))
  }
}

/** Paints sky, stars, sun or moon. Returns the sky's shader for mirrors. */
export function* paintSky(stage: Stage, plan: SkyPlan): Generator<number, Shader, undefined> {
  const { brush, scene, palette } = stage
  const { horizon } = plan
  const shader = skyShader(stage, horizon)
  yield* brush.flood(shader)
  const night = scene.light === 'night'
  const closed = scene.weather === 'storm' || scene.weather === 'rain' || scene.weather === 'snow'
  if ((night && !closed) || scene.details.has('stars')) yield* stars(stage, horizon)
  if (scene.details.has('aurora')) yield* aurora(stage, horizon)
  if (!closed || scene.details.has('moon')) yield* orb(stage, plan)
  if (scene.details.has('rainbow')) yield* rainbow(stage, horizon)
  if (scene.weather === 'fog' || night) {
    yield* brush.veil(palette.haze, (_x, y) => 0.4 * smoothstep(horizon * 0.5, horizon, y), 0, horizon)
  }
  return shader
}

export function* stars({ brush, palette }: Stage, horizon: number): Work {
  const { width, unit } = brush
  const count = 260
  for (let at = 0; at < count; at++) {
    const x = brush.random() * width
    const y = brush.random() ** 1.3 * horizon * 0.95
    const big = brush.random() ** 8
    const alpha = (0.35 + 0.65 * brush.random()) * (1 - 0.7 * (y / horizon))
    yield* brush.dot(
      x,
      y,
      (0.55 + 1.7 * big) * unit,
      mix(palette.snow, [1, 0.97, 0.88], brush.random()),
      alpha,
    )
    if (big > 0.75) yield* brush.glow(x, y, 14 * unit, [0.85, 0.9, 1], 0.6)
  }
}

function* orb({ brush, scene, palette }: Stage, plan: SkyPlan): Work {
  const { width, unit } = brush
  const x = plan.orb.across * width
  const y = plan.orb.down * plan.horizon
  const moon = scene.light === 'night' || scene.details.has('moon')
  const veiled = scene.weather === 'fog' || scene.weather === 'cloudy'
  const radius = (moon ? 46 : scene.light === 'day' ? 40 : 52) * unit
  yield* brush.glow(x, y, radius * (scene.light === 'day' ? 7 : 11), palette.glow, veiled ? 0.35 : 0.75)
  yield* brush.glow(x, y, radius * 3.2, lighter(palette.glow, 0.3), veiled ? 0.4 : 0.8)
  const noise = cloudNoise()
  const face: Shader = moon
    ? (atX, atY) => {
        const sea = smoothstep(0.52, 0.68, noise.at(atX / (1.3 * unit), atY / (1.3 * unit)))
        return mix(palette.orb, mix(palette.orb, palette.glow, 0.4), sea * 0.55)
      }
    : solid(palette.orb)
  yield* brush.disc(x, y, radius, face, { crisp: true, alpha: veiled ? 0.7 : 0.97 })
}

function* aurora({ brush }: Stage, horizon: number): Work {
  const noise = cloudNoise()
  const { unit } = brush
  const shift = brush.random() * 200
  const green: Rgb = [0.25, 0.95, 0.6]
  const violet: Rgb = [0.6, 0.35, 0.9]
  for (const [at, colour] of [green, [0.2, 0.8, 0.75] as const, violet].entries()) {
    const level = horizon * (0.62 - at * 0.15)
    yield* brush.veil(
      colour,
      (x, y) => {
        const wave = (noise.at(x / (5 * unit) + shift, at * 60) - 0.5) * horizon * 0.55
        const foot = level + wave
        const up = (foot - y) / (horizon * 0.7)
        if (up < -0.16 || up > 1) return 0
        const ray = smoothstep(0.25, 0.8, noise.at(x / (0.45 * unit) + wave * 0.4, at * 90 + y / (90 * unit)))
        const height = up < 0 ? (1 + up / 0.16) ** 2 : (1 - up) ** 2.4
        return 0.6 * height * (0.3 + 0.7 * ray)
      },
      0,
      horizon,
    )
  }
}

function* rainbow({ brush }: Stage, horizon: number): Work {
  const { width, unit } = brush
  const centreX = width * 0.5
  const centreY = horizon * 1.15
  const outer = Math.min(width * 0.48, horizon * 0.98)
  const band = 62 * unit
  const bands: readonly Rgb[] = [
    [0.55, 0.35, 0.75],
    [0.3, 0.5, 0.9],
    [0.35, 0.75, 0.5],
    [0.98, 0.88, 0.4],
    [0.98, 0.62, 0.3],
    [0.92, 0.35, 0.35],
  ]
  for (const [at, colour] of bands.entries()) {
    const radius = outer - band + (band / bands.length) * (at + 0.5)
    yield* brush.veil(
      colour,
      (x, y) => {
        const off = Math.abs(Math.hypot(x - centreX, y - centreY) - radius) / (band / bands.length)
        return off > 1 ? 0 : 0.5 * (1 - off) * (0.4 + 0.6 * smoothstep(0, horizon, horizon - y))
      },
      0,
      horizon,
    )
  }
}

/** A few birds far away, as two short strokes each. */
export function* birds({ brush, palette }: Stage, x: number, y: number, count: number): Work {
  const { unit } = brush
  for (let at = 0; at < count; at++) {
    const size = brush.between(9, 17) * unit
    const atX = x + brush.between(-120, 120) * unit
    const atY = y + brush.between(-50, 50) * unit
    const dip = brush.between(0.15, 0.45) * size
    const wing = smooth(
      [
        [atX - size, atY - dip],
        [atX - size * 0.4, atY - size * 0.32],
        [atX, atY],
        [atX + size * 0.4, atY - size * 0.32],
        [atX + size, atY - dip * 0.8],
      ] satisfies Point[],
      false,
      5,
    )
    yield* brush.line(wing, 2.6 * unit, 1.2 * unit, solid(mix(palette.near, palette.far, 0.25)), {
      alpha: 0.85,
    })
  }
}
