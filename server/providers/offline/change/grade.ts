import type { Canvas } from '../draw/canvas.ts'
import { brightnessOf, clamp01, fromHsl, mix, type Rgb, saturate, toHsl } from '../draw/colour.ts'
import type { Work } from '../draw/work.ts'
import type { Mood } from '../scene.ts'

/** Gives every pixel a new colour; `down` is 0 at the upper edge and 1 at the lower. */
function* eachPixel(canvas: Canvas, change: (colour: Rgb, down: number) => Rgb): Work {
  const { width, height, data } = canvas
  for (let y = 0; y < height; y++) {
    const down = y / height
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      const [red, green, blue] = change([data[at]!, data[at + 1]!, data[at + 2]!], down)
      data[at] = red
      data[at + 1] = green
      data[at + 2] = blue
    }
    yield width
  }
}

export function* mood(canvas: Canvas, name: Mood, amount: number): Work {
  switch (name) {
    case 'dark': {
      const power = 1 + 0.4 * amount
      const level = 1 - 0.16 * amount
      return yield* eachPixel(canvas, (colour) => curved(colour, power, level))
    }
    case 'bright': {
      const power = 1 / (1 + 0.42 * amount)
      return yield* eachPixel(canvas, (colour) => mix(curved(colour, power, 1), [1, 1, 1], 0.05 * amount))
    }
    case 'vivid':
      return yield* eachPixel(canvas, (colour) => saturate(colour, 1 + 0.5 * amount))
    case 'muted':
      return yield* eachPixel(canvas, (colour) => saturate(colour, 1 - Math.min(0.9, 0.5 * amount)))
    case 'warm':
      return yield* eachPixel(canvas, ([red, green, blue]) => [
        clamp01(red * (1 + 0.1 * amount) + 0.025 * amount),
        clamp01(green * (1 + 0.015 * amount)),
        clamp01(blue * (1 - 0.17 * amount)),
      ])
    case 'cool':
      return yield* eachPixel(canvas, ([red, green, blue]) => [
        clamp01(red * (1 - 0.16 * amount)),
        clamp01(green * (1 - 0.015 * amount)),
        clamp01(blue * (1 + 0.1 * amount) + 0.03 * amount),
      ])
  }
}

function curved([red, green, blue]: Rgb, power: number, level: number): Rgb {
  return [clamp01(red) ** power * level, clamp01(green) ** power * level, clamp01(blue) ** power * level]
}

export function* contrast(canvas: Canvas, amount: number): Work {
  const gain = amount > 0 ? 1 + 0.35 * amount : 1 / (1 - 0.4 * amount)
  const push = (value: number): number => clamp01((value - 0.5) * gain + 0.5)
  yield* eachPixel(canvas, ([red, green, blue]) => [push(red), push(green), push(blue)])
}

export function* grey(canvas: Canvas): Work {
  yield* eachPixel(canvas, (colour) => {
    const light = clamp01(brightnessOf(colour))
    const curve = light + (light * light * (3 - 2 * light) - light) * 0.35
    return [curve, curve, curve]
  })
}

export function* sepia(canvas: Canvas): Work {
  yield* eachPixel(canvas, (colour) => {
    const light = clamp01(brightnessOf(colour))
    return [clamp01(light * 1.04 + 0.06), clamp01(light * 0.9 + 0.03), clamp01(light * 0.7)]
  })
}

export function* invert(canvas: Canvas): Work {
  yield* eachPixel(canvas, ([red, green, blue]) => [1 - clamp01(red), 1 - clamp01(green), 1 - clamp01(blue)])
}

/** Pulls all hues to one, keeping what is light light and what is dark dark. */
export function* tinted(canvas: Canvas, wish: Rgb, share: number): Work {
  const { hue, saturation } = toHsl(wish)
  yield* eachPixel(canvas, (colour) => {
    const lightness = (Math.max(...colour) + Math.min(...colour)) / 2
    return mix(colour, fromHsl({ hue, saturation, lightness: clamp01(lightness) }), share)
  })
}

/** What a weather takes from the light. */
export function* fade(canvas: Canvas, weather: 'fog' | 'rain' | 'snow'): Work {
  const [colour, level, share]: readonly [number, number, Rgb] =
    weather === 'fog'
      ? [0.65, 1, [0.86, 0.88, 0.88]]
      : weather === 'rain'
        ? [0.6, 0.8, [0.5, 0.56, 0.62]]
        : [0.72, 1.02, [0.86, 0.9, 0.95]]
  yield* eachPixel(canvas, (own) => {
    const calm = mix(saturate(own, colour), share, 0.2)
    return [calm[0] * level, calm[1] * level, calm[2] * level]
  })
}

/** Another time of day, by grading alone. */
export function* lit(canvas: Canvas, light: 'night' | 'dusk' | 'sunrise'): Work {
  const [above, below, share]: readonly [Rgb, Rgb, number] =
    light === 'night'
      ? [[0.1, 0.16, 0.42], [0.16, 0.22, 0.44], 0.78]
      : light === 'dusk'
        ? [[0.45, 0.28, 0.56], [1, 0.58, 0.36], 0.55]
        : [[0.62, 0.68, 0.86], [1, 0.8, 0.58], 0.42]
  const level = light === 'night' ? 1.1 : light === 'dusk' ? 1.25 : 1.2
  // Moonlight leaves the dark parts black: only what was bright keeps a shimmer.
  const power = light === 'night' ? 1.7 : 1
  yield* eachPixel(canvas, (own, down) => {
    const wash = mix(above, below, Math.min(1, down * 1.6))
    const bright = clamp01(brightnessOf(own)) ** power * level
    const toned: Rgb = [
      clamp01(wash[0] * bright + 0.01),
      clamp01(wash[1] * bright + 0.01),
      clamp01(wash[2] * bright + 0.03),
    ]
    return mix(own, toned, share)
  })
}
