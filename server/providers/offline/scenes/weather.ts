import { mix, type Rgb, smoothstep, white } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise } from '../draw/noise.ts'
import { solid } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import type { Brush } from '../draw/brush.ts'
import type { Stage } from './stage.ts'

/** What falls or hangs in the air before everything else. */
export function* paintWeather({ brush, scene, palette }: Stage): Work {
  switch (scene.weather) {
    case 'fog':
      yield* fog(brush, palette.haze, 0.62)
      break
    case 'rain':
      yield* rain(brush, mix(palette.horizon, white, 0.4), 420)
      break
    case 'storm':
      yield* rain(brush, mix(palette.horizon, white, 0.3), 520)
      break
    case 'snow':
      yield* snow(brush, mix(palette.snow, white, 0.6))
      break
    case 'clear':
    case 'cloudy':
      break
  }
}

/** Banks of fog, thickest in the lower half. */
export function* fog(brush: Brush, colour: Rgb, strength: number): Work {
  const noise = cloudNoise()
  const { height, unit } = brush
  const shift = brush.random() * 256
  yield* brush.veil(colour, (x, y) => {
    const level = y / height
    const bank = smoothstep(0.34, 0.75, noise.at(x / (5.5 * unit) + shift, y / (2.2 * unit)))
    return (
      strength * smoothstep(0.18, 0.5, level) * (1 - 0.55 * smoothstep(0.7, 1, level)) * (0.4 + 0.6 * bank)
    )
  })
}

export function* rain(brush: Brush, colour: Rgb, count: number): Work {
  const { width, height, unit } = brush
  for (let at = 0; at < count; at++) {
    const x = brush.between(-0.05, 1.1) * width
    const y = brush.between(-0.05, 1) * height
    const long = brush.between(16, 46) * unit
    const line: Point[] = [
      [x, y],
      [x - long * 0.28, y + long],
    ]
    yield* brush.line(line, 1.3 * unit, 0.8 * unit, solid(colour), { alpha: brush.between(0.12, 0.4) })
  }
}

export function* snow(brush: Brush, colour: Rgb): Work {
  const { width, height, unit } = brush
  for (let at = 0; at < 340; at++) {
    const near = brush.random() ** 3
    yield* brush.dot(
      brush.random() * width,
      brush.random() * height,
      (1.2 + near * 4.6) * unit,
      colour,
      0.45 + 0.45 * brush.random(),
    )
  }
}

/** A bolt from the clouds to the ground. */
export function* lightning(brush: Brush, x: number, from: number, to: number): Work {
  const points: Point[] = []
  const steps = 14
  let atX = x
  for (let at = 0; at <= steps; at++) {
    points.push([atX, from + ((to - from) * at) / steps])
    atX += brush.between(-26, 26) * brush.unit
  }
  yield* brush.glow(x, (from + to) / 2, (to - from) * 0.9, [0.8, 0.85, 1], 0.35)
  yield* brush.line(points, 5 * brush.unit, 1.2 * brush.unit, solid([0.97, 0.97, 1]))
  const fork = points[6]!
  yield* brush.line(
    [
      fork,
      [fork[0] + 40 * brush.unit, fork[1] + 50 * brush.unit],
      [fork[0] + 52 * brush.unit, fork[1] + 120 * brush.unit],
    ],
    2.6 * brush.unit,
    0.8 * brush.unit,
    solid([0.95, 0.95, 1]),
  )
}
