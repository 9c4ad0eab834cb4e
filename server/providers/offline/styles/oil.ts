import type { Canvas } from '../draw/canvas.ts'
import { brightnessOf, clamp01 } from '../draw/colour.ts'
import { cloudNoise, grainNoise } from '../draw/noise.ts'
import type { Work } from '../draw/work.ts'
import type { Style } from './style.ts'

/** Thick paint: strokes that follow the forms, broad ones first, fine ones where there is something to see. */
export const oil: Style = {
  medium: { rough: 0.6, bleed: 0, rim: 0, rimWidth: 0, wash: 0.1, thin: 0 },
  *finish(canvas, random) {
    const source = canvas.copy()
    yield* strokes(canvas, source, random, 13, 0)
    yield* strokes(canvas, source, random, 7, 0.035)
    yield* strokes(canvas, source, random, 3.6, 0.075)
    yield* weave(canvas)
  },
}

function lightAt({ data, width, height }: Canvas, x: number, y: number): number {
  const column = Math.max(0, Math.min(width - 1, Math.round(x)))
  const row = Math.max(0, Math.min(height - 1, Math.round(y)))
  const at = (row * width + column) * 3
  return brightnessOf([data[at]!, data[at + 1]!, data[at + 2]!])
}

/** One layer of strokes of half-width `size`, only where the painting is off by more than `need`. */
function* strokes(canvas: Canvas, source: Canvas, random: () => number, size: number, need: number): Work {
  const { width, height, unit } = canvas
  const radius = size * unit
  const step = radius * 1.15
  const noise = cloudNoise()
  for (let gridY = 0; gridY < height + step; gridY += step) {
    for (let gridX = 0; gridX < width + step; gridX += step) {
      const x = Math.min(width - 1, Math.max(0, gridX + (random() - 0.5) * step))
      const y = Math.min(height - 1, Math.max(0, gridY + (random() - 0.5) * step))
      const tone = 1 + (random() - 0.5) * 0.13
      const wild = random()
      if (need > 0 && difference(canvas, source, x, y) < need && wild > 0.04) continue
      const across = lightAt(source, x + radius, y) - lightAt(source, x - radius, y)
      const down = lightAt(source, x, y + radius) - lightAt(source, x, y - radius)
      const strength = Math.hypot(across, down)
      const flow = (noise.at(x / (6 * unit), y / (6 * unit)) - 0.5) * 2.6
      const angle = strength > 0.04 ? Math.atan2(across, -down) : flow
      yield layStroke(canvas, source, x, y, radius, angle, tone, strength)
    }
  }
}

function difference(canvas: Canvas, source: Canvas, x: number, y: number): number {
  const at = (Math.round(y) * canvas.width + Math.round(x)) * 3
  return (
    Math.abs(canvas.data[at]! - source.data[at]!) +
    Math.abs(canvas.data[at + 1]! - source.data[at + 1]!) +
    Math.abs(canvas.data[at + 2]! - source.data[at + 2]!)
  )
}

function layStroke(
  canvas: Canvas,
  source: Canvas,
  x: number,
  y: number,
  radius: number,
  angle: number,
  tone: number,
  strength: number,
): number {
  const { width, height, data } = canvas
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const long = radius * (strength > 0.04 ? 2 : 2.7)
  const reachX = Math.abs(cos) * long + Math.abs(sin) * radius
  const reachY = Math.abs(sin) * long + Math.abs(cos) * radius
  const from = (Math.round(y) * width + Math.round(x)) * 3
  const [red, green, blue] = [
    source.data[from]! * tone,
    source.data[from + 1]! * tone,
    source.data[from + 2]! * tone,
  ]
  const fromY = Math.max(0, Math.ceil(y - reachY))
  const toY = Math.min(height - 1, Math.floor(y + reachY))
  const fromX = Math.max(0, Math.ceil(x - reachX))
  const toX = Math.min(width - 1, Math.floor(x + reachX))
  const bristles = grainNoise()
  const seed = x * 3.1 + y
  for (let atY = fromY; atY <= toY; atY++) {
    for (let atX = fromX; atX <= toX; atX++) {
      const along = ((atX - x) * cos + (atY - y) * sin) / long
      const side = (-(atX - x) * sin + (atY - y) * cos) / radius
      const round = along * along * along * along + side * side
      if (round >= 1) continue
      const hair = bristles.at(seed + side * 9, along * 3 + seed) - 0.5
      const alpha = clamp01((1 - round) * 4) * clamp01(0.95 + hair * 0.9 - Math.max(0, along) * 0.5)
      // Paint stands up along the stroke: lit on one flank, dark on the other.
      const relief = 1 - side * 0.055 + hair * 0.16
      const at = (atY * width + atX) * 3
      data[at]! += (red * relief - data[at]!) * alpha
      data[at + 1]! += (green * relief - data[at + 1]!) * alpha
      data[at + 2]! += (blue * relief - data[at + 2]!) * alpha
    }
  }
  return (toY - fromY + 1) * (toX - fromX + 1)
}

/** The weave of the linen, faintly. */
function* weave(canvas: Canvas): Work {
  const { width, height, data, unit } = canvas
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const thread = Math.sin((x / unit) * 2.1) * Math.sin((y / unit) * 2.1) * 0.018
      const at = (y * width + x) * 3
      data[at]! *= 1 + thread
      data[at + 1]! *= 1 + thread
      data[at + 2]! *= 1 + thread
    }
    yield width
  }
}
