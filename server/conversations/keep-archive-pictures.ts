import { Problem, type ProblemCode } from '../errors.ts'
import type { NewId } from '../ids.ts'
import { conversationImages, ensureFolder, userUploads } from '../images/folders.ts'
import { keepPicture } from '../images/keep-picture.ts'
import { normaliseUpload } from '../images/normalise-upload.ts'
import { pictureSink } from '../images/picture-sink.ts'
import { removeIfThere } from '../images/spool-file.ts'
import { thumbhashOf } from '../images/thumbhash.ts'
import type { SpooledPicture } from '../providers/provider.ts'
import { openArrivingFolder } from './arriving-folder.ts'
import type { Archive } from './read-archive.ts'

/** A picture of an archive under the name that its own bytes give it. */
export interface ArrivedPicture {
  filename: string
  /** Relative to the storage folder. */
  path: string
  sha256: string
  width: number
  height: number
  bytes: number
  thumbhash: string | null
}

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
 * Keeps a picture of the user's own as an upload is kept: decoded wholly, without metadata, as PNG. The caller
 * records it at once, since nothing else keeps its file from being taken for nobody's.
 * @throws Problem `invalid_request` naming the file, `storage_full`
 */
export async function keepUpload(
  { archive, storageDir, newId }: KeepParts,
  userId: string,
  file: string,
): Promise<ArrivedPicture> {
  const folder = userUploads(userId)
  try {
    const absolute = await ensureFolder(storageDir, folder)
    const spooled = await normaliseUpload(archive.read(file), { folder: absolute, newId })
    try {
      const thumbhash = await thumbhashOf(spooled.file)
      return { ...(await keep(spooled, { storageDir, folder, newId })), thumbhash }
    } catch (error) {
      await removeIfThere(spooled.file)
      throw error
    }
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
