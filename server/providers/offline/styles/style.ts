import type { Medium } from '../draw/brush.ts'
import type { Canvas } from '../draw/canvas.ts'
import type { Work } from '../draw/work.ts'
import type { StyleName } from '../scene.ts'
import { flat } from './flat.ts'
import { ink, pencil } from './ink.ts'
import { oil } from './oil.ts'
import { painted } from './painted.ts'
import { paperCut } from './paper-cut.ts'
import { photo } from './photo.ts'
import { pixelArt } from './pixel-art.ts'
import { watercolour } from './watercolour.ts'

/** A way to paint: how shapes are laid down, and what is done to the whole afterwards. */
export interface Style {
  medium: Medium
  /** Works on any picture, also on one that was not painted in this style. */
  finish(canvas: Canvas, random: () => number): Work
}

export const styles: Readonly<Record<StyleName, Style>> = {
  painted,
  watercolour,
  oil,
  ink,
  pencil,
  'pixel-art': pixelArt,
  photo,
  'paper-cut': paperCut,
  flat,
}
