import type { AspectRatio, PreviewWidth } from '../../server/contract/images.ts'

/**
 * Values of the contract that a client needs at run time. The contract's own modules bring the validating
 * schemas with them, so they are said again here and checked against its types.
 */
const ratios = {
  '1:1': true,
  '2:3': true,
  '3:2': true,
  '3:4': true,
  '4:3': true,
  '4:5': true,
  '5:4': true,
  '9:16': true,
  '16:9': true,
  '21:9': true,
} as const satisfies Record<AspectRatio, true>

export function isAspectRatio(text: string): text is AspectRatio {
  return Object.hasOwn(ratios, text)
}

export const aspectRatios: readonly AspectRatio[] = Object.keys(ratios).filter(isAspectRatio)

/** Widths in pixels at which the server makes previews (`?w=`). */
export const previewWidths = [256, 512, 1024] as const satisfies readonly PreviewWidth[]

/** The most characters of one message, and of the prompt of one picture. */
export const messageTextLimit = 32_000
export const imagePromptLimit = 8000
