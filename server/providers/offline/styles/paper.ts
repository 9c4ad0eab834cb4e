import type { Canvas } from '../draw/canvas.ts'
import { cloudNoise, grainNoise } from '../draw/noise.ts'
import type { Work } from '../draw/work.ts'

/** Lays the tooth of a sheet over the picture; `amount` 0 to 1. Dark paint takes more of it than white paper. */
export function* paperGrain(canvas: Canvas, amount: number, coarse = 1): Work {
  const { width, height, data, unit } = canvas
  const grain = grainNoise()
  const cloud = cloudNoise()
  const fine = 1 / (1.15 * coarse * unit)
  const broad = 1 / (0.42 * unit)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const tooth = grain.at(x * fine, y * fine) - 0.5
      const felt = cloud.at(x * broad, y * broad) - 0.5
      const light = 1 + (tooth * 0.9 + felt * 0.18) * amount
      const at = (y * width + x) * 3
      data[at]! *= light
      data[at + 1]! *= light
      data[at + 2]! *= light
    }
    yield width
  }
}
