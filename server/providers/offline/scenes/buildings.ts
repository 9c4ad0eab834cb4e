import { darker, hex, lighter, mix } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { rectangle } from '../draw/outline.ts'
import { sided, solid } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import type { Stage } from './stage.ts'

/** A small house seen at a slant; (x, y) is the middle of its foot. */
export function* house({ brush, palette, scene }: Stage, x: number, y: number, size: number): Work {
  const dim = 0.55 * (1 - palette.daylight)
  const wall = darker(mix(hex('#f4e6d0'), palette.glow, 0.2), dim)
  const side = darker(mix(wall, palette.far, 0.35), 0.1)
  const roof = darker(
    scene.colourOf.subject ?? (scene.weather === 'snow' ? palette.snow : hex('#b4513f')),
    dim,
  )
  const front = size * 0.42
  const wallHeight = size * 0.42
  const ridge = size * 0.36
  yield* brush.shape(rectangle(x - size * 0.5 + front, y - wallHeight, x + size * 0.5, y), solid(side), {
    crisp: true,
  })
  const gable: Point[] = [
    [x - size * 0.5, y],
    [x - size * 0.5, y - wallHeight],
    [x - size * 0.5 + front / 2, y - wallHeight - ridge],
    [x - size * 0.5 + front, y - wallHeight],
    [x - size * 0.5 + front, y],
  ]
  yield* brush.shape(gable, solid(wall), { crisp: true })
  const slope: Point[] = [
    [x - size * 0.5 + front / 2, y - wallHeight - ridge],
    [x + size * 0.5 - front * 0.42, y - wallHeight - ridge],
    [x + size * 0.54, y - wallHeight * 0.96],
    [x - size * 0.5 + front, y - wallHeight * 0.96],
  ]
  yield* brush.shape(slope, solid(roof), { crisp: true })
  yield* brush.line(
    [
      [x - size * 0.54, y - wallHeight * 0.92],
      [x - size * 0.5 + front / 2, y - wallHeight - ridge * 1.02],
    ],
    size * 0.045,
    size * 0.045,
    solid(darker(roof, 0.15)),
  )
  yield* brush.shape(
    rectangle(x + size * 0.12, y - wallHeight - ridge * 1.35, x + size * 0.21, y - wallHeight - ridge * 0.55),
    solid(darker(roof, 0.35)),
    { crisp: true },
  )
  const pane = palette.daylight < 0.9 ? palette.lamp : mix(palette.far, palette.near, 0.4)
  const windows: readonly (readonly [number, number])[] = [
    [-0.5 + 0.13, 0.3],
    [0.06, 0.28],
    [0.28, 0.28],
  ]
  for (const [across, up] of windows) {
    const left = x + across * size
    const top = y - up * size
    yield* brush.shape(rectangle(left, top, left + size * 0.1, top + size * 0.13), solid(pane), {
      crisp: true,
    })
    if (palette.daylight < 0.6)
      yield* brush.glow(left + size * 0.05, top + size * 0.06, size * 0.35, palette.lamp, 0.5)
  }
}

