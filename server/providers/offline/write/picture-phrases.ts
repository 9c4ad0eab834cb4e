import type { Language } from '../../../contract/language.ts'

/** The words for how a picture looks. Colours come by the names that `measure.ts` gives them. */
export interface PicturePhrases {
  colour(name: string): string
  listed(items: readonly string[]): string
  mostly(colours: string): string
  oneTone: string
  /** From the darkest to the brightest, five of them. */
  brightness: readonly [string, string, string, string, string]
  colourless: string
  colourful: string
  evenlyLit: string
  /** Where it is brightest: upper third, middle, lower third. */
  brightest: readonly [string, string, string]
  /** What stands before one picture's size, and before the list of several. */
  one: string
  several(count: number): string
  name(number: number): string
  described(sentence: string): string
  limits: string
  unseen: string
  titled(colours: string): string
  /** Of a picture without a prompt. */
  shaped(shape: 'wide' | 'tall' | 'square', looks: string): string
  soFar(told: readonly string[]): string
  justBegun: string
}

/** What `mostly` begins with, in any language: the measured part of a description starts here. */
export const measuredPart = /; (?:mostly|vor allem) .*$/

const english: PicturePhrases = {
  colour: (name) => name,
  listed: (items) => joined(items, 'and'),
  mostly: (colours) => `mostly ${colours}`,
  oneTone: 'one even tone',
  brightness: ['very dark', 'rather dark', 'of middling brightness', 'bright', 'very bright'],
  colourless: 'almost without colour',
  colourful: 'strong in colour',
  evenlyLit: 'evenly lit',
  brightest: ['brightest in the upper third', 'brightest across the middle', 'brightest in the lower third'],
  one: 'I see 1 picture, ',
  several: (count) => `I see ${count} pictures:\n\n`,
  name: (number) => `Picture ${number}`,
  described: (sentence) => `It is described as: ${sentence}`,
  limits:
    'More than colours, light and the description I cannot tell: I measure pictures, I do not recognise things.',
  unseen: 'Picture\nA picture that could not be looked at.',
  titled: (colours) => `${colours} picture`,
  shaped: (shape, looks) => `A ${shape} picture, ${looks}.`,
  soFar: (told) => `So far you said:\n\n${bullets(told)}`,
  justBegun: 'We have only just begun: there is nothing to sum up yet.',
}

const germanColours: Readonly<Record<string, string>> = {
  red: 'Rot',
  orange: 'Orange',
  yellow: 'Gelb',
  green: 'Grün',
  teal: 'Türkis',
  blue: 'Blau',
  purple: 'Violett',
  pink: 'Rosa',
  grey: 'Grau',
  brown: 'Braun',
  olive: 'Oliv',
  black: 'Schwarz',
  white: 'Weiß',
}
const germanShades: Readonly<Record<string, string>> = {
  deep: 'Dunkel',
  dark: 'Dunkel',
  pale: 'Hell',
  greyish: 'Grau',
}

const german: PicturePhrases = {
  colour(name) {
    const [colour = '', shade] = name.split(' ').toReversed()
    const said = germanColours[colour] ?? colour
    const before = shade === undefined ? undefined : germanShades[shade]
    return before === undefined ? said : before + said.toLowerCase()
  },
  listed: (items) => joined(items, 'und'),
  mostly: (colours) => `vor allem ${colours}`,
  oneTone: 'ein gleichmäßiger Ton',
  brightness: ['sehr dunkel', 'eher dunkel', 'mittelhell', 'hell', 'sehr hell'],
  colourless: 'fast ohne Farbe',
  colourful: 'kräftig in der Farbe',
  evenlyLit: 'gleichmäßig hell',
  brightest: ['am hellsten im oberen Drittel', 'am hellsten in der Mitte', 'am hellsten im unteren Drittel'],
  one: 'Ich sehe 1 Bild, ',
  several: (count) => `Ich sehe ${count} Bilder:\n\n`,
  name: (number) => `Bild ${number}`,
  described: (sentence) => `Beschrieben ist es so: ${sentence}`,
  limits:
    'Mehr als Farben, Licht und die Beschreibung kann ich nicht sagen: Ich messe Bilder, ich erkenne nichts darauf.',
  unseen: 'Bild\nEin Bild, das nicht anzusehen war.',
  titled: (colours) => `Bild in ${colours}`,
  shaped: (shape, looks) =>
    `Ein ${{ wide: 'breites', tall: 'hohes', square: 'quadratisches' }[shape]} Bild, ${looks}.`,
  soFar: (told) => `Bisher hast du gesagt:\n\n${bullets(told)}`,
  justBegun: 'Wir haben gerade erst angefangen: Noch gibt es nichts zusammenzufassen.',
}

export const picturePhrases: Readonly<Record<Language, PicturePhrases>> = { en: english, de: german }

function joined(items: readonly string[], and: string): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${and} ${items.at(-1)}`
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n')
}
