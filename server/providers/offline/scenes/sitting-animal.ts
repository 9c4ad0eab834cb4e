import { fur } from './fur.ts'
import { darker, hex, lighter, mix, type Rgb, smoothstep } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { ellipse, smooth } from '../draw/outline.ts'
import { rounded, type Shader, solid, vertical } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import type { Stage } from './stage.ts'

interface Looks {
  coat: string
  /** Breast, cheeks and the tip of the tail. */
  pale: string
  ears: 'pointed' | 'round' | 'long' | 'hanging'
  tail: 'brush' | 'thin' | 'tuft' | 'none'
  muzzle: number
  /** Width of the body, 1 is a fox. */
  girth: number
}

const fox: Looks = {
  coat: '#dd6b2a',
  pale: '#fbf3e6',
  ears: 'pointed',
  tail: 'brush',
  muzzle: 0.34,
  girth: 1,
}

const animals: Readonly<Record<string, Looks>> = {
  fox,
  wolf: { coat: '#7c8793', pale: '#e6e8ea', ears: 'pointed', tail: 'brush', muzzle: 0.4, girth: 1.1 },
  dog: { coat: '#b98046', pale: '#f6ead6', ears: 'hanging', tail: 'thin', muzzle: 0.42, girth: 1.05 },
  cat: { coat: '#6d6a72', pale: '#f2ece6', ears: 'pointed', tail: 'thin', muzzle: 0.16, girth: 1 },
  rabbit: { coat: '#b79c80', pale: '#f5eee4', ears: 'long', tail: 'tuft', muzzle: 0.16, girth: 1.06 },
  bear: { coat: '#6b4a35', pale: '#b08d6c', ears: 'round', tail: 'none', muzzle: 0.34, girth: 1.22 },
  panda: { coat: '#2d2d33', pale: '#f7f5f0', ears: 'round', tail: 'none', muzzle: 0.26, girth: 1.24 },
  lion: { coat: '#d3a04f', pale: '#f2dfb4', ears: 'round', tail: 'thin', muzzle: 0.36, girth: 1.2 },
  tiger: { coat: '#e28a34', pale: '#fbf0de', ears: 'round', tail: 'thin', muzzle: 0.32, girth: 1.2 },
}
const alias: Readonly<Record<string, string>> = {
  kitten: 'cat',
  puppy: 'dog',
  hound: 'dog',
  bunny: 'rabbit',
  hare: 'rabbit',
  foxes: 'fox',
  cats: 'cat',
  dogs: 'dog',
  wolves: 'wolf',
  rabbits: 'rabbit',
}

/** An animal that sits and looks at the viewer; `kind` is the word for it, a fox where it is not known. */
export function* paintSitting(stage: Stage, x: number, foot: number, size: number, kind: string): Work {
  const { brush, palette, scene } = stage
  const looks = animals[alias[kind] ?? kind] ?? fox
  const { unit } = brush
  const dim = 0.5 * (1 - palette.daylight)
  const tone = (colour: Rgb): Rgb => darker(mix(colour, palette.glow, 0.08), dim)
  const coat = tone(scene.colourOf.subject ?? hex(looks.coat))
  const pale = tone(hex(looks.pale))
  const dark = darker(coat, 0.34)
  const at = (across: number, down: number): Point => [x + across * size, foot + down * size]
  yield* brush.veil(
    darker(palette.near, 0.2),
    (px, py) => {
      const away = Math.hypot(
        (px - x - size * 0.08) / (size * 0.52 * looks.girth),
        (py - foot) / (size * 0.07),
      )
      return away >= 1 ? 0 : 0.5 * (1 - away)
    },
    foot - size * 0.07,
    foot + size * 0.07,
  )
  yield* tail(stage, at, looks, coat, pale)
  const g = looks.girth
  const body = smooth(
    [
      at(0, -0.56),
      at(0.13 * g, -0.5),
      at(0.2 * g, -0.36),
      at(0.29 * g, -0.18),
      at(0.27 * g, -0.02),
      at(0.1 * g, 0.01),
      at(-0.1 * g, 0.01),
      at(-0.27 * g, -0.02),
      at(-0.29 * g, -0.18),
      at(-0.2 * g, -0.36),
      at(-0.13 * g, -0.5),
    ],
    true,
    8,
  )
  const [bodyX, bodyY] = at(0, -0.28)
  yield* brush.shape(
    body,
    fur(brush, rounded(bodyX, bodyY, size * 0.32 * g, lighter(coat, 0.12), darker(coat, 0.3))),
  )
  const breast = smooth(
    [
      at(0, -0.54),
      at(0.1, -0.44),
      at(0.1, -0.28),
      at(0.05, -0.14),
      at(0, -0.08),
      at(-0.05, -0.14),
      at(-0.1, -0.28),
      at(-0.1, -0.44),
    ],
    true,
    7,
  )
  yield* brush.shape(
    breast,
    fur(brush, rounded(x, foot - size * 0.34, size * 0.2, lighter(pale, 0.2), darker(pale, 0.14))),
  )
  for (const side of [-1, 1]) {
    const leg = smooth(
      [
        at(side * 0.025, -0.28),
        at(side * 0.12, -0.27),
        at(side * 0.115, -0.05),
        at(side * 0.12, 0.005),
        at(side * 0.02, 0.005),
        at(side * 0.03, -0.05),
      ],
      true,
      6,
    )
    yield* brush.shape(
      leg,
      vertical(
        { y: foot - size * 0.3, colour: coat },
        { y: foot - size * 0.1, colour: darker(coat, 0.12) },
        { y: foot, colour: looks.coat === '#dd6b2a' ? darker(coat, 0.68) : darker(coat, 0.2) },
      ),
      { crisp: true },
    )
  }
  yield* head(stage, x, foot - size * 0.68, size * 0.5, looks, coat, pale, dark)
  if (scene.weather === 'snow')
    for (let flake = 0; flake < 12; flake++)
      yield* brush.dot(
        x + brush.between(-0.16, 0.16) * size,
        foot - size * brush.between(0.2, 0.9),
        2.4 * unit,
        palette.snow,
        0.9,
      )
}

