import { type AspectRatio, aspectRatios } from '../../contract/images.ts'
import { colourNamed, shadeNamed } from './colour-words.ts'
import type { Rgb } from './draw/colour.ts'
import { inEnglish } from './german-words.ts'
import { imagePromptOf } from './prompt-sections.ts'
import type { Detail, Light, Mood, Part, Scene, StyleName, Subject, Weather } from './scene.ts'
import { hashOf } from './seed.ts'
import {
  detailPatterns,
  lightPatterns,
  moodPatterns,
  partPatterns,
  stylePatterns,
  subjectNamed,
  weatherPatterns,
} from './subject-words.ts'

/** Reads a prompt in plain words into what the painter can paint. Never fails: what it cannot read becomes an abstract. */
export function readPrompt(prompt: string): Scene {
  const text = normalised(imagePromptOf(prompt))
  const { subject, kind } = readSubject(text)
  const style = firstOf(stylePatterns, text)
  const { colours, colourOf, rest } = readColours(withoutStyle(text))
  const details = new Set<Detail>(allOf(detailPatterns, text))
  return {
    subject,
    kind,
    count: readCount(text, kind),
    flower: tellingWord(text, 'flowers') ?? '',
    details,
    light: firstOf(lightPatterns, rest) ?? usualLight(subject, text),
    weather: readWeather(text, details),
    style: style ?? 'painted',
    moods: new Set<Mood>(allOf(moodPatterns, rest)),
    colours,
    colourOf,
    aspectRatio: readAspect(text),
    seed: hashOf(text),
  }
}

