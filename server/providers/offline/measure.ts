import { openPicture, withSharp } from '../../images/sharp.ts'
import { brightnessOf, type Rgb, toHsl } from './draw/colour.ts'

/** What a picture looks like in numbers. */
export interface Measured {
  width: number
  height: number
  /** 0 black to 1 white. */
  brightness: number
  /** Brightness of the upper, middle and lower third. */
  thirds: readonly [upper: number, middle: number, lower: number]
  /** 0 grey to 1 pure colour, on average. */
  saturation: number
  /** The colours that cover most, largest first; shares add up to at most 1. */
  colours: readonly { name: string; share: number; rgb: Rgb }[]
}

const side = 48

/**
 * Measures a PNG, JPEG or WebP picture on a small copy.
 * @throws sharp's error when the bytes are no such picture
 */
export async function measurePicture(bytes: Uint8Array): Promise<Measured> {
  return withSharp(async (sharp) => {
    const picture = openPicture(sharp, bytes)
    const { autoOrient } = await picture.metadata()
    const pixels = await picture
      .resize(side, side, { fit: 'fill' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw()
      .toBuffer()
    return { width: autoOrient.width, height: autoOrient.height, ...measurePixels(pixels) }
  })
}

function measurePixels(pixels: Uint8Array): Omit<Measured, 'width' | 'height'> {
  const count = side * side
  const thirds: [number, number, number] = [0, 0, 0]
  const groups = new Map<string, { sum: [number, number, number]; count: number }>()
  let saturation = 0
  for (let at = 0; at < count; at++) {
    const colour: Rgb = [pixels[at * 3]! / 255, pixels[at * 3 + 1]! / 255, pixels[at * 3 + 2]! / 255]
    const third = Math.min(2, Math.floor((Math.floor(at / side) * 3) / side))
    thirds[third]! += brightnessOf(colour)
    saturation += Math.max(...colour) - Math.min(...colour)
    const name = colourName(colour)
    const group = groups.get(name) ?? { sum: [0, 0, 0], count: 0 }
    for (let channel = 0; channel < 3; channel++) group.sum[channel]! += colour[channel]!
    group.count++
    groups.set(name, group)
  }
  const colours = [...groups]
    .map(([name, { sum, count: own }]) => ({
      name,
      share: own / count,
      rgb: [sum[0] / own, sum[1] / own, sum[2] / own] as const,
    }))
    .toSorted((one, other) => other.share - one.share || one.name.localeCompare(other.name))
    .slice(0, 6)
  const brightness = (thirds[0] + thirds[1] + thirds[2]) / count
  const perThird = count / 3
  return {
    brightness,
    thirds: [thirds[0] / perThird, thirds[1] / perThird, thirds[2] / perThird],
    saturation: saturation / count,
    colours,
  }
}

const hues: readonly (readonly [until: number, name: string])[] = [
  [14, 'red'],
  [40, 'orange'],
  [66, 'yellow'],
  [160, 'green'],
  [195, 'teal'],
  [252, 'blue'],
  [290, 'purple'],
  [338, 'pink'],
  [361, 'red'],
]

/** A colour in everyday words, such as "deep blue" or "pale orange". */
function colourName(colour: Rgb): string {
  const { hue, saturation, lightness } = toHsl(colour)
  const spread = Math.max(...colour) - Math.min(...colour)
  if (lightness < 0.09) return 'black'
  if (lightness > 0.93 && spread < 0.12) return 'white'
  if (spread < 0.07 || saturation < 0.09)
    return lightness < 0.35 ? 'dark grey' : lightness > 0.72 ? 'pale grey' : 'grey'
  const name = hues.find(([until]) => hue < until)?.[1] ?? 'red'
  if (name === 'orange' && lightness < 0.42) return lightness < 0.22 ? 'dark brown' : 'brown'
  if (name === 'yellow' && lightness < 0.38) return 'olive'
  if (lightness < 0.32) return `deep ${name}`
  if (lightness > 0.76) return `pale ${name}`
  if (spread < 0.18) return `greyish ${name}`
  return name
}
