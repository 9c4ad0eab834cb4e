/** Red, green and blue, each 0 to 1, as sRGB encodes them. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** Reads `#rrggbb`. */
export function hex(code: string): Rgb {
  const value = Number.parseInt(code.slice(1), 16)
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

export const white: Rgb = [1, 1, 1]
const black: Rgb = [0, 0, 0]

/** `share` 0 is the first colour, 1 the second. */
export function mix(first: Rgb, second: Rgb, share: number): Rgb {
  return [
    first[0] + (second[0] - first[0]) * share,
    first[1] + (second[1] - first[1]) * share,
    first[2] + (second[2] - first[2]) * share,
  ]
}

export function lighter(colour: Rgb, share: number): Rgb {
  return mix(colour, white, share)
}

export function darker(colour: Rgb, share: number): Rgb {
  return mix(colour, black, share)
}

/** How bright a colour looks, 0 to 1 (Rec. 709 weights on the encoded values). */
export function brightnessOf([red, green, blue]: Rgb): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Hue in degrees, saturation and lightness 0 to 1. */
export interface Hsl {
  hue: number
  saturation: number
  lightness: number
}

export function toHsl([red, green, blue]: Rgb): Hsl {
  const most = Math.max(red, green, blue)
  const least = Math.min(red, green, blue)
  const spread = most - least
  const lightness = (most + least) / 2
  if (spread < 1e-6) return { hue: 0, saturation: 0, lightness }
  const saturation = spread / (1 - Math.abs(2 * lightness - 1) + 1e-6)
  const sector =
    most === red
      ? (green - blue) / spread + (green < blue ? 6 : 0)
      : most === green
        ? (blue - red) / spread + 2
        : (red - green) / spread + 4
  return { hue: sector * 60, saturation: Math.min(1, saturation), lightness }
}

export function fromHsl({ hue, saturation, lightness }: Hsl): Rgb {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  const channel = (offset: number): number => {
    const place = (offset + hue / 30) % 12
    return lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1))
  }
  return [channel(0), channel(8), channel(4)]
}

/** Pushes a colour away from grey (`amount` above 1) or towards it (below 1). */
export function saturate(colour: Rgb, amount: number): Rgb {
  const grey = brightnessOf(colour)
  return [
    clamp01(grey + (colour[0] - grey) * amount),
    clamp01(grey + (colour[1] - grey) * amount),
    clamp01(grey + (colour[2] - grey) * amount),
  ]
}

export function clamp01(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothstep(from: number, to: number, value: number): number {
  const share = clamp01((value - from) / (to - from))
  return share * share * (3 - 2 * share)
}
