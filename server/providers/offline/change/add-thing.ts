import type { Brush } from '../draw/brush.ts'
import type { Work } from '../draw/work.ts'
import { paletteFor } from '../palette.ts'
import type { Scene } from '../scene.ts'
import { sailboat } from '../scenes/sailboat.ts'
import { birds, stars } from '../scenes/sky.ts'
import type { Stage } from '../scenes/stage.ts'

/** Paints one more thing over a picture whose scene is not known. */
export function* addThing(brush: Brush, thing: 'moon' | 'stars' | 'birds' | 'boat'): Work {
  const { width, height, unit } = brush
  const light = thing === 'moon' || thing === 'stars' ? 'night' : 'day'
  const scene: Scene = {
    subject: 'sea',
    kind: '',
    count: undefined,
    flower: '',
    details: new Set(),
    light,
    weather: 'clear',
    style: 'flat',
    moods: new Set(),
    colours: [],
    colourOf: {},
    aspectRatio: undefined,
    seed: 0,
  }
  const stage: Stage = { brush, scene, palette: paletteFor(scene) }
  switch (thing) {
    case 'moon': {
      const x = width * 0.76
      const y = height * 0.2
      yield* brush.glow(x, y, 240 * unit, [0.95, 0.93, 0.8], 0.7)
      return yield* brush.dot(x, y, 44 * unit, stage.palette.orb, 0.97)
    }
    case 'stars':
      return yield* stars(stage, height * 0.42)
    case 'birds':
      return yield* birds(stage, width * 0.4, height * 0.24, 7)
    case 'boat':
      return yield* sailboat(stage, width * 0.38, height * 0.8, 170 * unit, stage.palette.accents[0])
  }
}
