import type { Canvas } from '../draw/canvas.ts'
import type { Work } from '../draw/work.ts'

/** Mirrors the picture left to right, or turns it upside down. */
export function* flipCanvas(canvas: Canvas, axis: 'across' | 'down'): Work {
  const { width, height, data } = canvas
  const source = data.slice()
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = axis === 'across' ? width - 1 - x : x
      const fromY = axis === 'down' ? height - 1 - y : y
      const from = (fromY * width + fromX) * 3
      const to = (y * width + x) * 3
      data[to] = source[from]!
      data[to + 1] = source[from + 1]!
      data[to + 2] = source[from + 2]!
    }
    yield width
  }
}

/** Blurs by two rounds of running means along rows and columns. */
export function* blurCanvas(canvas: Canvas, radius: number): Work {
  const { width, height, data } = canvas
  const reach = Math.max(1, Math.round(radius))
  const line = new Float32Array(Math.max(width, height))
  for (let round = 0; round < 2; round++) {
    for (let y = 0; y < height; y++) {
      for (let channel = 0; channel < 3; channel++)
        blurLine(data, line, y * width * 3 + channel, 3, width, reach)
      yield width
    }
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++)
        blurLine(data, line, x * 3 + channel, width * 3, height, reach)
      yield height
    }
  }
}

function blurLine(
  data: Float32Array,
  line: Float32Array,
  start: number,
  step: number,
  count: number,
  reach: number,
): void {
  for (let at = 0; at < count; at++) line[at] = data[start + at * step]!
  let sum = 0
  const pick = (at: number): number => line[at < 0 ? 0 : at >= count ? count - 1 : at]!
  for (let at = -reach; at <= reach; at++) sum += pick(at)
  for (let at = 0; at < count; at++) {
    data[start + at * step] = sum / (2 * reach + 1)
    sum += pick(at + reach + 1) - pick(at - reach)
  }
}
