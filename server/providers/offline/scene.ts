import type { AspectRatio } from '../../contract/images.ts'
import type { Rgb } from './draw/colour.ts'

/** What stands in the middle of a picture; each has a file in `scenes/`. */
export const subjects = [
  'mountains',
  'hills',
  'forest',
  'desert',
  'lake',
  'sea',
  'city',
  'portrait',
  'still-life',
  'flowers',
  'animal',
  'space',
  'abstract',
] as const
export type Subject = (typeof subjects)[number]

export type Light = 'sunrise' | 'day' | 'golden' | 'dusk' | 'night'

export type Weather = 'clear' | 'cloudy' | 'fog' | 'rain' | 'storm' | 'snow'

export const styleNames = [
  'painted',
  'watercolour',
  'oil',
  'ink',
  'pencil',
  'pixel-art',
  'photo',
  'paper-cut',
  'flat',
] as const
export type StyleName = (typeof styleNames)[number]

/** Things that a scene may hold beside its subject. */
export type Detail =
  | 'boat'
  | 'lighthouse'
  | 'house'
  | 'trees'
  | 'birds'
  | 'moon'
  | 'stars'
  | 'aurora'
  | 'rainbow'
  | 'river'
  | 'island'
  | 'bridge'
  | 'snowcaps'
  | 'blossom'
  | 'autumn'
  | 'flowers'
  | 'planet'
  | 'bowl'
  | 'fruit'
  | 'castle'
  | 'fire'
  | 'launch'

/** Parts of a picture that a prompt may give a colour. */
export type Part = 'sky' | 'land' | 'water' | 'subject' | 'vessel' | 'light'

export type Mood = 'dark' | 'bright' | 'vivid' | 'muted' | 'warm' | 'cool'

/** A prompt as the painter understands it. */
export interface Scene {
  subject: Subject
  /** The word that chose the subject, such as `fox` or `teapot`; empty when none did. */
  kind: string
  /** How many of it were asked for, 1 to 9; undefined when no number was named. */
  count: number | undefined
  /** The kind of flower or leaf that was named, such as `tulips`; empty when none was. */
  flower: string
  details: ReadonlySet<Detail>
  light: Light
  weather: Weather
  style: StyleName
  moods: ReadonlySet<Mood>
  /** Colours that were named without saying of what, in order. */
  colours: readonly Rgb[]
  colourOf: Readonly<Partial<Record<Part, Rgb>>>
  /** What the prompt itself asks for; undefined when it does not. */
  aspectRatio: AspectRatio | undefined
  seed: number
}
