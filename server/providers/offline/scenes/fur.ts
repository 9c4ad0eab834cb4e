import type { Brush } from '../draw/brush.ts'
import { cloudNoise } from '../draw/noise.ts'
import { mottled, type Shader } from '../draw/shader.ts'

/** A coat's colours with short hairs in them. */
export function fur(brush: Brush, base: Shader): Shader {
  return mottled(base, cloudNoise(), 0.5 * brush.unit, 0.12, 0.45)
}
