import type { Subject } from '../scene.ts'
import { paintAbstract } from './abstract.ts'
import { paintAnimal } from './animal.ts'
import { paintCity } from './city.ts'
import { paintFlowers } from './flowers.ts'
import { paintForest } from './forest.ts'
import { paintDesert, paintHills, paintLake, paintMountains } from './landscape.ts'
import { paintPortrait } from './portrait.ts'
import { paintSea } from './sea.ts'
import { paintSpace } from './space.ts'
import type { PaintScene } from './stage.ts'
import { paintStillLife } from './still-life.ts'

/** Who paints which subject. */
export const scenePainters: Readonly<Record<Subject, PaintScene>> = {
  mountains: paintMountains,
  hills: paintHills,
  forest: paintForest,
  desert: paintDesert,
  lake: paintLake,
  sea: paintSea,
  city: paintCity,
  portrait: paintPortrait,
  'still-life': paintStillLife,
  flowers: paintFlowers,
  animal: paintAnimal,
  space: paintSpace,
  abstract: paintAbstract,
}
