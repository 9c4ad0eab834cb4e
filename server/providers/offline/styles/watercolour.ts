import type { Canvas } from '../draw/canvas.ts'
import { brightnessOf, smoothstep } from '../draw/colour.ts'
import { cloudNoise } from '../draw/noise.ts'
import type { Work } from '../draw/work.ts'
import { paperGrain } from './paper.ts'
import type { Style } from './style.ts'

/** Thin washes on rough paper: colours run, pool at their edges and end in an uneven border. */
export const watercolour: Style = {
  medium: { rough: 1.1, bleed: 1.4, rim: 0.45, rimWidth: 7, wash: 0.2, thin: 0.1 },
  *finish(canvas) {
    yield* run(canvas)
    yield* dry(canvas)
    yield* paperGrain(canvas, 0.15, 1.1)
  },
}

/** Lets edges wander a little along a flow, as wet paint does. */
function* run(canvas: Canvas): Work {
  const { width, height, data, unit } = canvas
  const source = data.slice()
  const noise = cloudNoise()
  const reach = 7 * unit
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = x / (0.55 * unit)
      const v = y / (0.55 * unit)
      const fromX = Math.round(x + (noise.at(u, v) - 0.5) * reach)
      const fromY = Math.round(y + (noise.at(u + 91, v + 37) - 0.5) * reach)
      const from =
        (Math.max(0, Math.min(height - 1, fromY)) * width + Math.max(0, Math.min(width - 1, fromX))) * 3
      const at = (y * width + x) * 3
      data[at] = source[from]!
      data[at + 1] = source[from + 1]!
      data[at + 2] = source[from + 2]!
    }
    yield width * 2
  }
}

/** Blooms and granulation in the washes, and the white border of the sheet. */
function* dry(canvas: Canvas): Work {
  const { width, height, data, unit } = canvas
  const noise = cloudNoise()
  const border = 34 * unit
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      const dark = 1 - brightnessOf([data[at]!, data[at + 1]!, data[at + 2]!])
      const bloom = noise.at(x / (5.2 * unit) + 60, y / (5.2 * unit) + 20)
      const pool = (bloom - 0.5) * 0.3 * (0.35 + dark)
      const edgeNoise =
        noise.at(x / (1.3 * unit), y / (1.3 * unit) + 100) * 20 * unit +
        noise.at(x / (0.4 * unit), y / (0.4 * unit)) * 6 * unit
      const inset = Math.min(x, y, width - 1 - x, height - 1 - y) - border + edgeNoise * 0.9
      const paint = smoothstep(-2 * unit, 2.5 * unit, inset) * 0.97
      const rim = smoothstep(12 * unit, 0, Math.abs(inset - 2 * unit)) * 0.16
      const light = 1 - pool - rim
      const [red, green, blue] = paper
      data[at] = red + (data[at]! * light + 0.035 - red) * paint
      data[at + 1] = green + (data[at + 1]! * light + 0.035 - green) * paint
      data[at + 2] = blue + (data[at + 2]! * light + 0.03 - blue) * paint
    }
    yield width * 3
  }
}

const paper = [0.975, 0.962, 0.93] as const
