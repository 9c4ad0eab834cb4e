import { randomFrom } from '../seed.ts'

/** Texels on each side of a tile; a power of two, so that wrapping is one bit mask. */
const side = 256
const wrap = side - 1

/** A square of smooth noise that repeats without a seam. */
export class NoiseTile {
  readonly #values: Float32Array

  constructor(values: Float32Array) {
    this.#values = values
  }

  /** Noise in [0, 1] at a place in texels; the tile repeats every 256. */
  at(x: number, y: number): number {
    const left = Math.floor(x)
    const top = Math.floor(y)
    const across = x - left
    const down = y - top
    const x0 = left & wrap
    const x1 = (left + 1) & wrap
    const y0 = (top & wrap) * side
    const y1 = ((top + 1) & wrap) * side
    const values = this.#values
    // Wrapped by the mask, so always inside the tile.
    const upper = values[y0 + x0]! + (values[y0 + x1]! - values[y0 + x0]!) * across
    const lower = values[y1 + x0]! + (values[y1 + x1]! - values[y1 + x0]!) * across
    return upper + (lower - upper) * down
  }
}

let cloudTile: NoiseTile | undefined
let grainTile: NoiseTile | undefined

/** Soft, cloud-like noise with blobs of 64 texels and detail down to 8; made once, the same in every process. */
export function cloudNoise(): NoiseTile {
  cloudTile ??= new NoiseTile(stretched(layered([4, 8, 16, 32], 0.52, 11)))
  return cloudTile
}

/** Fine noise for paper, canvas and film: detail of one to four texels. */
export function grainNoise(): NoiseTile {
  grainTile ??= new NoiseTile(stretched(layered([64, 128, 256], 0.8, 23)))
  return grainTile
}

function layered(cellCounts: readonly number[], gain: number, seed: number): Float32Array {
  const values = new Float32Array(side * side)
  let strength = 1
  for (const [octave, cells] of cellCounts.entries()) {
    addOctave(values, cells, strength, randomFrom(seed + octave * 101))
    strength *= gain
  }
  return values
}

function addOctave(values: Float32Array, cells: number, strength: number, random: () => number): void {
  const lattice = Float32Array.from({ length: cells * cells }, random)
  const step = cells / side
  for (let y = 0; y < side; y++) {
    const cellY = Math.floor(y * step)
    const down = eased(y * step - cellY)
    const row0 = (cellY % cells) * cells
    const row1 = ((cellY + 1) % cells) * cells
    for (let x = 0; x < side; x++) {
      const cellX = Math.floor(x * step)
      const across = eased(x * step - cellX)
      const col0 = cellX % cells
      const col1 = (cellX + 1) % cells
      const upper = lattice[row0 + col0]! + (lattice[row0 + col1]! - lattice[row0 + col0]!) * across
      const lower = lattice[row1 + col0]! + (lattice[row1 + col1]! - lattice[row1 + col0]!) * across
      values[y * side + x]! += strength * (upper + (lower - upper) * down)
    }
  }
}

function eased(share: number): number {
  return share * share * share * (share * (share * 6 - 15) + 10)
}

function stretched(values: Float32Array): Float32Array {
  let least = Infinity
  let most = -Infinity
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return values.map((value) => (value - least) / (most - least))
}

/**
 * A line of layered noise: `count` values in about [0, 1] with `waves` broad waves and five finer octaves.
 * `sharp` 0 gives rolling hills, 1 gives crests.
 */
export function noiseLine(
  count: number,
  waves: number,
  sharp: number,
  random: () => number,
  gain = 0.5,
): Float32Array {
  const line = new Float32Array(count)
  let strength = 1
  let total = 0
  let frequency = waves
  for (let octave = 0; octave < 6; octave++) {
    const knots = Float32Array.from({ length: Math.ceil(frequency) + 3 }, random)
    for (let at = 0; at < count; at++) {
      const place = (at / count) * frequency
      const knot = Math.floor(place)
      const share = eased(place - knot)
      const smooth = knots[knot]! + (knots[knot + 1]! - knots[knot]!) * share
      const crest = 1 - Math.abs(2 * smooth - 1)
      line[at]! += strength * (smooth + (crest - smooth) * sharp)
    }
    total += strength
    strength *= gain
    frequency *= 2.03
  }
  return line.map((value) => value / total)
}
