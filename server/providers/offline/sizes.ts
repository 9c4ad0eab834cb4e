import type { AspectRatio } from '../../contract/images.ts'
import type { Subject } from './scene.ts'

export interface Size {
  width: number
  height: number
}

/** About a million pixels in every shape: the sizes that image models answer with at "1K". */
export const sizeOf: Readonly<Record<AspectRatio, Size>> = {
  '1:1': { width: 1024, height: 1024 },
  '2:3': { width: 832, height: 1248 },
  '3:2': { width: 1248, height: 832 },
  '3:4': { width: 864, height: 1184 },
  '4:3': { width: 1184, height: 864 },
  '4:5': { width: 896, height: 1152 },
  '5:4': { width: 1152, height: 896 },
  '9:16': { width: 768, height: 1344 },
  '16:9': { width: 1344, height: 768 },
  '21:9': { width: 1536, height: 672 },
}

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

/** The size of the table that is shaped like the given one (within 3 %), else the given size itself. */
export function nearestSize({ width, height }: Size): Size {
  const shape = width / height
  for (const size of Object.values(sizeOf)) {
    if (Math.abs(size.width / size.height / shape - 1) < 0.03) return size
  }
  return { width, height }
}
