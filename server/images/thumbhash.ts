import { rgbaToThumbHash } from 'thumbhash'
import { asDecodeProblem } from './decode-problem.ts'
import { openPicture, withSharp } from './sharp.ts'

/** The hash takes up to 100; from this many pixels it is as good, and four times as fast on the event loop. */
const side = 64

/**
 * A picture's ThumbHash (evanw/thumbhash), base64 of 21 to 25 bytes: a placeholder with its colours,
 * transparency and proportions.
 * @param original absolute path
 * @throws Problem `not_found` when the file is missing or cannot be decoded
 */
export async function thumbhashOf(original: string): Promise<string> {
  const { data, info } = await withSharp(async (sharp) => {
    try {
      return await openPicture(sharp, original)
        .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
        .ensureAlpha()
        .toColourspace('srgb')
        .raw()
        .toBuffer({ resolveWithObject: true })
    } catch (error) {
      throw asDecodeProblem(error, original)
    }
  })
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64')
}
