import type { Measured } from '../measure.ts'
import { listed } from './sentences.ts'

/** What the numbers say in words: "mostly deep blue and orange, rather dark, brightest in the upper third". */
export function pictureWords(measured: Measured): string {
  return [
    `mostly ${mainColours(measured)}`,
    brightnessWord(measured.brightness),
    colourfulness(measured),
    brightestPart(measured),
  ]
    .filter((part) => part !== '')
    .join(', ')
}

/** The two or three colours that cover most. */
export function mainColours({ colours }: Measured): string {
  const [first] = colours
  if (!first) return 'one even tone'
  const others = colours.slice(1, 3).filter(({ share }) => share > 0.09)
  return listed([first, ...others].map(({ name }) => name))
}

function brightnessWord(brightness: number): string {
  if (brightness < 0.18) return 'very dark'
  if (brightness < 0.38) return 'rather dark'
  if (brightness < 0.6) return 'of middling brightness'
  if (brightness < 0.8) return 'bright'
  return 'very bright'
}

function colourfulness({ saturation }: Measured): string {
  if (saturation < 0.05) return 'almost without colour'
  return saturation > 0.45 ? 'strong in colour' : ''
}

function brightestPart({ thirds }: Measured): string {
  const most = Math.max(...thirds)
  if (most - Math.min(...thirds) < 0.05) return 'evenly lit'
  const [upper, middle] = thirds
  if (most === upper) return 'brightest in the upper third'
  return most === middle ? 'brightest across the middle' : 'brightest in the lower third'
}
