import { aspectRatios, type AspectRatio } from '../../contract/images.ts'
import { usualSizes, type Size } from '../../contract/usual-sizes.ts'
import type { Subject } from './scene.ts'

const shapeOf: Readonly<Record<Subject, AspectRatio>> = {
  mountains: '3:2',
  hills: '3:2',
  forest: '3:2',
  desert: '3:2',
  lake: '3:2',
  sea: '3:2',
  city: '3:2',
  space: '3:2',
  portrait: '4:5',
  flowers: '1:1',
  'still-life': '1:1',
  animal: '1:1',
  abstract: '1:1',
}

/** The shape that suits a subject when nobody asked for one. */
export function naturalShape(subject: Subject): AspectRatio {
  return shapeOf[subject]
}

/** The shape that a picture of this size has, within 3 %; undefined when it has none that can be asked for. */
export function nearestShape({ width, height }: Size): AspectRatio | undefined {
  return aspectRatios.find((shape) => {
    const usual = usualSizes[shape]
    return Math.abs(usual.width / usual.height / (width / height) - 1) < 0.03
  })
}
