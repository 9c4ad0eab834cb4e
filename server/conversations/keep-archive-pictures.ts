import { Problem, type ProblemCode } from '../errors.ts'
import type { NewId } from '../ids.ts'
import { conversationImages } from '../images/folders.ts'
import { keepPicture } from '../images/keep-picture.ts'
import { keepUpload, type ArrivedPicture } from '../images/keep-upload.ts'
import { pictureSink } from '../images/picture-sink.ts'
import type { SpooledPicture } from '../providers/provider.ts'
import { openArrivingFolder } from './arriving-folder.ts'
import type { Archive } from './read-archive.ts'

interface KeepParts {
  archive: Archive
  storageDir: string
  newId: NewId
}

/**
 * Keeps pictures that were made, in the folder of a conversation that nobody knows yet: a PNG byte for byte
 * after a check of its structure, JPEG and WebP as PNG. Nothing that the archive says about them is believed.
 * @returns by their names in the archive
 * @throws Problem `invalid_request` naming the file, `storage_full`
 */
export async function keepImages(
  { archive, storageDir, newId }: KeepParts,
  conversationId: string,
  files: ReadonlySet<string>,
): Promise<Map<string, ArrivedPicture>> {
  const arrived = new Map<string, ArrivedPicture>()
  if (files.size === 0) return arrived
  const folder = conversationImages(conversationId)
  const sink = pictureSink({ folder: await openArrivingFolder(storageDir, conversationId), newId })
  for (const file of files) {
    const writer = sink.open()
    try {
      for await (const piece of archive.read(file)) await writer.write(piece)
      const spooled = await writer.finish()
      arrived.set(file, { ...(await keep(spooled, { storageDir, folder, newId })), thumbhash: null })
    } catch (error) {
      await writer.discard()
      throw aboutFile(error, file)
    }
  }
  return arrived
}

/**
 * Keeps a picture of the user's own as an upload is kept, to be recorded at once.
 * @throws Problem `invalid_request` naming the file, `storage_full`
 */
export async function keepArchiveUpload(
  { archive, storageDir, newId }: KeepParts,
  userId: string,
  file: string,
): Promise<ArrivedPicture> {
  try {
    return await keepUpload(archive.read(file), { storageDir, userId, newId })
  } catch (error) {
    throw aboutFile(error, file)
  }
}

async function keep(spooled: SpooledPicture, place: { storageDir: string; folder: string; newId: NewId }) {
  const { sha256, width, height, bytes } = spooled
  return { ...(await keepPicture(spooled, place)), sha256, width, height, bytes }
}

/** The faults of a picture that are its archive's. */
const fileFaults = new Set<ProblemCode>([
  'bad_image',
  'invalid_request',
  'payload_too_large',
  'unsupported_media_type',
])

/** Such a fault as the archive's, with the name of the picture's file. */
function aboutFile(error: unknown, file: string): unknown {
  if (!(error instanceof Problem) || !fileFaults.has(error.code)) return error
  return new Problem('invalid_request', `${file}: ${error.message} Nothing was imported.`, {
    cause: error,
    details: [{ field: file, message: 'is not a whole picture within the limits' }],
  })
}