/** A banded lighthouse; (x, y) is the middle of its foot. Its lamp shines when the light is low. */
export function* lighthouse({ brush, palette, scene }: Stage, x: number, y: number, size: number): Work {
  const dim = 0.62 * (1 - palette.daylight)
  const shade = (colour: readonly [number, number, number]): typeof colour =>
    darker(mix(colour, palette.haze, 0.08), dim)
  const pale = shade(mix(hex('#f6f1e6'), palette.glow, 0.12))
  const strong = shade(scene.colourOf.subject ?? hex('#c23b32'))
  const foot = size * 0.105
  const head = size * 0.066
  const top = y - size * 0.8
  const halfAt = (share: number): number => foot + (head - foot) * share
  const bands = 6
  for (let at = 0; at < bands; at++) {
    const from = at / bands
    const to = (at + 1) / bands
    const colour = at % 2 === 0 ? pale : strong
    const piece: Point[] = [
      [x - halfAt(from), y - size * 0.8 * from],
      [x - halfAt(to), y - size * 0.8 * to],
      [x + halfAt(to), y - size * 0.8 * to],
      [x + halfAt(from), y - size * 0.8 * from],
    ]
    const dark = darker(mix(colour, palette.far, 0.3), 0.18)
    yield* brush.shape(piece, sided(x + foot * 0.05, foot * 0.9, lighter(colour, 0.06), dark), {
      crisp: true,
    })
  }
  const iron = shade(hex('#33373f'))
  const lampTop = top - size * 0.095
  const lit = palette.daylight < 0.7 || scene.weather === 'storm' || scene.weather === 'fog'
  yield* brush.shape(
    rectangle(x - head * 1.5, top - size * 0.012, x + head * 1.5, top + size * 0.01),
    solid(iron),
    { crisp: true },
  )
  yield* brush.shape(
    rectangle(x - head * 0.72, lampTop, x + head * 0.72, top - size * 0.012),
    solid(lit ? lighter(palette.lamp, 0.45) : shade(hex('#cfe0e4'))),
    { crisp: true },
  )
  for (const across of [-0.72, -0.24, 0.24, 0.72]) {
    yield* brush.line(
      [
        [x + across * head, lampTop],
        [x + across * head, top],
      ],
      size * 0.008,
      size * 0.008,
      solid(iron),
    )
  }
  for (let at = -3; at <= 3; at++) {
    const railX = x + (at / 3) * head * 1.42
    yield* brush.line(
      [
        [railX, top - size * 0.05],
        [railX, top - size * 0.01],
      ],
      size * 0.005,
      size * 0.005,
      solid(iron),
    )
  }
  yield* brush.line(
    [
      [x - head * 1.45, top - size * 0.05],
      [x + head * 1.45, top - size * 0.05],
    ],
    size * 0.006,
    size * 0.006,
    solid(iron),
  )
  yield* brush.shape(
    [
      [x - head * 0.95, lampTop],
      [x - head * 0.62, lampTop - size * 0.045],
      [x, lampTop - size * 0.075],
      [x + head * 0.62, lampTop - size * 0.045],
      [x + head * 0.95, lampTop],
    ],
    sided(x, head * 0.8, lighter(strong, 0.08), darker(strong, 0.25)),
    { crisp: true },
  )
  yield* brush.line(
    [
      [x, lampTop - size * 0.075],
      [x, lampTop - size * 0.125],
    ],
    size * 0.008,
    size * 0.004,
    solid(iron),
  )
  const pane = lit ? palette.lamp : shade(hex('#5b6f80'))
  for (const [across, up] of [
    [0, 0.2],
    [-0.02, 0.45],
    [0.02, 0.67],
  ] as const) {
    yield* brush.shape(
      rectangle(
        x + across * size - size * 0.012,
        y - up * size - size * 0.038,
        x + across * size + size * 0.012,
        y - up * size,
      ),
      solid(pane),
      { crisp: true },
    )
  }
  if (!lit) return
  const lampY = (lampTop + top) / 2
  for (const side of [-1, 1]) yield* beam(brush, x, lampY, side, size, palette.lamp)
  yield* brush.glow(x, lampY, size * 0.5, palette.lamp, 0.85)
}

function* beam(
  brush: Stage['brush'],
  x: number,
  y: number,
  side: number,
  size: number,
  colour: readonly [number, number, number],
): Work {
  const reach = size * 2.4
  yield* brush.veil(
    lighter(colour, 0.3),
    (atX, atY) => {
      const away = (atX - x) * side
      if (away <= 0 || away > reach) return 0
      const half = size * 0.02 + away * 0.13
      const off = Math.abs(atY - y + away * 0.06) / half
      return off >= 1 ? 0 : 0.42 * (1 - off * off) * (1 - away / reach) ** 1.4
    },
    y - size * 0.6,
    y + size * 0.5,
  )
}
