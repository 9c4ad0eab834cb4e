import type { GeneratedImage } from '../../server/contract/images.ts'

interface Wish {
  prompt: string
  /** As `16:9`. */
  aspectRatio?: string | undefined
  /** Painted word for word. */
  raw?: boolean
}

/** A wish for a picture as it is written in the composer. */
export function imageCommand({ prompt, aspectRatio, raw = false }: Wish): string {
  const options = [aspectRatio ? `--aspect ${aspectRatio}` : '', raw ? '--raw' : '']
  return ['/image', prompt.trim(), ...options].filter((part) => part !== '').join(' ')
}

/** What is said of a picture where there is room for a line. */
export function wordsOf(image: Pick<GeneratedImage, 'caption' | 'prompt' | 'alt'>): string {
  return image.caption || image.prompt || image.alt
}
