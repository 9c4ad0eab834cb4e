import { darker, lighter, mix, type Rgb, smoothstep } from '../draw/colour.ts'
import { rectangle } from '../draw/outline.ts'
import { sided, solid } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import { birds, paintSky, placeOrb } from './sky.ts'
import type { Stage } from './stage.ts'
import { mirror, ripples } from './water.ts'
import { lightning, paintWeather } from './weather.ts'

/** A skyline: blocks behind blocks, lit windows when the light is low, water before it now and then. */
export function* paintCity(stage: Stage): Work {
  const { brush, scene, palette } = stage
  const { width, height, unit } = brush
  const water = scene.details.has('river') || scene.details.has('bridge') || brush.random() < 0.55
  const shore = water ? Math.round(height * 0.74) : height
  const plan = placeOrb(stage, shore * 0.78, 0.56)
  yield* paintSky(stage, plan)
  if (scene.weather === 'storm') yield* lightning(brush, plan.orb.across * width, height * 0.04, shore * 0.7)
  if (brush.random() < 0.6) yield* birds(stage, width * 0.5, height * 0.2, 5)
  // A bridge needs an open view: the nearest blocks stay away.
  const layers = scene.details.has('bridge') ? 2 : 4
  for (let at = 0; at < layers; at++) {
    const share = at / 3
    yield* blocks(stage, shore, share, plan.orb.across)
    yield* brush.veil(
      mix(palette.haze, palette.horizon, 0.5),
      (_x, y) => 0.4 * (1 - share) * smoothstep(shore * 0.4, shore, y),
      shore * 0.4,
      shore,
    )
  }
  if (scene.details.has('bridge')) yield* bridge(stage, shore)
  if (water) {
    yield* mirror(stage, shore)
    yield* ripples(stage, shore, 0.5)
  } else yield* street(stage)
  yield* brush.glow(plan.orb.across * width, shore * 0.6, 420 * unit, palette.glow, 0.14)
  yield* paintWeather(stage)
}

function* blocks(stage: Stage, shore: number, share: number, light: number): Work {
  const { brush, palette, scene } = stage
  const { width, height, unit } = brush
  const far = mix(mix(palette.haze, palette.horizon, 0.35), palette.far, 0.5)
  const dusk = scene.light === 'night' || scene.light === 'dusk' || scene.weather === 'storm'
  const base = scene.colourOf.subject ?? mix(palette.near, palette.rock, dusk ? 0.2 : 0.62)
  let x = -brush.between(0, 60) * unit
  while (x < width) {
    const wide = brush.between(46, 104) * (0.75 + 0.5 * share) * unit
    const centre = 1 - Math.abs((x + wide / 2) / width - 0.5) * 1.5
    const reach = (0.62 - 0.34 * share) * (0.45 + 0.55 * Math.max(0, centre)) * brush.between(0.55, 1.08)
    const top = shore - reach * Math.min(height * 0.86, width * 0.9)
    const tint = mix(base, palette.accents[Math.floor(brush.random() * 4)]!, dusk ? 0.06 : 0.16)
    const colour = mix(far, mix(tint, darker(tint, 0.3), brush.random() * 0.6), 0.18 + 0.82 * share ** 1.2)
    yield* tower(stage, x, top, wide, shore, colour, share, light * width)
    x += wide + brush.between(-12, 14) * unit
  }
}

function* tower(
  stage: Stage,
  x: number,
  top: number,
  wide: number,
  foot: number,
  colour: Rgb,
  share: number,
  lightX: number,
): Work {
  const { brush, palette } = stage
  const { unit } = brush
  const lit = mix(lighter(colour, 0.08), palette.glow, 0.16 * palette.daylight)
  const dark = darker(colour, 0.16)
  const lightLeft = lightX < x + wide / 2
  const body = lightLeft
    ? sided(x + wide * 0.62, wide * 0.04, lit, dark)
    : sided(x + wide * 0.38, wide * 0.04, dark, lit)
  const kind = brush.random()
  yield* brush.shape(rectangle(x, top, x + wide, foot + 2), body)
  if (kind < 0.22) {
    yield* brush.shape(rectangle(x + wide * 0.2, top - wide * 0.35, x + wide * 0.8, top + 1), body)
    yield* brush.line(
      [
        [x + wide * 0.5, top - wide * 0.3],
        [x + wide * 0.5, top - wide * 1.15],
      ],
      3 * unit,
      unit,
      solid(dark),
    )
  } else if (kind < 0.38) {
    yield* brush.shape(
      [
        [x, top + 1],
        [x + wide * 0.5, top - wide * 0.55],
        [x + wide, top + 1],
      ],
      body,
    )
  } else if (kind < 0.5) {
    yield* brush.shape(
      [
        [x, top + 1],
        [x, top - wide * 0.3],
        [x + wide, top + 1],
      ],
      body,
    )
  } else if (kind < 0.62) {
    yield* brush.shape(rectangle(x + wide * 0.12, top - wide * 0.16, x + wide * 0.42, top + 1), solid(dark))
  }
  yield* windows(stage, x, top, wide, foot, colour, share)
}

