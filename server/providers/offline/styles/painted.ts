import { paperGrain } from './paper.ts'
import type { Style } from './style.ts'

/** Gouache on paper: opaque colour that dries a little unevenly. */
export const painted: Style = {
  medium: { rough: 0.5, bleed: 0.5, rim: 0.1, rimWidth: 5, wash: 0.1, thin: 0.04 },
  *finish(canvas) {
    yield* paperGrain(canvas, 0.09)
  },
}
