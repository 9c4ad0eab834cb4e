import type { Work } from '../draw/work.ts'
import { birdKinds, paintBird } from './bird.ts'
import { dragonKinds, paintDragon } from './dragon.ts'
import { paintGlade } from './glade.ts'
import { paintSitting } from './sitting-animal.ts'
import type { Stage } from './stage.ts'
import { paintWeather } from './weather.ts'

/** An animal that sits and looks at you, or a bird on its branch. */
export function* paintAnimal(stage: Stage): Work {
  const { brush, scene } = stage
  if (dragonKinds.has(scene.kind)) {
    yield* paintDragon(stage)
    return
  }
  const { width, height } = brush
  yield* paintGlade(stage)
  const size = Math.min(height * 0.56, width * 0.6)
  if (birdKinds.has(scene.kind)) yield* paintBird(stage, width * 0.5, height * 0.52, size)
  else yield* paintSitting(stage, width * (0.5 + brush.between(-0.05, 0.05)), height * 0.87, size, scene.kind)
  yield* paintWeather(stage)
}
