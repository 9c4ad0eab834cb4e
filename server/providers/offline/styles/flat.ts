import type { Style } from './style.ts'

/** Clean shapes of even colour. */
export const flat: Style = {
  medium: { rough: 0, bleed: 0, rim: 0, rimWidth: 0, wash: 0, thin: 0 },
  *finish() {
    // Nothing is done afterwards: the shapes are the picture.
  },
}
