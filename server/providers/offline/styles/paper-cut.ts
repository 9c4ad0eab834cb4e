import type { Canvas } from '../draw/canvas.ts'
import { brightnessOf } from '../draw/colour.ts'
import type { Work } from '../draw/work.ts'
import { paperGrain } from './paper.ts'
import type { Style } from './style.ts'

/** Sheets of coloured paper, cut and laid over one another; each throws a shadow. */
export const paperCut: Style = {
  medium: {
    rough: 0,
    bleed: 0,
    rim: 0,
    rimWidth: 0,
    wash: 0.02,
    thin: 0,
    shadow: { across: 3, down: -7, blur: 10, strength: 0.42 },
  },
  *finish(canvas) {
    yield* evened(canvas)
    yield* paperGrain(canvas, 0.1, 1.6)
  },
}

/** Fewer shades, as a stack of sheets has them. */
function* evened({ width, height, data }: Canvas): Work {
  const steps = 9
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      const light = brightnessOf([data[at]!, data[at + 1]!, data[at + 2]!])
      const place = light * steps
      const whole = Math.floor(place)
      const share = place - whole
      // A short ramp in place of a hard step keeps edges smooth.
      const level = (whole + Math.min(1, Math.max(0, (share - 0.4) * 5))) / steps
      const change = level - light
      data[at]! += change * 0.8
      data[at + 1]! += change * 0.8
      data[at + 2]! += change * 0.8
    }
    yield width
  }
}
