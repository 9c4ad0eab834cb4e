import { lighter, mix, smoothstep } from '../draw/colour.ts'
import { cloudNoise } from '../draw/noise.ts'
import { type Shader, solid } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import type { Stage } from './stage.ts'

/** Turns everything below `shore` into still water that mirrors what is above it. */
export function* mirror({ brush, palette }: Stage, shore: number): Work {
  const { width, height, data } = brush.canvas
  const { unit } = brush
  const noise = cloudNoise()
  const shift = brush.random() * 256
  const first = Math.round(shore)
  for (let y = first; y < height; y++) {
    const depth = (y - shore) / (height - shore)
    const sourceY = Math.max(0, Math.round(shore - (y - shore) * 0.92) - 1)
    const tint = 0.16 + 0.34 * depth
    for (let x = 0; x < width; x++) {
      const wave = noise.at(x / (3.2 * unit), y / ((0.25 + 0.5 * depth) * unit) + shift) - 0.5
      const fromX = Math.max(0, Math.min(width - 1, Math.round(x + wave * (5 + 42 * depth) * unit)))
      const fromY = Math.max(0, Math.min(first - 1, Math.round(sourceY + wave * 26 * depth * unit)))
      const from = (fromY * width + fromX) * 3
      const to = (y * width + x) * 3
      data[to] = data[from]! * (1 - tint) + palette.deep[0] * tint
      data[to + 1] = data[from + 1]! * (1 - tint) + palette.deep[1] * tint
      data[to + 2] = data[from + 2]! * (1 - tint) + palette.deep[2] * tint
    }
    yield width * 2
  }
}

/** Light lines on water; `strength` 0 to 1. */
export function* ripples({ brush, palette }: Stage, shore: number, strength: number): Work {
  const { width, height, unit } = brush
  for (let at = 0; at < 130; at++) {
    const depth = brush.random() ** 1.4
    const y = shore + depth * (height - shore)
    const x = brush.random() * width
    const long = (16 + 130 * depth) * brush.between(0.4, 1) * unit
    const thick = (0.8 + 2.4 * depth) * unit
    yield* brush.line(
      [
        [x - long, y],
        [x, y + brush.between(-1, 1) * unit],
        [x + long, y],
      ],
      thick * 0.3,
      thick,
      solid(lighter(palette.horizon, 0.15)),
      { alpha: strength * brush.between(0.1, 0.5) },
    )
  }
}

/** Open sea: darker towards the viewer, with swell, sun glitter below (`sunX`) and the sky's light in it. */
export function seaShader({ brush, palette, scene }: Stage, horizon: number, sunX: number): Shader {
  const noise = cloudNoise()
  const { unit, height, width } = brush
  const shift = brush.random() * 256
  const rough = scene.weather === 'storm' ? 2 : 1
  return (x, y) => {
    const depth = (y - horizon) / (height - horizon)
    const size = 0.35 + 2.6 * depth
    const swell = noise.at(x / (size * 4.5 * unit) + shift, y / (size * 0.8 * unit) + shift) - 0.5
    const chop = noise.at(x / (size * 1.4 * unit), y / (size * 0.42 * unit) + shift) - 0.5
    const wave = (swell * 0.75 + chop * 0.45) * rough
    const body = mix(
      mix(palette.water, palette.horizon, 0.4 * (1 - depth) ** 3),
      palette.deep,
      smoothstep(0, 1, depth * 0.95 + 0.08),
    )
    const lit = mix(
      body,
      mix(palette.sky, palette.horizon, 0.5),
      Math.max(0, Math.min(0.65, 0.06 + wave * 0.95)),
    )
    const dark = mix(lit, palette.deep, Math.max(0, Math.min(0.75, -wave * 1.15)))
    const spread = width * (0.03 + 0.14 * depth)
    const near = Math.max(0, 1 - Math.abs(x - sunX) / spread)
    const glitter = near * smoothstep(0.02, 0.3, chop + swell * 0.5 + 0.1) * (1 - 0.35 * depth)
    return mix(dark, mix(palette.glow, palette.orb, 0.5), Math.min(0.9, glitter * 0.9))
  }
}
