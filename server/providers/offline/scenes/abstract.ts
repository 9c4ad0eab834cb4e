import { darker, lighter, mix, type Rgb } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise, noiseLine } from '../draw/noise.ts'
import { ellipse, rectangle, smooth } from '../draw/outline.ts'
import { mottled, rounded, solid, vertical } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import type { Stage } from './stage.ts'

/** No thing at all: one of three compositions of colour, chosen by the prompt's seed. */
export function* paintAbstract(stage: Stage): Work {
  const compositions = [waves, circles, cutouts]
  const chosen = compositions[Math.floor(stage.brush.random() * compositions.length)]!
  yield* chosen(stage)
}

function colours({ scene, palette, brush }: Stage): Rgb[] {
  const named = scene.colours
  const own = [...palette.accents, palette.sky, palette.water, palette.sand, palette.near]
  const chosen =
    named.length > 0
      ? [...named, ...named.map((one) => lighter(one, 0.4)), ...named.map((one) => darker(one, 0.35))]
      : own
  const start = Math.floor(brush.random() * chosen.length)
  return chosen.map((_, at) => chosen[(at + start) % chosen.length]!)
}

/** Broad bands that roll across the picture, a disc rising behind them. */
function* waves(stage: Stage): Work {
  const { brush, palette } = stage
  const { width, height, unit } = brush
  const set = colours(stage)
  yield* brush.flood(
    vertical(
      { y: 0, colour: lighter(set[0]!, 0.55) },
      { y: height, colour: mix(set[1 % set.length]!, palette.haze, 0.4) },
    ),
  )
  const x = width * brush.between(0.3, 0.7)
  const radius = Math.min(width, height) * 0.25
  yield* brush.shape(
    ellipse(x, height * 0.36, radius),
    rounded(x, height * 0.36, radius, lighter(set[2 % set.length]!, 0.25), set[2 % set.length]!),
  )
  const layers = 9
  for (let at = 0; at < layers; at++) {
    const level = height * (0.3 + 0.72 * (at / layers))
    const line = noiseLine(width, 1.4 + brush.random() * 1.5, 0, brush.random, 0.22).map(
      (value) => level - (value - 0.5) * height * 0.34,
    )
    const colour = set[at % set.length]!
    const tone = mix(colour, palette.near, 0.5 * (at / layers) ** 2)
    yield* brush.below(line, (px, py) => {
      const down = Math.min(1, (py - line[Math.floor(px)]!) / (190 * unit))
      return mix(lighter(tone, 0.12), darker(tone, 0.25), down)
    })
  }
}

/** Discs, arcs and lines in balance on a quiet ground. */
function* circles(stage: Stage): Work {
  const { brush, palette } = stage
  const { width, height, unit } = brush
  const set = colours(stage)
  const ground = mix(palette.accents[2], lighter(set[0]!, 0.8), 0.4)
  yield* brush.flood(mottled(solid(ground), cloudNoise(), 4 * unit, 0.06))
  const side = Math.min(width, height)
  yield* brush.disc(
    width * brush.between(0.38, 0.62),
    height * brush.between(0.38, 0.55),
    side * 0.33,
    solid(set[0]!),
    { alpha: 0.95 },
  )
  for (let at = 0; at < 13; at++) {
    const radius = side * brush.between(0.03, 0.2) * (at < 4 ? 1.2 : 0.8)
    const x = width * brush.between(0.12, 0.88)
    const y = height * brush.between(0.12, 0.88)
    const colour = set[(at + 1) % set.length]!
    const form = brush.random()
    if (form < 0.4) yield* brush.shape(ellipse(x, y, radius), solid(colour), { alpha: 0.86 })
    else if (form < 0.65)
      yield* brush.shape(
        arc(x, y, radius * 1.2, radius * 0.34, brush.random() * 6, brush.between(1.6, 3.6)),
        solid(colour),
        { alpha: 0.95 },
      )
    else if (form < 0.85) {
      const turn = brush.random() * Math.PI
      const corners: Point[] = [0, 2.1, 4.2].map((angle): Point => [
        x + Math.cos(angle + turn) * radius,
        y + Math.sin(angle + turn) * radius,
      ])
      yield* brush.shape(corners, solid(colour), { alpha: 0.9 })
    } else
      yield* brush.shape(
        rectangle(x - radius, y - radius * 0.14, x + radius, y + radius * 0.14),
        solid(colour),
      )
  }
  const dark = darker(palette.near, 0.2)
  for (let at = 0; at < 7; at++) {
    const x = width * brush.between(0.1, 0.9)
    const y = height * brush.between(0.1, 0.9)
    const angle = brush.random() * Math.PI * 2
    const long = side * brush.between(0.14, 0.5)
    yield* brush.line(
      [
        [x, y],
        [x + Math.cos(angle) * long, y + Math.sin(angle) * long],
      ],
      5 * unit,
      2 * unit,
      solid(dark),
      { alpha: 0.85 },
    )
  }
  for (let at = 0; at < 9; at++)
    yield* brush.dot(width * brush.random(), height * brush.random(), brush.between(4, 12) * unit, dark)
}

function arc(x: number, y: number, radius: number, thick: number, from: number, sweep: number): Point[] {
  const outer: Point[] = []
  const inner: Point[] = []
  for (let at = 0; at <= 40; at++) {
    const angle = from + (sweep * at) / 40
    outer.push([x + Math.cos(angle) * radius, y + Math.sin(angle) * radius])
    inner.push([x + Math.cos(angle) * (radius - thick), y + Math.sin(angle) * (radius - thick)])
  }
  return [...outer, ...inner.toReversed()]
}

/** Coloured fields with leaf-like forms laid on them. */
function* cutouts(stage: Stage): Work {
  const { brush, palette } = stage
  const { width, height } = brush
  const set = colours(stage)
  yield* brush.flood(solid(lighter(palette.accents[2], 0.3)))
  const columns = width > height * 1.2 ? 3 : 2
  const rows = height > width * 1.2 ? 3 : 2
  const gap = Math.min(width, height) * 0.022
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const left = gap + ((width - gap) * column) / columns
      const top = gap + ((height - gap) * row) / rows
      const right = (width - gap) * ((column + 1) / columns)
      const bottom = (height - gap) * ((row + 1) / rows)
      const at = column * rows + row
      const field = set[at % set.length]!
      yield* brush.shape(rectangle(left, top, right, bottom), solid(field))
      const form = set[(at + 2) % set.length]!
      const contrast =
        Math.abs(form[0] - field[0]) + Math.abs(form[1] - field[1]) + Math.abs(form[2] - field[2])
      yield* frond(
        stage,
        (left + right) / 2,
        (top + bottom) / 2,
        Math.min(right - left, bottom - top) * 0.4,
        contrast < 0.5 ? lighter(form, 0.65) : form,
      )
    }
  }
}

/** A leaf of round lobes, as cut with scissors. */
function* frond({ brush }: Stage, x: number, y: number, size: number, colour: Rgb): Work {
  const turn = brush.between(-0.7, 0.7)
  const lobes = 5 + Math.floor(brush.random() * 4)
  const outline: Point[] = []
  for (let at = 0; at < lobes * 2; at++) {
    const angle = turn + (at / (lobes * 2)) * Math.PI * 2
    const out = at % 2 === 0 ? size * brush.between(0.85, 1.1) : size * brush.between(0.3, 0.42)
    outline.push([x + Math.cos(angle) * out, y + Math.sin(angle) * out])
  }
  yield* brush.shape(smooth(outline, true, 10), solid(colour))
}
