import type { Canvas } from '../draw/canvas.ts'
import { brightnessOf, type Rgb, saturate } from '../draw/colour.ts'
import type { Work } from '../draw/work.ts'
import type { Style } from './style.ts'

/** How many squares the longer side has, about. */
const squares = 190
const paletteSize = 28
/** The order in which a square of 4 × 4 fills up, as shares from -0.5 to 0.5. */
const bayer = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map((value) => value / 16 - 0.47)

/** Big square pixels in a few colours. */
export const pixelArt: Style = {
  medium: { rough: 0, bleed: 0, rim: 0, rimWidth: 0, wash: 0, thin: 0 },
  *finish(canvas) {
    const side = Math.max(2, Math.round(Math.max(canvas.width, canvas.height) / squares))
    const cells = yield* cellColours(canvas, side)
    const colours = yield* fewColours(cells.colours, paletteSize)
    yield* paintCells(canvas, side, cells, colours)
  },
}

interface Cells {
  columns: number
  colours: Rgb[]
}

function* cellColours({ width, height, data }: Canvas, side: number): Generator<number, Cells, undefined> {
  const columns = Math.ceil(width / side)
  const colours: Rgb[] = []
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      let [red, green, blue, count] = [0, 0, 0, 0]
      for (let y = top; y < Math.min(height, top + side); y++) {
        for (let x = left; x < Math.min(width, left + side); x++) {
          const at = (y * width + x) * 3
          red += data[at]!
          green += data[at + 1]!
          blue += data[at + 2]!
          count++
        }
      }
      colours.push(saturate([red / count, green / count, blue / count], 1.18))
    }
    yield width * side
  }
  return { columns, colours }
}

/** Splits the colours where they differ most until there are `count` groups; answers their means (median cut). */
function* fewColours(colours: readonly Rgb[], count: number): Generator<number, Rgb[], undefined> {
  const boxes: Rgb[][] = [[...colours]]
  while (boxes.length < count) {
    let widest = -1
    let most = 0.02
    let channel = 0
    for (const [at, box] of boxes.entries()) {
      for (const [axis, weight] of [0.9, 1.1, 0.8].entries()) {
        const spread = spreadOf(box, axis) * weight * Math.log2(box.length + 1)
        if (spread > most) {
          most = spread
          widest = at
          channel = axis
        }
      }
    }
    const box = boxes[widest]
    if (box === undefined || box.length < 2) break
    box.sort((one, other) => one[channel]! - other[channel]!)
    boxes.splice(widest, 1, box.slice(0, box.length >> 1), box.slice(box.length >> 1))
    yield colours.length
  }
  return boxes.map(meanOf)
}

function spreadOf(box: readonly Rgb[], channel: number): number {
  let least = 2
  let most = -1
  for (const colour of box) {
    least = Math.min(least, colour[channel]!)
    most = Math.max(most, colour[channel]!)
  }
  return most - least
}

function meanOf(box: readonly Rgb[]): Rgb {
  const sum = [0, 0, 0]
  for (const colour of box) for (let channel = 0; channel < 3; channel++) sum[channel]! += colour[channel]!
  const whole = (channel: number): number => Math.round((sum[channel]! / box.length) * 255) / 255
  return [whole(0), whole(1), whole(2)]
}

function* paintCells(
  { width, height, data }: Canvas,
  side: number,
  cells: Cells,
  colours: readonly Rgb[],
): Work {
  for (let row = 0; row * side < height; row++) {
    for (let column = 0; column < cells.columns; column++) {
      const own = cells.colours[row * cells.columns + column]!
      const shift = bayer[(row & 3) * 4 + (column & 3)]! * 0.045
      const [red, green, blue] = nearest(colours, [own[0] + shift, own[1] + shift, own[2] + shift])
      for (let y = row * side; y < Math.min(height, (row + 1) * side); y++) {
        for (let x = column * side; x < Math.min(width, (column + 1) * side); x++) {
          const at = (y * width + x) * 3
          data[at] = red
          data[at + 1] = green
          data[at + 2] = blue
        }
      }
    }
    yield width * side * 2
  }
}

function nearest(colours: readonly Rgb[], wish: Rgb): Rgb {
  let best = colours[0]!
  let least = Infinity
  for (const colour of colours) {
    const off =
      (colour[0] - wish[0]) ** 2 +
      (colour[1] - wish[1]) ** 2 +
      (colour[2] - wish[2]) ** 2 +
      (brightnessOf(colour) - brightnessOf(wish)) ** 2
    if (off < least) {
      least = off
      best = colour
    }
  }
  return best
}