function* tail(
  { brush }: Stage,
  at: (across: number, down: number) => Point,
  looks: Looks,
  coat: Rgb,
  pale: Rgb,
): Work {
  if (looks.tail === 'none') return
  if (looks.tail === 'tuft') {
    const [x, y] = at(0.3 * looks.girth, -0.08)
    yield* brush.disc(x, y, Math.abs(at(0.07, 0)[0] - at(0, 0)[0]), solid(pale))
    return
  }
  const line =
    looks.tail === 'brush'
      ? [at(0.14, -0.06), at(0.36, -0.02), at(0.52, -0.12), at(0.58, -0.3)]
      : [at(0.16, -0.03), at(0.38, 0), at(0.5, -0.12), at(0.44, -0.3)]
  const curve = smooth(line, false, 10)
  const unitSize = Math.abs(at(1, 0)[0] - at(0, 0)[0])
  const thick = looks.tail === 'brush' ? 0.17 : 0.055
  const outline: Point[] = []
  const back: Point[] = []
  for (const [index, [x, y]] of curve.entries()) {
    const share = index / (curve.length - 1)
    const swell =
      looks.tail === 'brush' ? Math.sin(Math.PI * Math.min(1, 0.12 + share * 0.88)) * (1 - 0.1 * share) : 1
    const next = curve[Math.min(curve.length - 1, index + 1)]!
    const before = curve[Math.max(0, index - 1)]!
    const length = Math.hypot(next[0] - before[0], next[1] - before[1]) || 1
    const half = (thick * unitSize * swell) / 2
    outline.push([x - ((next[1] - before[1]) / length) * half, y + ((next[0] - before[0]) / length) * half])
    back.push([x + ((next[1] - before[1]) / length) * half, y - ((next[0] - before[0]) / length) * half])
  }
  const tip = at(0, -0.2)[1]
  const tone: Shader = (_x, y) =>
    mix(
      coat,
      looks.tail === 'brush' ? pale : darker(coat, 0.3),
      smoothstep(tip + unitSize * 0.04, tip - unitSize * 0.05, y),
    )
  yield* brush.shape([...outline, ...back.toReversed()], fur(brush, tone))
}

