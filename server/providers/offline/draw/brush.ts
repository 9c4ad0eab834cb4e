import type { Canvas } from './canvas.ts'
import { clamp01, type Rgb, smoothstep } from './colour.ts'
import { belowMask, blurred, type Mask, type Point, polygonMask } from './mask.ts'
import { cloudNoise } from './noise.ts'
import { ellipse, roughened, stroke } from './outline.ts'
import type { Shader } from './shader.ts'
import { solid } from './shader.ts'
import type { Work } from './work.ts'

/** How a style lays paint down. Lengths are in thousandths of the picture (`Canvas.unit`). */
export interface Medium {
  /** How far outlines stray. */
  rough: number
  /** How far edges run into what is beside them. */
  bleed: number
  /** How much paint pools along the inside of an edge, 0 to 1, and how wide. */
  rim: number
  rimWidth: number
  /** How unevenly a wash dries, 0 to 1. */
  wash: number
  /** How much of what is below stays visible through large shapes, 0 to 1. */
  thin: number
  /** What a sheet of paper throws on the one below; absent for paint. */
  shadow?: { across: number; down: number; blur: number; strength: number }
}

export interface FillOptions {
  alpha?: number
  /** Small things keep their shape: no straying, no shadow. */
  crisp?: boolean
  /** Lets what is below show as much as the medium does. */
  thin?: boolean
}

/** Paints shapes on a canvas in the way of one medium. */
export class Brush {
  readonly canvas: Canvas
  readonly medium: Medium
  readonly random: () => number
  readonly #drift: number

  constructor(canvas: Canvas, medium: Medium, random: () => number) {
    this.canvas = canvas
    this.medium = medium
    this.random = random
    this.#drift = random() * 256
  }

  get width(): number {
    return this.canvas.width
  }

  get height(): number {
    return this.canvas.height
  }

  /** Pixels of a thousandth of the picture's size. */
  get unit(): number {
    return this.canvas.unit
  }

  /** A number in [from, to). */
  between(from: number, to: number): number {
    return from + this.random() * (to - from)
  }

