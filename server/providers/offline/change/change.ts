import type { Rgb } from '../draw/colour.ts'
import type { Mood, StyleName } from '../scene.ts'

/** One thing to do to a picture. `amount` 1 is the usual dose. */
export type Change =
  | { kind: 'mood'; mood: Mood; amount: number }
  | { kind: 'contrast'; amount: number }
  | { kind: 'sky'; colour: Rgb }
  | { kind: 'tint'; colour: Rgb; amount: number }
  | { kind: 'style'; style: StyleName }
  | { kind: 'grey' }
  | { kind: 'sepia' }
  | { kind: 'invert' }
  | { kind: 'blur'; amount: number }
  | { kind: 'flip'; axis: 'across' | 'down' }
  | { kind: 'weather'; weather: 'fog' | 'rain' | 'snow' }
  | { kind: 'light'; light: 'night' | 'dusk' | 'sunrise' }
  | { kind: 'add'; thing: 'moon' | 'stars' | 'birds' | 'boat' }
