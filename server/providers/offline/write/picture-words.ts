import type { Measured } from '../measure.ts'
import type { PicturePhrases } from './picture-phrases.ts'

/** What the numbers say in words: "mostly deep blue and orange, rather dark, brightest in the upper third". */
export function pictureWords(measured: Measured, phrases: PicturePhrases): string {
  return [
    phrases.mostly(mainColours(measured, phrases)),
    brightnessWord(measured.brightness, phrases),
    colourfulness(measured, phrases),
    brightestPart(measured, phrases),
  ]
    .filter((part) => part !== '')
    .join(', ')
}

/** The two or three colours that cover most. */
export function mainColours({ colours }: Measured, phrases: PicturePhrases): string {
  const [first] = colours
  if (!first) return phrases.oneTone
  const others = colours.slice(1, 3).filter(({ share }) => share > 0.09)
  return phrases.listed([first, ...others].map(({ name }) => phrases.colour(name)))
}

function brightnessWord(brightness: number, { brightness: words }: PicturePhrases): string {
  if (brightness < 0.18) return words[0]
  if (brightness < 0.38) return words[1]
  if (brightness < 0.6) return words[2]
  return brightness < 0.8 ? words[3] : words[4]
}

function colourfulness({ saturation }: Measured, phrases: PicturePhrases): string {
  if (saturation < 0.05) return phrases.colourless
  return saturation > 0.45 ? phrases.colourful : ''
}

function brightestPart({ thirds }: Measured, phrases: PicturePhrases): string {
  const most = Math.max(...thirds)
  if (most - Math.min(...thirds) < 0.05) return phrases.evenlyLit
  const [upper, middle] = thirds
  if (most === upper) return phrases.brightest[0]
  return most === middle ? phrases.brightest[1] : phrases.brightest[2]
}
