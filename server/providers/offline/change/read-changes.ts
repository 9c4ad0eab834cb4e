import { colourNamed, shadeNamed } from '../colour-words.ts'
import type { Rgb } from '../draw/colour.ts'
import { inEnglish } from '../german-words.ts'
import { imagePromptOf } from '../prompt-sections.ts'
import { styleNamed } from '../read-prompt.ts'
import type { Mood } from '../scene.ts'
import type { Change } from './change.ts'

const asks =
  /^(please )?(can you |could you |now )*(make|turn|change|give|add|put|render|convert|recolou?r|paint|redo|try|let|set|remove|darken|brighten|lighten|blur|flip|mirror|invert|pixelate|desaturate|saturate|warm|cool|soften|increase|reduce|more|less|a bit|a little|slightly|much|even|but|same|again|in|as)\b/

const moods: readonly (readonly [Mood, RegExp])[] = [
  ['dark', /\b(darker|darken(ed)?|dimmer|moodier|gloomier|less bright|less light)\b/],
  ['bright', /\b(brighter|brighten(ed)?|lighter|lighten(ed)?|less dark|more light|sunnier|airier)\b/],
  [
    'vivid',
    /\b(more (vibrant|vivid|saturated|colou?rful|colou?r|saturation)|bolder|livelier|saturate|stronger colou?rs|richer)\b/,
  ],
  [
    'muted',
    /\b(less (saturated|saturation|colou?rful|vibrant|vivid|colou?r)|desaturated?|more (muted|pastel)|muted|paler|softer colou?rs|calmer)\b/,
  ],
  ['warm', /\b(warmer|warm up|more warmth|less cold|cosier|cozier)\b/],
  ['cool', /\b(cooler|cool down|colder|icier|less warm)\b/],
]

/** Adjectives that mean a change only when something is asked to become so ("make it dark"). */
const plainMoods: readonly (readonly [Mood, RegExp])[] = [
  ['dark', /\b(dark|moody|gloomy)\b/],
  ['bright', /\b(bright|luminous)\b/],
  ['vivid', /\b(vibrant|vivid|colou?rful|saturated)\b/],
  ['muted', /\b(pastel|faded|subdued)\b/],
  ['warm', /\bwarm\b/],
  ['cool', /\b(cool|cold)\b/],
]

/**
 * Reads what a prompt asks to be done to an earlier picture; empty when it describes a new picture instead.
 * What stands after a colon, or after the first sentence, only says what the picture shows.
 */
export function readChanges(prompt: string): Change[] {
  const whole = inEnglish(imagePromptOf(prompt)).toLowerCase().trim()
  const wish = whole.split(/[:\n]|[.;!?](?:\s|$)/, 1)[0] ?? ''
  const asked =
    asks.test(wish) || /\b(it|this|that|same|version|the (picture|image|photo|painting))\b/.test(wish)
  const short = wish.split(/\s+/).length <= 4
  const changes: Change[] = []
  const amount = amountOf(wish)
  for (const [mood, pattern] of moods) if (pattern.test(wish)) changes.push({ kind: 'mood', mood, amount })
  if (/\bmore contrast|contrastier|higher contrast|punchier\b/.test(wish))
    changes.push({ kind: 'contrast', amount })
  if (/\bless contrast|lower contrast|flatter\b/.test(wish))
    changes.push({ kind: 'contrast', amount: -amount })
  if (/\b(black[ -]and[ -]white|b&w|monochrome|gr[ea]yscale)\b/.test(wish)) changes.push({ kind: 'grey' })
  const sky = skyColour(wish)
  if (sky) changes.push({ kind: 'sky', colour: sky })
  if (!asked && !short && changes.length === 0) return []
  if (changes.length === 0) {
    const namesSky = /\b(sky|light|background)\b/.test(wish)
    for (const [mood, pattern] of plainMoods) {
      if (asked && !namesSky && pattern.test(wish) && !colourAfter(wish, pattern))
        changes.push({ kind: 'mood', mood, amount })
    }
  }
  if (/\bsepia\b|\bold photo/.test(wish)) changes.push({ kind: 'sepia' })
  if (/\b(invert(ed)?|negative)\b/.test(wish)) changes.push({ kind: 'invert' })
  if (/\b(blur(red|rier|ry)?|softer|out of focus|dreamy)\b/.test(wish)) changes.push({ kind: 'blur', amount })
  if (/\b(upside down|flip (it )?vertically)\b/.test(wish)) changes.push({ kind: 'flip', axis: 'down' })
  else if (/\b(flip(ped)?|mirror(ed)?)\b/.test(wish)) changes.push({ kind: 'flip', axis: 'across' })
  if (asked || short) changes.push(...scenery(wish))
  if (asked || short) {
    const style = styleNamed(wish)
    if (style) changes.push({ kind: 'style', style })
  }
  const tint = asked && changes.length === 0 ? firstColour(wish) : undefined
  if (tint) changes.push({ kind: 'tint', colour: tint, amount })
  return changes
}

function scenery(wish: string): Change[] {
  const found: Change[] = []
  if (/\b(fog|foggy|mist|misty)\b/.test(wish)) found.push({ kind: 'weather', weather: 'fog' })
  if (/\b(rain|rainy|raining)\b/.test(wish)) found.push({ kind: 'weather', weather: 'rain' })
  if (/\b(snow|snowy|snowing|winter)\b/.test(wish)) found.push({ kind: 'weather', weather: 'snow' })
  if (/\b(night|midnight|nighttime)\b/.test(wish)) found.push({ kind: 'light', light: 'night' })
  else if (/\b(sunset|dusk|evening)\b/.test(wish)) found.push({ kind: 'light', light: 'dusk' })
  else if (/\b(sunrise|dawn|morning)\b/.test(wish)) found.push({ kind: 'light', light: 'sunrise' })
  for (const [thing, pattern] of [
    ['moon', /\bmoon\b/],
    ['stars', /\bstars\b/],
    ['birds', /\b(birds|gulls)\b/],
    ['boat', /\b(boat|sailboat|ship)\b/],
  ] as const) {
    if (/\b(add|put|with|more)\b/.test(wish) && pattern.test(wish)) found.push({ kind: 'add', thing })
  }
  return found
}

function amountOf(wish: string): number {
  if (/\b(a bit|a little|slightly|somewhat|a touch|subtly)\b/.test(wish)) return 0.5
  if (/\b(much|a lot|far|very|way|really|significantly)\b/.test(wish)) return 1.7
  return 1
}

/** "purple sky", "a sky of deep purple", "make the sky purple". */
function skyColour(wish: string): Rgb | undefined {
  if (!/\b(sky|skies)\b/.test(wish)) return undefined
  return firstColour(wish)
}

function firstColour(wish: string): Rgb | undefined {
  const words = wish.match(/[a-z-]+/g) ?? []
  for (const [at, word] of words.entries()) {
    const colour = colourNamed(word)
    const shade = shadeNamed(words[at - 1] ?? '')
    if (colour) return shade ? shade(colour) : colour
  }
  return undefined
}

/** Whether the adjective stands before a colour: "dark blue" does not ask for the dark. */
function colourAfter(wish: string, pattern: RegExp): boolean {
  const found = pattern.exec(wish)
  if (!found) return false
  const next = /^[^a-z]*([a-z-]+)/.exec(wish.slice(found.index + found[0].length))?.[1]
  return next !== undefined && colourNamed(next) !== undefined
}
