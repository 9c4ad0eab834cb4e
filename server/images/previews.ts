import type { PreviewWidth } from '../contract/images.ts'
import type { NewId } from '../ids.ts'
import { asDecodeProblem } from './decode-problem.ts'
import { derivedPath, ensureDerived } from './derived-file.ts'
import { openPicture, withSharp } from './sharp.ts'

/**
 * The WebP preview of a stored picture, made at its first use and kept beside it: at most `width` pixels
 * wide and never larger than the original.
 * @param original absolute path
 * @returns the preview's absolute path
 * @throws Problem `not_found` when the picture's file is missing or cannot be decoded, `storage_full`
 */
export async function preview(original: string, width: PreviewWidth, newId: NewId): Promise<string> {
  const file = derivedPath(original, `${width}.webp`)
  await ensureDerived(file, newId, (to) =>
    withSharp(async (sharp) => {
      try {
        await openPicture(sharp, original)
          .resize({ width, withoutEnlargement: true })
          .webp({ quality: 80, effort: 3 })
          .toFile(to)
      } catch (error) {
        throw asDecodeProblem(error, original)
      }
    }),
  )
  return file
}
