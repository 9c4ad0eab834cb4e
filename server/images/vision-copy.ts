import { readFile } from 'node:fs/promises'
import { Problem } from '../errors.ts'
import type { NewId } from '../ids.ts'
import type { InputPicture } from '../providers/provider.ts'
import { asDecodeProblem } from './decode-problem.ts'
import { derivedPath, ensureDerived } from './derived-file.ts'
import { openPicture, withSharp } from './sharp.ts'
import { sniff } from './sniff.ts'

type SharpModule = (typeof import('sharp'))['default']

/** Vision models use no more; larger pictures only cost tokens and time. */
const longestSide = 1024

function shrink(sharp: SharpModule, source: string | Uint8Array) {
  return openPicture(sharp, source)
    .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 80 })
}

/**
 * A stored picture as models get it: JPEG, at most 1,024 pixels on the long side, transparency on white;
 * made once and kept beside the original.
 * @param original absolute path
 * @param description what the picture shows, for models that do not see
 * @throws Problem `not_found` when the file is missing or cannot be decoded, `storage_full`
 */
export async function visionCopy(original: string, description: string, newId: NewId): Promise<InputPicture> {
  const file = derivedPath(original, 'vision.jpg')
  await ensureDerived(file, newId, (to) =>
    withSharp(async (sharp) => {
      try {
        await shrink(sharp, original).toFile(to)
      } catch (error) {
        throw asDecodeProblem(error, original)
      }
    }),
  )
  return { mime: 'image/jpeg', bytes: await readFile(file), description }
}

/**
 * The same for bytes that were sent along and are not kept.
 * @param field where they stand in the request
 * @throws Problem `invalid_request` when they are no PNG, JPEG or WebP that can be decoded
 */
export async function visionCopyOfBytes(
  bytes: Uint8Array,
  description: string,
  field: string,
): Promise<InputPicture> {
  const details = [{ field, message: 'is not a whole picture' }]
  if (!sniff(bytes)) {
    throw new Problem('invalid_request', 'An input picture is neither PNG nor JPEG nor WebP.', { details })
  }
  const small = await withSharp(async (sharp) => {
    try {
      return await shrink(sharp, bytes).toBuffer()
    } catch (error) {
      throw new Problem(
        'invalid_request',
        'An input picture is damaged, cut off or larger than 50 megapixels.',
        {
          cause: error,
          details,
        },
      )
    }
  })
  return { mime: 'image/jpeg', bytes: small, description }
}