function* windows(
  stage: Stage,
  x: number,
  top: number,
  wide: number,
  foot: number,
  colour: Rgb,
  share: number,
): Work {
  const { brush, palette } = stage
  const { unit } = brush
  if (share < 0.2) return
  const evening = 1 - palette.daylight
  const step = (11 + 5 * share) * unit
  const across = Math.max(2, Math.floor((wide - step * 0.6) / step))
  const inset = (wide - across * step) / 2
  const on = evening > 0.3 ? 0.2 + 0.34 * brush.random() : 0.06
  const glass = evening > 0.3 ? darker(colour, 0.25) : mix(colour, palette.sky, 0.42)
  for (let y = top + step * 0.8; y < foot - step; y += step * 1.3) {
    for (let at = 0; at < across; at++) {
      const shining = brush.random() < on
      if (!shining && brush.random() < 0.3) continue
      const left = x + inset + at * step + step * 0.24
      const pane = shining ? mix(palette.lamp, lighter(palette.lamp, 0.5), brush.random()) : glass
      yield* brush.shape(rectangle(left, y, left + step * 0.52, y + step * 0.68), solid(pane), {
        crisp: true,
        alpha: (shining ? 0.95 : 0.7) * (0.4 + 0.6 * share),
      })
    }
  }
}

function* bridge({ brush, palette }: Stage, shore: number): Work {
  const { width, height, unit } = brush
  const colour = mix(palette.near, palette.accents[0], 0.35)
  const deck = shore - height * 0.045
  const towers = [0.27, 0.73].map((share) => share * width)
  const head = deck - height * 0.26
  yield* brush.shape(rectangle(-5, deck, width + 5, deck + 9 * unit), solid(colour), { crisp: true })
  const cable = (from: number, to: number, sag: number): readonly (readonly [number, number])[] =>
    Array.from({ length: 33 }, (_, at): readonly [number, number] => {
      const share = at / 32
      return [from + (to - from) * share, head + 4 * sag * share * (1 - share)]
    })
  const drop = deck - head - 8 * unit
  const [left, right] = [towers[0]!, towers[1]!]
  for (const [from, to] of [
    [left - width * 0.46, left],
    [left, right],
    [right, right + width * 0.46],
  ] as const) {
    const line = cable(from, to, drop)
    yield* brush.line(line, 3.4 * unit, 3.4 * unit, solid(colour))
    for (const [x, y] of line)
      yield* brush.line(
        [
          [x, y],
          [x, deck],
        ],
        1.2 * unit,
        1.2 * unit,
        solid(colour),
        { alpha: 0.8 },
      )
  }
  for (const x of towers) {
    for (const side of [-1, 1])
      yield* brush.shape(
        rectangle(x + side * 9 * unit - 4 * unit, head - 12 * unit, x + side * 9 * unit + 4 * unit, shore),
        solid(colour),
        { crisp: true },
      )
    for (const up of [0.02, 0.35, 0.7])
      yield* brush.shape(
        rectangle(x - 12 * unit, head + drop * up, x + 12 * unit, head + drop * up + 6 * unit),
        solid(colour),
        { crisp: true },
      )
  }
}

/** A dark band of trees and lamps at the lower edge. */
function* street({ brush, palette }: Stage): Work {
  const { width, height, unit } = brush
  const dark = darker(mix(palette.near, palette.green, 0.35), 0.2)
  for (let at = 0; at < 90; at++) {
    const radius = brush.between(18, 44) * unit
    yield* brush.dot(
      brush.random() * width,
      height - brush.random() * 18 * unit,
      radius,
      brush.random() < 0.5 ? dark : lighter(dark, 0.06),
    )
  }
  if (palette.daylight > 0.6) return
  for (let at = 0; at < 12; at++) {
    const x = ((at + 0.5) / 12) * width
    const y = height - brush.between(50, 62) * unit
    yield* brush.line(
      [
        [x, height],
        [x, y],
      ],
      2.4 * unit,
      2.4 * unit,
      solid(darker(dark, 0.3)),
    )
    yield* brush.glow(x, y, 66 * unit, palette.lamp, 0.8)
    yield* brush.dot(x, y, 4.4 * unit, lighter(palette.lamp, 0.5))
  }
}
