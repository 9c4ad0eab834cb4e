import path from 'node:path'
import { Problem } from '../errors.ts'
import type { NewId } from '../ids.ts'
import type { SpooledPicture } from '../providers/provider.ts'
import { asDiskProblem } from './disk-problem.ts'
import { makePng } from './make-png.ts'
import { temporaryPrefix } from './picture-sink.ts'
import { sniff } from './sniff.ts'
import { removeIfThere, spoolFile } from './spool-file.ts'

/** The most bytes of one upload. */
export const mostUploadBytes = 20 * 1024 * 1024

/**
 * The most pixels of an upload's longer side. What a camera took holds five times as many as anybody here looks at,
 * and as PNG seven times the bytes of its JPEG. At this size a picture's PNG is no larger than an upload may be,
 * even when it is pure noise; models are shown 1,024.
 */
const longestSide = 2560

/** The most bytes that the pictures may take together which one user brought: uploads and imports. */
export const mostUploadedBytes = 2 * 1024 ** 3

interface UploadParts {
  /** Absolute path of the folder where the picture will stand; it is there. */
  folder: string
  newId: NewId
}

/**
 * Takes a user's picture by its content, whatever it is called: decodes it wholly, turns it upright as its
 * EXIF says, drops all metadata (where it was taken, with what), scales it down to 2,560 pixels where it is larger
 * and spools it as PNG. Nothing of the original file is kept.
 * @throws Problem `unsupported_media_type`, `payload_too_large` (20 MB, 50 megapixels), `invalid_request` for a
 * damaged picture, `storage_full`
 */
export async function normaliseUpload(
  source: AsyncIterable<Uint8Array>,
  { folder, newId }: UploadParts,
): Promise<SpooledPicture> {
  const arrived = path.join(folder, `${temporaryPrefix}${newId()}`)
  const target = path.join(folder, `${temporaryPrefix}${newId()}`)
  let known = false
  const spool = spoolFile(arrived, (piece) => {
    if (!known && !sniff(piece)) {
      throw new Problem(
        'unsupported_media_type',
        'Easel takes PNG, JPEG and WebP pictures. This file is none of them.',
      )
    }
    known = true
  })
  try {
    let bytes = 0
    for await (const chunk of source) {
      bytes += chunk.length
      if (bytes > mostUploadBytes) throw tooLarge('The picture is larger than 20 MB. Send a smaller one.')
      await spool.write(chunk)
    }
    if (bytes === 0) throw new Problem('invalid_request', 'The picture is empty. Choose another file.')
    await spool.flush()
    await spool.close({ sync: false })
    return await makePng(arrived, target, { longestSide })
  } catch (error) {
    await removeIfThere(target)
    throw asUploadProblem(error)
  } finally {
    await spool.discard()
  }
}

function tooLarge(message: string, cause?: unknown): Problem {
  return new Problem('payload_too_large', message, { cause })
}

/** `bad_image` blames the provider; an upload's fault is the client's. */
function asUploadProblem(error: unknown): Problem {
  const problem = asDiskProblem(error)
  if (problem.code !== 'bad_image') return problem
  const told = problem.cause instanceof Error ? problem.cause.message : ''
  if (/pixel limit/i.test(told)) {
    return tooLarge('The picture has more than 50 megapixels. Send a smaller one.', problem.cause)
  }
  return new Problem('invalid_request', 'The picture is damaged or cut off. Choose another file.', {
    cause: problem.cause,
    details: [{ field: 'file', message: 'is not a whole picture' }],
  })
}
