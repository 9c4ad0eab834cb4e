import type { Canvas } from '../draw/canvas.ts'
import { brightnessOf, clamp01, smoothstep } from '../draw/colour.ts'
import { grainNoise } from '../draw/noise.ts'
import type { Work } from '../draw/work.ts'
import type { Style } from './style.ts'

/** As through a lens: smooth tones, light that blooms, darker corners, fine grain. */
export const photo: Style = {
  medium: { rough: 0, bleed: 0.6, rim: 0, rimWidth: 0, wash: 0.06, thin: 0 },
  *finish(canvas) {
    yield* bloom(canvas)
    yield* develop(canvas)
  },
}

/** Light that spreads from what is bright: added from a small blurred copy. */
function* bloom(canvas: Canvas): Work {
  const { width, height, data } = canvas
  const scale = 8
  const columns = Math.ceil(width / scale)
  const rows = Math.ceil(height / scale)
  let light = new Float32Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (Math.min(height - 1, row * scale) * width + Math.min(width - 1, column * scale)) * 3
      light[row * columns + column] = smoothstep(
        0.72,
        1,
        brightnessOf([data[at]!, data[at + 1]!, data[at + 2]!]),
      )
    }
    yield columns
  }
  for (let pass = 0; pass < 3; pass++) light = softened(light, columns, rows)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = Math.min(columns - 1.001, x / scale)
      const v = Math.min(rows - 1.001, y / scale)
      const [left, top] = [Math.floor(u), Math.floor(v)]
      const right = Math.min(columns - 1, left + 1)
      const below = Math.min(rows - 1, top + 1)
      const upper = light[top * columns + left]! * (1 - u + left) + light[top * columns + right]! * (u - left)
      const lower =
        light[below * columns + left]! * (1 - u + left) + light[below * columns + right]! * (u - left)
      const more = (upper + (lower - upper) * (v - top)) * 0.16
      const at = (y * width + x) * 3
      for (let channel = at; channel < at + 3; channel++)
        data[channel]! += (1 - clamp01(data[channel]!)) * more
    }
    yield width
  }
}

function softened(source: Float32Array, columns: number, rows: number): Float32Array<ArrayBuffer> {
  const soft = new Float32Array(source.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0
      let count = 0
      for (let y = Math.max(0, row - 2); y <= Math.min(rows - 1, row + 2); y++) {
        for (let x = Math.max(0, column - 2); x <= Math.min(columns - 1, column + 2); x++) {
          sum += source[y * columns + x]!
          count++
        }
      }
      soft[row * columns + column] = sum / count
    }
  }
  return soft
}

/** Contrast, darker corners, grain. */
function* develop(canvas: Canvas): Work {
  const { width, height, data, unit } = canvas
  const grain = grainNoise()
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const away = Math.hypot((x / width - 0.5) * 1.25, (y / height - 0.5) * 1.25)
      const corner = 1 - 0.3 * smoothstep(0.38, 0.95, away)
      const speck = (grain.at(x / (0.7 * unit), y / (0.7 * unit)) - 0.5) * 0.05
      const at = (y * width + x) * 3
      for (let channel = at; channel < at + 3; channel++) {
        const value = clamp01(data[channel]!)
        const curved = value + (value * value * (3 - 2 * value) - value) * 0.45
        data[channel] = curved * corner + speck * (0.3 + curved)
      }
    }
    yield width
  }
}
