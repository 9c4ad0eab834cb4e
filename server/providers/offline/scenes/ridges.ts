import type { Brush } from '../draw/brush.ts'
import { darker, lighter, mix, type Rgb, smoothstep } from '../draw/colour.ts'
import { cloudNoise, noiseLine } from '../draw/noise.ts'
import type { Shader } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import type { Palette } from '../palette.ts'
import type { Stage } from './stage.ts'

/** Heights of rolling land: one y per column, about `level`, rising up to `rise` above it. */
export function rollingLine(
  brush: Brush,
  level: number,
  rise: number,
  waves: number,
  sharp = 0,
): Float32Array {
  return noiseLine(brush.width, waves, sharp, brush.random, 0.36).map(
    (value) => level - (value - 0.35) * rise,
  )
}

/** Heights of a far range with crests. */
export function crestLine(brush: Brush, level: number, rise: number, waves: number): Float32Array {
  return noiseLine(brush.width, waves, 0.75, brush.random, 0.48).map((value) => level - (value - 0.35) * rise)
}

/** Land that is `colour` at its crest and fades into haze below, with soft darker patches. */
export function landShader(
  brush: Brush,
  heights: Float32Array,
  colour: Rgb,
  foot: Rgb,
  depth: number,
  texture = 0.1,
): Shader {
  const noise = cloudNoise()
  const scale = 1 / (1.7 * brush.unit)
  const shift = brush.random() * 256
  return (x, y) => {
    const below = y - heights[Math.floor(x)]!
    const [red, green, blue] = mix(colour, foot, smoothstep(0, depth, below))
    const light = 1 + (noise.at(x * scale * 0.6 + shift, y * scale * 1.6) - 0.5) * 2 * texture
    return [red * light, green * light, blue * light]
  }
}

/** A mountain: one top, and the ground's height under each column. */
interface Peak {
  x: number
  top: number
  heights: Float32Array
  seed: number
  /** 0 the nearest, 1 the farthest. */
  distance: number
}

/**
 * Raises one main peak with lower ones behind it.
 * @param main share of the width where the main peak stands
 */
function raisePeaks(brush: Brush, foot: number, rise: number, main: number): Peak[] {
  const { width } = brush
  const peaks: Peak[] = []
  for (let at = 3; at >= 0; at--) {
    const side = at % 2 === 0 ? -1 : 1
    const away = 0.2 + 0.13 * Math.floor(at / 2) + brush.between(-0.03, 0.05)
    peaks.push(
      raisePeak(brush, (main + side * away) * width, foot, rise * brush.between(0.46, 0.74), 0.4 + at * 0.15),
    )
  }
  peaks.push(raisePeak(brush, main * width, foot, rise, 0))
  return peaks
}

function raisePeak(brush: Brush, x: number, foot: number, rise: number, distance: number): Peak {
  const { width } = brush
  const steep = (): number => brush.between(0.8, 1.15) * (rise / (brush.height * 0.3 + rise * 0.42))
  const [left, right] = [steep(), steep()]
  const jag = noiseLine(width, 9, 0.85, brush.random, 0.56)
  const top = foot - rise
  const heights = jag.map((crag, column) => {
    const away = column - x
    const fall = Math.abs(away) * (away < 0 ? left : right)
    // Flanks run out in a curve, and break into crags away from the top.
    const curve = fall * (1 - 0.24 * Math.min(1, fall / rise))
    return top + curve - (crag - 0.5) * rise * 0.26 * smoothstep(0, rise * 0.25, fall)
  })
  return { x, top, heights, seed: brush.random() * 256, distance }
}

/** Paints a massif lit from `lightFrom` (-1 left, 1 right), snow on the upper `snowShare` of each mountain. */
export function* paintMassif(
  { brush, palette }: Stage,
  plan: { foot: number; rise: number; main: number; lightFrom: number; snowShare: number },
): Work {
  for (const peak of raisePeaks(brush, plan.foot, plan.rise, plan.main)) {
    const shader = peakShader(brush, peak, palette, plan.lightFrom, plan.foot, plan.snowShare)
    yield* brush.below(peak.heights, shader, { bottom: plan.foot, thin: false })
  }
}

function peakShader(
  brush: Brush,
  peak: Peak,
  palette: Palette,
  lightFrom: number,
  foot: number,
  snowShare: number,
): Shader {
  const noise = cloudNoise()
  const { unit } = brush
  const rise = foot - peak.top
  const away = (colour: Rgb): Rgb => mix(colour, mix(palette.haze, palette.far, 0.45), peak.distance * 0.85)
  const lit = away(
    mix(lighter(palette.rock, 0.16 + 0.1 * palette.daylight), palette.glow, 0.2 * palette.daylight),
  )
  const shade = away(mix(darker(palette.rock, 0.28), palette.far, 0.35))
  const snowLit = away(mix(palette.snow, palette.glow, 0.12))
  const snowShade = away(mix(palette.snow, mix(palette.far, palette.zenith, 0.5), 0.52))
  const { seed } = peak
  return (x, y) => {
    const down = y - peak.top
    // The crest wanders down from the top; ribs branch off it.
    const wander = (noise.at(y / (2.2 * unit), seed) - 0.5) * (8 * unit + down * 0.9)
    const rib = noise.at(x / (1.3 * unit) + (y * lightFrom) / (2.4 * unit), y / (3.6 * unit) + seed) - 0.5
    const fine = noise.at(x / (0.55 * unit) + seed, y / (0.75 * unit)) - 0.5
    const side = (x - peak.x - wander) * lightFrom
    const slope = side + rib * (30 * unit + down * 1.15) + fine * (8 * unit + down * 0.16)
    const light = smoothstep(-3 * unit, 3 * unit, slope)
    const line = rise * snowShare * (0.6 + 0.8 * noise.at(x / (0.9 * unit), seed + y / (1.5 * unit)))
    const snow = smoothstep(4 * unit, -4 * unit, down - line + (rib * 70 + fine * 46) * unit)
    const rock = mix(shade, lit, light)
    const colour = snow > 0 ? mix(rock, mix(snowShade, snowLit, light), snow) : rock
    const [red, green, blue] = mix(colour, palette.haze, smoothstep(0.35, 1.02, down / rise) * 0.78)
    const texture = 1 + fine * 0.12
    return [red * texture, green * texture, blue * texture]
  }
}
