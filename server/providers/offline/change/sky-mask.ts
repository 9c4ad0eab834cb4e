import type { Canvas } from '../draw/canvas.ts'
import { clamp01, fromHsl, mix, type Rgb, smoothstep, toHsl } from '../draw/colour.ts'
import type { Work } from '../draw/work.ts'

/** Side of the squares, in pixels, on whose means the sky is followed. */
const block = 4
/** How far a block may be from the sky before it, summed over the channels, and how low a sky may reach. */
const likeSky = 0.15
const lowest = 0.64

/** Gives the sky a new colour; clouds and glow stay lighter than the rest. */
export function* recolourSky(canvas: Canvas, wish: Rgb): Work {
  const { width, height, data } = canvas
  const { columns, rows, sky } = yield* skyBlocks(canvas)
  const { hue, saturation, lightness: wished } = toHsl(wish)
  for (let y = 0; y < height; y++) {
    const v = Math.min(rows - 1.001, Math.max(0, y / block - 0.5))
    const row = Math.floor(v)
    for (let x = 0; x < width; x++) {
      const u = Math.min(columns - 1.001, Math.max(0, x / block - 0.5))
      const at0 = row * columns + Math.floor(u)
      const across = u - Math.floor(u)
      const upper = sky[at0]! + (sky[at0 + 1]! - sky[at0]!) * across
      const lower = sky[at0 + columns]! + (sky[at0 + columns + 1]! - sky[at0 + columns]!) * across
      // Skies seldom reach lower: what was followed too far fades out.
      const share = (upper + (lower - upper) * (v - row)) * smoothstep(0.64, 0.5, y / height)
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

/** Which blocks are sky: 1, else 0. */
interface SkyBlocks {
  columns: number
  rows: number
  sky: Float32Array
}

/**
 * Follows the sky down and up from a row near the top. What it flows round without reaching the lower edge (sun,
 * clouds, birds) belongs to it.
 */
function* skyBlocks(canvas: Canvas): Generator<number, SkyBlocks, undefined> {
  const { columns, rows, means } = yield* blockMeans(canvas)
  const open = new Uint8Array(columns * rows)
  // A painted border may run along the upper edge: the sky is entered from a little below it.
  const first = Math.floor(rows * 0.1)
  follow(means, columns, first, Math.floor(rows * lowest), 1, open)
  follow(means, columns, first, -1, -1, open)
  yield columns * rows
  const bottom = Array.from({ length: columns }, (_, column) => (rows - 1) * columns + column)
  const ground = flood(columns, rows, bottom, (to) => open[to] === 0)
  yield columns * rows
  return { columns, rows, sky: Float32Array.from(ground, (isGround) => 1 - isGround) }
}

/**
 * Opens blocks row by row, each compared with what the sky was like in its column so far, or in the next one: so a
 * glow or a gradient is followed, and an edge is not crossed.
 */
function follow(
  means: Float32Array,
  columns: number,
  from: number,
  to: number,
  step: 1 | -1,
  open: Uint8Array,
): void {
  const usual = means.slice(from * columns * 3, (from + 1) * columns * 3)
  for (let row = from; row !== to; row += step) {
    const row0 = row * columns
    const before = row === from ? row0 : (row - step) * columns
    for (let column = 0; column < columns; column++) {
      if (
        (row === from || open[before + column] === 1) &&
        off(means, row0 + column, usual, column) < likeSky
      ) {
        open[row0 + column] = 1
      }
    }
    for (const way of [1, -1]) {
      for (let column = way > 0 ? 1 : columns - 2; column >= 0 && column < columns; column += way) {
        const beside = column - way
        if (open[row0 + column] === 1 || open[row0 + beside] !== 1) continue
        if (off(means, row0 + column, usual, beside) >= likeSky) continue
        open[row0 + column] = 1
        usual.copyWithin(column * 3, beside * 3, beside * 3 + 3)
      }
    }
    for (let column = 0; column < columns; column++) {
      if (open[row0 + column] !== 1) continue
      for (let channel = 0; channel < 3; channel++) {
        const at = column * 3 + channel
        usual[at]! += (means[row0 * 3 + at]! - usual[at]!) * 0.25
      }
    }
  }
}

function off(means: Float32Array, block: number, usual: Float32Array, column: number): number {
  let sum = 0
  for (let channel = 0; channel < 3; channel++) {
    sum += Math.abs(means[block * 3 + channel]! - usual[column * 3 + channel]!)
  }
  return sum
}

/** All blocks that can be reached from the entries, through those that `may` lets in. */
function flood(
  columns: number,
  rows: number,
  entries: readonly number[],
  may: (to: number) => boolean,
): Uint8Array {
  const reached = new Uint8Array(columns * rows)
  const waiting = [...entries]
  for (const entry of entries) reached[entry] = 1
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    const column = from % columns
    for (const to of [
      column > 0 ? from - 1 : -1,
      column < columns - 1 ? from + 1 : -1,
      from - columns,
      from + columns,
    ]) {
      if (to < 0 || to >= columns * rows || reached[to] === 1 || !may(to)) continue
      reached[to] = 1
      waiting.push(to)
    }
  }
  return reached
}

function* blockMeans({
  width,
  height,
  data,
}: Canvas): Generator<number, { columns: number; rows: number; means: Float32Array }, undefined> {
  const columns = Math.max(2, Math.floor(width / block))
  const rows = Math.max(2, Math.floor(height / block))
  const means = new Float32Array(columns * rows * 3)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0
        for (let y = row * block; y < (row + 1) * block; y++) {
          for (let x = column * block; x < (column + 1) * block; x++)
            sum += data[(y * width + x) * 3 + channel]!
        }
        means[(row * columns + column) * 3 + channel] = sum / (block * block)
      }
    }
    yield width * block
  }
  return { columns, rows, means }
}