function* head(
  { brush, palette }: Stage,
  x: number,
  y: number,
  size: number,
  looks: Looks,
  coat: Rgb,
  pale: Rgb,
  dark: Rgb,
): Work {
  const at = (across: number, down: number): Point => [x + across * size, y + down * size]
  const wide = looks.ears === 'round' ? 0.4 : 0.37
  for (const side of [-1, 1]) yield* ear(brush, at, side, looks, coat, dark, pale)
  if (looks.coat === '#d3a04f')
    yield* brush.shape(
      ellipse(x, y + size * 0.05, size * 0.58, size * 0.56),
      fur(brush, rounded(x, y, size * 0.6, hex('#a5672c'), darker(hex('#7a4520'), 0.2))),
    )
  const panda = looks.coat === '#2d2d33'
  const faceTone = panda ? pale : coat
  const skull = smooth(
    [
      at(0, -0.33),
      at(wide * 0.62, -0.28),
      at(wide, -0.04),
      at(wide * 0.9, 0.14),
      at(0.17, 0.28),
      at(0, 0.34),
      at(-0.17, 0.28),
      at(-wide * 0.9, 0.14),
      at(-wide, -0.04),
      at(-wide * 0.62, -0.28),
    ],
    true,
    8,
  )
  yield* brush.shape(
    skull,
    fur(brush, rounded(x, y, size * 0.44, lighter(faceTone, 0.14), darker(faceTone, 0.2))),
  )
  for (const side of [-1, 1]) {
    const cheek = smooth(
      [
        at(side * 0.02, 0.02),
        at(side * 0.16, 0.02),
        at(side * wide * 0.9, 0.1),
        at(side * 0.2, 0.26),
        at(side * 0.02, 0.33),
      ],
      true,
      7,
    )
    yield* brush.shape(cheek, solid(pale), { crisp: true, alpha: 0.94 })
    if (panda)
      yield* brush.shape(
        ellipse(x + side * size * 0.16, y - size * 0.02, size * 0.085, size * 0.11, side * 0.5),
        solid(coat),
        { crisp: true },
      )
    const [eyeX, eyeY] = at(side * 0.155, -0.02)
    yield* brush.shape(ellipse(eyeX, eyeY, size * 0.04, size * 0.05), solid(hex('#1d1512')), { crisp: true })
    yield* brush.dot(eyeX - size * 0.012, eyeY - size * 0.018, size * 0.013, lighter(palette.orb, 0.5))
  }
  const noseY = 0.1 + looks.muzzle * 0.32
  yield* brush.shape(
    smooth(
      [
        at(-0.05, noseY - 0.02),
        at(0, noseY - 0.032),
        at(0.05, noseY - 0.02),
        at(0.026, noseY + 0.025),
        at(0, noseY + 0.04),
        at(-0.026, noseY + 0.025),
      ],
      true,
      6,
    ),
    solid(hex('#2a1c1a')),
    { crisp: true },
  )
  for (const side of [-1, 1])
    yield* brush.line(
      smooth(
        [at(0, noseY + 0.035), at(side * 0.02, noseY + 0.08), at(side * 0.075, noseY + 0.082)],
        false,
        5,
      ),
      size * 0.012,
      size * 0.006,
      solid(darker(coat, 0.6)),
    )
  if (looks.muzzle < 0.2)
    for (const side of [-1, 1])
      for (const down of [-0.03, 0.01, 0.05])
        yield* brush.line(
          [at(side * 0.08, noseY + 0.02 + down * 0.4), at(side * 0.36, noseY + down)],
          size * 0.006,
          size * 0.003,
          solid(pale),
          { alpha: 0.8 },
        )
  if (looks.coat === '#e28a34')
    for (const side of [-1, 1])
      for (const down of [-0.2, -0.11, 0.03])
        yield* brush.line(
          [at(side * wide * 0.92, down), at(side * 0.2, down + 0.03)],
          size * 0.035,
          size * 0.004,
          solid(hex('#33221a')),
        )
}

function* ear(
  brush: Stage['brush'],
  at: (across: number, down: number) => Point,
  side: number,
  looks: Looks,
  coat: Rgb,
  dark: Rgb,
  pale: Rgb,
): Work {
  const size = Math.abs(at(1, 0)[0] - at(0, 0)[0])
  switch (looks.ears) {
    case 'pointed':
      yield* brush.shape(
        [at(side * 0.08, -0.25), at(side * 0.33, -0.64), at(side * 0.38, -0.08)],
        solid(coat),
        { crisp: true },
      )
      yield* brush.shape(
        [at(side * 0.16, -0.26), at(side * 0.31, -0.54), at(side * 0.34, -0.16)],
        solid(mix(dark, pale, 0.2)),
        { crisp: true },
      )
      break
    case 'round': {
      const [x, y] = at(side * 0.3, -0.27)
      yield* brush.disc(x, y, size * 0.14, solid(coat), { crisp: true })
      yield* brush.disc(x, y, size * 0.08, solid(mix(dark, pale, 0.35)), { crisp: true })
      break
    }
    case 'long': {
      const [x, y] = at(side * 0.16, -0.6)
      yield* brush.shape(ellipse(x, y, size * 0.1, size * 0.36, side * 0.16), solid(coat), { crisp: true })
      yield* brush.shape(
        ellipse(x, y, size * 0.05, size * 0.29, side * 0.16),
        solid(mix(pale, hex('#e8a9a0'), 0.5)),
        { crisp: true },
      )
      break
    }
    case 'hanging': {
      const [x, y] = at(side * 0.38, 0.02)
      yield* brush.shape(ellipse(x, y, size * 0.13, size * 0.27, side * -0.28), solid(dark), { crisp: true })
      break
    }
  }
}
