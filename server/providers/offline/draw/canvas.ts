import type { Work } from './work.ts'

/** A picture in memory: red, green, blue as 0 to 1 (a little beyond is allowed while painting), row by row. */
export class Canvas {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
  /** A thousandth of the side of a square with the picture's area: shapes keep their size on every aspect. */
  readonly unit: number

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.data = new Float32Array(width * height * 3)
    this.unit = Math.sqrt(width * height) / 1000
  }

  copy(): Canvas {
    const copy = new Canvas(this.width, this.height)
    copy.data.set(this.data)
    return copy
  }
}

/** Fills the canvas from 8-bit RGB rows of its own size. */
export function* fromRgb(canvas: Canvas, rgb: Uint8Array): Work {
  const { width, height, data } = canvas
  for (let y = 0; y < height; y++) {
    for (let at = y * width * 3; at < (y + 1) * width * 3; at++) data[at] = rgb[at]! / 255
    yield width / 4
  }
}

/** The canvas as 8-bit RGB rows; a fixed pattern of half a step keeps soft gradients from banding. */
export function* toRgb(canvas: Canvas, rgb: Uint8Array): Work {
  const { width, height, data } = canvas
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // Never quite 0 nor 1: whole values stay what they are.
      const dither = ((((x * 7 + y * 13) ^ (x * 3 + y)) & 7) + 0.5) / 8
      const at = (y * width + x) * 3
      for (let channel = at; channel < at + 3; channel++) {
        const value = data[channel]! * 255 + dither
        rgb[channel] = value < 0 ? 0 : value > 255 ? 255 : value
      }
    }
    yield width / 4
  }
}
