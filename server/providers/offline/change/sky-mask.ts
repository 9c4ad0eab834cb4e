import type { Canvas } from '../draw/canvas.ts'
import { clamp01, fromHsl, mix, type Rgb, smoothstep, toHsl } from '../draw/colour.ts'
import type { Work } from '../draw/work.ts'

/** Side of the squares, in pixels, on whose means the sky is followed down. */
const block = 8

/** Gives the sky a new colour; clouds and glow stay lighter than the rest. */
export function* recolourSky(canvas: Canvas, wish: Rgb): Work {
  const { width, height, data } = canvas
  const edge = yield* skyline(canvas)
  const { hue, saturation, lightness: wished } = toHsl(wish)
  const feather = height * 0.02
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = Math.min(edge.length - 1.001, Math.max(0, x / block - 0.5))
      const left = Math.floor(column)
      const border = edge[left]! + (edge[left + 1]! - edge[left]!) * (column - left)
      const share = smoothstep(border + feather * 0.4, border - feather, y)
      if (share <= 0) continue
      const at = (y * width + x) * 3
      const own: Rgb = [clamp01(data[at]!), clamp01(data[at + 1]!), clamp01(data[at + 2]!)]
      const { lightness } = toHsl(own)
      const colour = fromHsl({ hue, saturation: saturation * 0.9, lightness: lightness * 0.7 + wished * 0.3 })
      const [red, green, blue] = mix(own, colour, 0.88 * share)
      data[at] = red
      data[at + 1] = green
      data[at + 2] = blue
    }
    yield width
  }
}

/** For each column of blocks the y where the sky ends: followed from the top until the colour breaks off. */
function* skyline({ width, height, data }: Canvas): Generator<number, Float32Array, undefined> {
  const columns = Math.max(2, Math.ceil(width / block))
  const rows = Math.floor(height / block)
  const means = new Float32Array(columns * rows * 3)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0
        for (let step = 0; step < block; step++) {
          const x = Math.min(width - 1, column * block + step)
          sum += data[((row * block + step) * width + x) * 3 + channel]!
        }
        means[(row * columns + column) * 3 + channel] = sum / block
      }
    }
    yield width
  }
  const ends = Array.from({ length: columns }, (_, column) => {
    // A painted border may run along the upper edge: the sky is followed from a little below it.
    const first = Math.floor(rows * 0.08)
    const last = Math.floor(rows * 0.8)
    for (let row = first + 1; row < last; row++) {
      if (jump(means, columns, column, row) > 0.2) return row * block
    }
    return last * block
  })
  return Float32Array.from(ends, (_, column) => median(ends.slice(Math.max(0, column - 4), column + 5)))
}

/** How far a block is from the one two above it, as a sum over the channels. */
function jump(means: Float32Array, columns: number, column: number, row: number): number {
  const here = (row * columns + column) * 3
  const above = (Math.max(0, row - 2) * columns + column) * 3
  return (
    Math.abs(means[here]! - means[above]!) +
    Math.abs(means[here + 1]! - means[above + 1]!) +
    Math.abs(means[here + 2]! - means[above + 2]!)
  )
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0
}