  /** Covers the whole picture. */
  *flood(shader: Shader): Work {
    const { width, height, data } = this.canvas
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [red, green, blue] = shader(x, y)
        const at = (y * width + x) * 3
        data[at] = red
        data[at + 1] = green
        data[at + 2] = blue
      }
      yield width
    }
  }

  /** Fills a closed outline. */
  *shape(points: readonly Point[], shader: Shader, options: FillOptions = {}): Work {
    const { rough, bleed, shadow } = this.medium
    const amount = rough * this.unit
    const outline = options.crisp || amount < 0.3 ? points : roughened(points, amount, this.random)
    const margin = shadow && !options.crisp ? 0 : Math.ceil(bleed * this.unit)
    const mask = polygonMask(outline, this.width, this.height, margin)
    if (mask) yield* this.mask(mask, shader, options)
  }

  *disc(x: number, y: number, radius: number, shader: Shader, options: FillOptions = {}): Work {
    yield* this.shape(ellipse(x, y, radius), shader, options)
  }

  *line(
    points: readonly Point[],
    startWidth: number,
    endWidth: number,
    shader: Shader,
    options: FillOptions = {},
  ): Work {
    yield* this.shape(stroke(points, startWidth, endWidth), shader, { crisp: true, ...options })
  }

  /** Fills everything below a line of heights, down to `bottom` (the picture's lower edge). */
  *below(heights: Float32Array, shader: Shader, options: FillOptions & { bottom?: number } = {}): Work {
    yield* this.mask(belowMask(heights, this.height, options.bottom), shader, { thin: true, ...options })
  }

  /** Lays paint where the mask covers. */
  *mask(given: Mask, shader: Shader, options: FillOptions = {}): Work {
    const { medium, unit } = this
    const extent = Math.min(given.width, given.height)
    if (medium.shadow && extent > (options.crisp ? 30 : 16) * unit) yield* this.#shadow(given, medium.shadow)
    const small = extent < 14 * unit || options.crisp === true
    const edge = small ? given : yield* blurred(given, medium.bleed * unit)
    const rimWidth = medium.rimWidth * unit
    const inner = medium.rim > 0 && !small ? yield* blurred(edge, rimWidth) : undefined
    const noise = cloudNoise()
    const drift = this.#drift + given.top * 0.37
    const scale = 1 / (2.2 * unit)
    const alpha = (options.alpha ?? 1) * (options.thin ? 1 - medium.thin : 1)
    const wash = small ? medium.wash * 0.4 : medium.wash
    const { data, width: stride } = this.canvas
    for (let y = 0; y < edge.height; y++) {
      const row = y * edge.width
      for (let x = 0; x < edge.width; x++) {
        const cover = edge.cover[row + x]!
        if (cover === 0) continue
        const atX = edge.left + x
        const atY = edge.top + y
        const [red, green, blue] = shader(atX, atY)
        let light = 0
        if (wash > 0) light = (noise.at(atX * scale + drift, atY * scale) - 0.5) * 2 * wash
        if (inner) light -= medium.rim * smoothstep(0.1, 0.55, 1 - inner.cover[row + x]! / 255) * 0.5
        const lift = light > 0 ? light : 0
        const dim = light < 0 ? 1 + light : 1
        const part = (cover / 255) * alpha
        const at = (atY * stride + atX) * 3
        data[at]! += ((red + (1 - red) * lift) * dim - data[at]!) * part
        data[at + 1]! += ((green + (1 - green) * lift) * dim - data[at + 1]!) * part
        data[at + 2]! += ((blue + (1 - blue) * lift) * dim - data[at + 2]!) * part
      }
      yield edge.width
    }
  }

  *#shadow(given: Mask, shadow: NonNullable<Medium['shadow']>): Work {
    const { unit, width, height } = this
    const pad = Math.ceil(shadow.blur * unit * 2)
    const left = Math.max(0, given.left - pad)
    const top = Math.max(0, given.top - pad)
    const right = Math.min(width, given.left + given.width + pad)
    const bottom = Math.min(height, given.top + given.height + pad)
    const wide: Mask = {
      left,
      top,
      width: right - left,
      height: bottom - top,
      cover: new Uint8Array((right - left) * (bottom - top)),
    }
    for (let y = 0; y < given.height; y++) {
      const row = given.cover.subarray(y * given.width, (y + 1) * given.width)
      wide.cover.set(row, (given.top + y - top) * wide.width + given.left - left)
    }
    const soft = yield* blurred(wide, shadow.blur * unit)
    const across = Math.round(shadow.across * unit)
    const down = Math.round(shadow.down * unit)
    const { data } = this.canvas
    for (let y = 0; y < soft.height; y++) {
      const atY = soft.top + y + down
      if (atY < 0 || atY >= height) continue
      for (let x = 0; x < soft.width; x++) {
        const atX = soft.left + x + across
        const cover = soft.cover[y * soft.width + x]!
        if (cover === 0 || atX < 0 || atX >= width) continue
        const dim = 1 - (cover / 255) * shadow.strength
        const at = (atY * width + atX) * 3
        data[at]! *= dim
        data[at + 1]! *= dim
        data[at + 2]! *= dim
      }
      yield soft.width
    }
  }

  /** Light that spreads from a place: brightens towards `colour`, strongest in the middle. */
  *glow(x: number, y: number, radius: number, colour: Rgb, strength: number): Work {
    const { data, width, height } = this.canvas
    const fromX = Math.max(0, Math.floor(x - radius))
    const toX = Math.min(width, Math.ceil(x + radius))
    const toY = Math.min(height, Math.ceil(y + radius))
    for (let atY = Math.max(0, Math.floor(y - radius)); atY < toY; atY++) {
      for (let atX = fromX; atX < toX; atX++) {
        const near = 1 - Math.hypot(atX - x, atY - y) / radius
        if (near <= 0) continue
        const part = near * near * strength
        const at = (atY * width + atX) * 3
        data[at]! += (1 - clamp01(data[at]!)) * colour[0] * part
        data[at + 1]! += (1 - clamp01(data[at + 1]!)) * colour[1] * part
        data[at + 2]! += (1 - clamp01(data[at + 2]!)) * colour[2] * part
      }
      yield toX - fromX
    }
  }

  /** A veil of a colour; `density` tells how much of it a place has, 0 to 1. */
  *veil(colour: Rgb, density: (x: number, y: number) => number, from = 0, to = this.height): Work {
    const { data, width, height } = this.canvas
    const last = Math.min(height, Math.ceil(to))
    for (let y = Math.max(0, Math.floor(from)); y < last; y++) {
      for (let x = 0; x < width; x++) {
        const part = density(x, y)
        if (part <= 0) continue
        const at = (y * width + x) * 3
        data[at]! += (colour[0] - data[at]!) * part
        data[at + 1]! += (colour[1] - data[at + 1]!) * part
        data[at + 2]! += (colour[2] - data[at + 2]!) * part
      }
      yield width
    }
  }

  /** One small dot of even colour: stars, snow, windows far away. */
  *dot(x: number, y: number, radius: number, colour: Rgb, alpha = 1): Work {
    yield* this.disc(x, y, radius, solid(colour), { crisp: true, alpha })
  }
}
