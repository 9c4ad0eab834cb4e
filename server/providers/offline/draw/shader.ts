import { type Rgb, mix, smoothstep } from './colour.ts'
import type { NoiseTile } from './noise.ts'

/** The colour of a place on the picture, in pixels. */
export type Shader = (x: number, y: number) => Rgb

export function solid(colour: Rgb): Shader {
  return () => colour
}

export interface Stop {
  y: number
  colour: Rgb
}

/** Colours from top to bottom, `stops` in order of `y`. */
export function vertical(...stops: readonly Stop[]): Shader {
  // One entry per row that was asked for: neighbours in a row share it.
  const rows = new Map<number, Rgb>()
  return (_x, y) => {
    const known = rows.get(y)
    if (known) return known
    const colour = colourAt(stops, y)
    rows.set(y, colour)
    return colour
  }
}

function colourAt(stops: readonly Stop[], y: number): Rgb {
  let above = stops[0]!
  for (const stop of stops) {
    if (y < stop.y)
      return stop.y === above.y
        ? stop.colour
        : mix(above.colour, stop.colour, (y - above.y) / (stop.y - above.y))
    above = stop
  }
  return above.colour
}

/** Two colours, left and right of a soft border at `x`: a lit side and one in shadow. */
export function sided(x: number, softness: number, left: Rgb, right: Rgb): Shader {
  return (at) => mix(left, right, smoothstep(x - softness, x + softness, at))
}

/** A round body lit from one side; `x`, `y`, `radius` in pixels. */
export function rounded(
  x: number,
  y: number,
  radius: number,
  light: Rgb,
  shade: Rgb,
  towards = -0.45,
): Shader {
  return (atX, atY) => {
    const distance = Math.hypot(atX - (x + radius * towards), atY - (y - radius * 0.45)) / radius
    return mix(light, shade, smoothstep(0.1, 1.75, distance))
  }
}

/** Another shader's colours with the light and dark of a noise laid over; `size` is the pixels of one texel. */
export function mottled(
  base: Shader,
  noise: NoiseTile,
  size: number,
  amount: number,
  stretch = 1,
  shift = 0,
): Shader {
  return (x, y) => {
    const [red, green, blue] = base(x, y)
    const light = 1 + (noise.at(x / size + shift, (y / size) * stretch + shift) - 0.5) * 2 * amount
    return [red * light, green * light, blue * light]
  }
}