/** Lower case, one blank between words, set phrases joined, what is not wanted taken out. */
function normalised(prompt: string): string {
  return inEnglish(prompt)
    .toLowerCase()
    .replace(/[\u2019']s\b/g, '')
    .replace(/\bstill[ -]life\b/g, 'still-life')
    .replace(/\bmilky way\b/g, 'milky-way')
    .replace(/\bself[ -]portrait\b/g, 'self-portrait')
    .replace(/\bportrait (orientation|format|mode)\b/g, 'vertical')
    .replace(/\blandscape (orientation|format|mode)\b/g, 'widescreen')
    .replace(/\bsnowy (mountains?|peaks?|summits?|alps)\b/g, 'snow-capped $1')
    .replace(/\b(no|without|not) (any )?(a |an |the )?[a-z-]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

function wordsOf(text: string): string[] {
  return text.match(/[a-z][a-z-]*[a-z]|\d+:\d+/g) ?? []
}

function readSubject(text: string): { subject: Subject; kind: string } {
  let best: { subject: Subject; kind: string; weight: number } | undefined
  const later = text.search(/[.!?]\s/)
  const inFirst = later < 0 ? Infinity : wordsOf(text.slice(0, later + 1)).length
  for (const [at, word] of wordsOf(text).entries()) {
    const found = subjectNamed(word)
    if (!found) continue
    // Earlier words weigh more: what a text begins with is what it is about, further sentences only add to it.
    const weight = found.weight - at * 0.04 - (at < inFirst ? 0 : 3)
    if (!best || weight > best.weight) best = { subject: found.subject, kind: word, weight }
  }
  if (best) return { subject: best.subject, kind: tellingWord(text, best.subject) ?? best.kind }
  const outdoors =
    firstOf(lightPatterns, text) ??
    firstOf(weatherPatterns, text) ??
    /\b(sky|sun|moon|stars|rainbow|nature|scenery)\b/.exec(text)
  if (outdoors) return { subject: /\b(stars|starry)\b/.test(text) ? 'space' : 'mountains', kind: '' }
  return { subject: 'abstract', kind: '' }
}

/** Words that name a subject without telling which: "portrait" says less than "woman", "bowl" less than "lemons". */
const general =
  /^(portrait|self-portrait|face|person|silhouette|still-life|fruits?|bowls?|flowers?|garden|plants?|botanical|birds?)$/

const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** "three ripe pears": the number within the three words before what is meant. */
function readCount(text: string, kind: string): number | undefined {
  const words: string[] = text.match(/[a-z][a-z-]*[a-z]|\d+/g) ?? []
  const at = words.indexOf(kind)
  if (kind === '' || at < 0) return undefined
  const counts = words.slice(Math.max(0, at - 3), at).map((word) => numbers.indexOf(word) + 1 || Number(word))
  return counts.findLast((count) => count >= 1 && count <= 9)
}

function tellingWord(text: string, subject: Subject): string | undefined {
  return wordsOf(text).find((word) => subjectNamed(word)?.subject === subject && !general.test(word))
}

function usualLight(subject: Subject, text: string): Light {
  if (/\b(moon|stars|fireflies|neon|lanterns?)\b/.test(text)) return 'night'
  if (subject === 'city' || subject === 'portrait') return 'dusk'
  return subject === 'space' ? 'night' : 'day'
}

function readWeather(text: string, details: ReadonlySet<Detail>): Weather {
  const sky = details.has('snowcaps') ? text.replace(/\bsnow-?capped\b/g, '') : text
  return firstOf(weatherPatterns, sky) ?? 'clear'
}

/** Style words hold colour words ("ink", "charcoal drawing", "oil"): they are not colours of anything. */
function withoutStyle(text: string): string {
  let rest = text.replace(/\bgolden (hour|light)\b/g, ' late afternoon ').replace(/\bblue hour\b/g, ' dusk ')
  for (const [, pattern] of stylePatterns) rest = rest.replace(new RegExp(pattern, 'g'), ' ')
  return rest
}

interface Colours {
  colours: Rgb[]
  colourOf: Partial<Record<Part, Rgb>>
  /** The text without what told shades of a colour, so that "dark blue" is not a dark mood. */
  rest: string
}

function readColours(text: string): Colours {
  const words = wordsOf(text)
  const colours: Rgb[] = []
  const colourOf: Partial<Record<Part, Rgb>> = {}
  const rest = [...words]
  for (const [at, word] of words.entries()) {
    const plain = colourNamed(word)
    if (!plain) continue
    const before = words[at - 1] ?? ''
    const shade = shadeNamed(before)
    if (shade) rest[at - 1] = ''
    const colour = shade ? shade(plain) : plain
    const part = partAfter(words, at) ?? partBefore(words, shade ? at - 1 : at)
    if (part) colourOf[part] ??= colour
    else colours.push(colour)
  }
  return { colours, colourOf, rest: rest.filter((word) => word !== '').join(' ') }
}

/** "purple sky", "red and white lighthouse", "deep blue stormy sea": the part within the next three words. */
function partAfter(words: readonly string[], at: number): Part | undefined {
  let steps = 0
  for (let next = at + 1; next < words.length && steps < 3; next++) {
    const word = words[next]!
    const part = partOf(word)
    if (part) return part
    if (/^(a|an|the|in|on|at|with|over|under|by|of|near|from|is|are)$/.test(word)) return undefined
    if (word !== 'and' && !colourNamed(word) && !shadeNamed(word)) steps++
  }
  return undefined
}

/** "the sky is purple", "sky in purple", "sky turned deep purple". */
function partBefore(words: readonly string[], at: number): Part | undefined {
  const link = words[at - 1] ?? ''
  if (!/^(is|are|in|turns?|turned|turning|becomes?|glows?|glowing|more)$/.test(link)) return undefined
  const part = partOf(words[at - 2] ?? '')
  // "Mountains in teal and orange" speaks of the whole picture, "a sky in teal" of the sky.
  return link === 'in' && part !== 'sky' ? undefined : part
}

function partOf(word: string): Part | undefined {
  return partPatterns.find(([, pattern]) => pattern.test(word))?.[0]
}

function readAspect(text: string): AspectRatio | undefined {
  const exact = aspectRatios.find((ratio) => new RegExp(`(^|[^\\d:])${ratio}($|[^\\d:])`).test(text))
  if (exact) return exact
  if (/\b(panorama|panoramic|banner|ultra-?wide)\b/.test(text)) return '21:9'
  if (/\b(phone wallpaper|phone background)\b/.test(text)) return '9:16'
  if (/\b(widescreen|wide|desktop wallpaper)\b/.test(text)) return '16:9'
  if (/\b(vertical|tall)\b/.test(text)) return '2:3'
  if (/\bsquare\b/.test(text)) return '1:1'
  return undefined
}

/** The name whose pattern matches earliest in the text: what is said first counts. */
function firstOf<Name>(patterns: readonly (readonly [Name, RegExp])[], text: string): Name | undefined {
  let first: { name: Name; index: number } | undefined
  for (const [name, pattern] of patterns) {
    const index = pattern.exec(text)?.index
    if (index !== undefined && (first === undefined || index < first.index)) first = { name, index }
  }
  return first?.name
}

function allOf<Name>(patterns: readonly (readonly [Name, RegExp])[], text: string): Name[] {
  return patterns.filter(([, pattern]) => pattern.test(text)).map(([name]) => name)
}

/** The style that a text names, if any. */
export function styleNamed(text: string): StyleName | undefined {
  return firstOf(stylePatterns, text)
}
