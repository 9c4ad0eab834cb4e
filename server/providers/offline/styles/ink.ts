import type { Canvas } from '../draw/canvas.ts'
import { brightnessOf, clamp01, type Rgb, smoothstep } from '../draw/colour.ts'
import { cloudNoise, grainNoise } from '../draw/noise.ts'
import type { Work } from '../draw/work.ts'
import { paperGrain } from './paper.ts'
import type { Style } from './style.ts'

interface Hand {
  ink: Rgb
  paper: Rgb
  /** How dark outlines are, and how even lines run: 0 graphite on tooth, 1 a pen. */
  outline: number
  pen: number
  spacing: number
}

const medium = { rough: 0.7, bleed: 0, rim: 0.35, rimWidth: 3, wash: 0.05, thin: 0 }

/** Pen and ink: outlines, and hatching that gets denser with the dark. */
export const ink: Style = {
  medium,
  *finish(canvas) {
    yield* drawn(canvas, {
      ink: [0.09, 0.1, 0.16],
      paper: [0.968, 0.948, 0.9],
      outline: 1,
      pen: 1,
      spacing: 6.2,
    })
    yield* paperGrain(canvas, 0.06)
  },
}

/** Pencil: softer outlines, strokes that catch on the tooth of the paper. */
export const pencil: Style = {
  medium,
  *finish(canvas) {
    yield* drawn(canvas, {
      ink: [0.2, 0.2, 0.22],
      paper: [0.965, 0.962, 0.95],
      outline: 0.75,
      pen: 0,
      spacing: 4.2,
    })
    yield* paperGrain(canvas, 0.1)
  },
}

function* drawn(canvas: Canvas, hand: Hand): Work {
  const light = yield* greys(canvas)
  const { width, height, data, unit } = canvas
  const noise = cloudNoise()
  const grain = grainNoise()
  const reach = Math.max(1, Math.round(1.1 * unit))
  const at = (x: number, y: number): number =>
    light[Math.max(0, Math.min(height - 1, y)) * width + Math.max(0, Math.min(width - 1, x))]!
  // Each set of lines: its slope, and the brightness below which it begins.
  const sets = [
    { across: 0.62, down: 0.78, from: 0.74 },
    { across: -0.68, down: 0.73, from: 0.5 },
    { across: 0.12, down: 0.99, from: 0.31 },
    { across: 0.97, down: -0.2, from: 0.17 },
  ]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = at(x, y)
      const edge =
        Math.hypot(at(x + reach, y) - at(x - reach, y), at(x, y + reach) - at(x, y - reach)) +
        Math.abs(at(x - reach, y - reach) - at(x + reach, y + reach)) * 0.5
      const tooth = grain.at(x / (1.3 * unit), y / (1.3 * unit))
      let dark = smoothstep(0.075, 0.2, edge) * hand.outline
      const waver = (noise.at(x / (1.6 * unit), y / (1.6 * unit)) - 0.5) * 7 * unit
      for (const set of sets) {
        const tone = (set.from - here) / 0.3
        if (tone <= 0) continue
        const place = (x * set.across + y * set.down + waver) / (hand.spacing * unit)
        const off = Math.abs(place - Math.round(place)) * 2
        const thick = clamp01(tone) * (hand.pen > 0 ? 0.42 : 0.72)
        const line = smoothstep(thick + 0.16, thick - 0.06, off)
        const pressure = hand.pen > 0 ? 0.92 : 0.34 + 0.4 * tooth
        dark = Math.max(dark, line * pressure) + (hand.pen > 0 ? 0 : line * pressure * 0.22)
      }
      if (hand.pen === 0) dark = dark * (0.55 + 0.6 * tooth) + clamp01(0.75 - here) * 0.16 * tooth
      const share = clamp01(dark)
      const to = (y * width + x) * 3
      data[to] = hand.paper[0] + (hand.ink[0] - hand.paper[0]) * share
      data[to + 1] = hand.paper[1] + (hand.ink[1] - hand.paper[1]) * share
      data[to + 2] = hand.paper[2] + (hand.ink[2] - hand.paper[2]) * share
    }
    yield width * 4
  }
}

/** The picture's brightness, spread over the whole range and slightly softened. */
function* greys({ width, height, data }: Canvas): Generator<number, Float32Array, undefined> {
  const raw = new Float32Array(width * height)
  let least = 1
  let most = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      const value = brightnessOf([data[at]!, data[at + 1]!, data[at + 2]!])
      raw[y * width + x] = value
      if (value < least) least = value
      if (value > most) most = value
    }
    yield width
  }
  const spread = Math.max(0.2, most - least)
  const soft = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width
    const below = Math.min(height - 1, y + 1) * width
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - 1)
      const right = Math.min(width - 1, x + 1)
      const sum =
        raw[y * width + x]! * 2 +
        raw[above + x]! +
        raw[below + x]! +
        raw[y * width + left]! +
        raw[y * width + right]!
      soft[y * width + x] =
        Math.sqrt(clamp01((sum / 6 - least) / spread)) * 0.5 + clamp01((sum / 6 - least) / spread) * 0.5
    }
    yield width
  }
  return soft
}
