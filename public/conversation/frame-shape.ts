import type { GeneratedImage } from '../../server/contract/images.ts'
import { usualSizes, type Size } from '../../server/contract/usual-sizes.ts'

/** How much a picture's shape may differ from its frame's and be cut to it rather than move what is around it. */
const near = 0.03

const sizes: Readonly<Record<string, Size>> = usualSizes

/** The shape, as CSS has it, of a picture that was asked for as `16:9`; a square where no shape was asked for. */
export function ratioOf(aspectRatio: string | undefined): string {
  const wanted = aspectRatio ?? ''
  const size = Object.hasOwn(sizes, wanted) ? sizes[wanted] : undefined
  if (size) return `${size.width} / ${size.height}`
  const match = /^(\d+):(\d+)$/.exec(wanted)
  return match ? `${match[1]} / ${match[2]}` : '1 / 1'
}

/**
 * The shape of a picture's frame: its own, or the one it was painted in where it fills that well enough, so that
 * nothing moves when it appears.
 */
export function shapeOf(
  { width, height }: Pick<GeneratedImage, 'width' | 'height'>,
  expected?: string,
): string {
  const own = `${width} / ${height}`
  if (expected === undefined) return own
  const [frameWidth = 1, frameHeight = 1] = ratioOf(expected).split(' / ').map(Number)
  return Math.abs(width / height / (frameWidth / frameHeight) - 1) < near ? ratioOf(expected) : own
}
