import { Brush } from '../draw/brush.ts'
import type { Canvas } from '../draw/canvas.ts'
import { hex } from '../draw/colour.ts'
import type { Work } from '../draw/work.ts'
import { fog, rain, snow } from '../scenes/weather.ts'
import { randomFrom } from '../seed.ts'
import { paperCut } from '../styles/paper-cut.ts'
import { flat } from '../styles/flat.ts'
import { styles } from '../styles/style.ts'
import { addThing } from './add-thing.ts'
import type { Change } from './change.ts'
import { blurCanvas, flipCanvas } from './geometry.ts'
import { contrast, fade, grey, invert, lit, mood, sepia, tinted } from './grade.ts'
import { recolourSky } from './sky-mask.ts'

/** Does the changes to the picture, in an order in which they do not undo one another: light, colour, things, style. */
export function* applyChanges(canvas: Canvas, changes: readonly Change[], seed: number): Work {
  const order: readonly Change['kind'][] = [
    'flip',
    'light',
    'sky',
    'tint',
    'mood',
    'contrast',
    'add',
    'weather',
    'blur',
    'grey',
    'sepia',
    'invert',
    'style',
  ]
  const sorted = changes.toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind))
  for (const change of sorted) yield* applyOne(canvas, change, seed)
}

function* applyOne(canvas: Canvas, change: Change, seed: number): Work {
  const random = randomFrom(seed)
  const brush = new Brush(canvas, flat.medium, random)
  switch (change.kind) {
    case 'mood':
      return yield* mood(canvas, change.mood, change.amount)
    case 'contrast':
      return yield* contrast(canvas, change.amount)
    case 'sky':
      return yield* recolourSky(canvas, change.colour)
    case 'tint':
      return yield* tinted(canvas, change.colour, 0.6 * Math.min(1.4, change.amount))
    case 'grey':
      return yield* grey(canvas)
    case 'sepia':
      return yield* sepia(canvas)
    case 'invert':
      return yield* invert(canvas)
    case 'blur':
      return yield* blurCanvas(canvas, 7 * change.amount * canvas.unit)
    case 'flip':
      return yield* flipCanvas(canvas, change.axis)
    case 'light':
      return yield* lit(canvas, change.light)
    case 'add':
      return yield* addThing(brush, change.thing)
    case 'weather':
      yield* fade(canvas, change.weather)
      if (change.weather === 'fog') return yield* fog(brush, hex('#dde2e2'), 0.7)
      if (change.weather === 'rain') return yield* rain(brush, hex('#dfe6ea'), 480)
      return yield* snow(brush, hex('#ffffff'))
    case 'style':
      // Flat shapes have no finish of their own: a picture becomes flat by having fewer shades.
      return yield* (change.style === 'flat' ? paperCut : styles[change.style]).finish(canvas, random)
  }
}
