import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { Problem } from '../errors.ts'
import type { NewId } from '../ids.ts'
import { assertFreeSpace, freeSpaceFloor } from '../images/free-space.ts'
import { uploadRow, type ArrivedPicture } from '../images/keep-upload.ts'
import { mostUploadedBytes } from '../images/normalise-upload.ts'
import { removePicture, removeUnreferenced } from '../images/remove-picture.ts'
import type { Catalogue } from '../providers/catalogue.ts'
import type { Model } from '../providers/provider.ts'
import type { Store } from '../store/store.ts'
import type { Chores } from '../turns/chores.ts'
import { closeArrivingFolder } from './arriving-folder.ts'
import type { FileAttachment } from './conversation-file.ts'
import { importedRows } from './imported-rows.ts'
import { keepArchiveUpload, keepImages } from './keep-archive-pictures.ts'
import { openArchive, type Archive } from './read-archive.ts'
import { readDocument, type ConversationDocument } from './read-document.ts'
import { writeInPieces } from './write-in-pieces.ts'

export interface ImportParts {
  store: Store
  storageDir: string
  catalogue: Pick<Catalogue, 'chatModel' | 'imageModel'>
  clock: Clock
  newId: NewId
  log: Logger
  chores: Pick<Chores, 'indexSoon'>
  /** Removes a conversation's folder. */
  files: { removeConversation(id: string): Promise<void> }
}

/**
 * Takes a conversation out of a ZIP that `exportConversation` made, or of one that pretends to be: whole, as
 * the user's own new conversation, or not at all. Pictures are on the disk before the rows are written.
 * @param file absolute path of the ZIP
 * @returns the new conversation's id
 * @throws Problem `invalid_request` that says what is wrong and where, `payload_too_large`, `storage_full`
 */
export async function importConversation(parts: ImportParts, userId: string, file: string): Promise<string> {
  const archive = await openArchive(file)
  try {
    const document = await readDocument(archive)
    await assertRoom(parts, userId, archive)
    return await keepDocument(parts, userId, archive, document)
  } finally {
    archive.close()
  }
}

async function assertRoom({ store, storageDir }: ImportParts, userId: string, archive: Archive) {
  if (store.images.uploadedBytes(userId) + archive.unpackedBytes > mostUploadedBytes) {
    throw new Problem(
      'storage_full',
      'With these pictures you would take more space than one user may. Delete conversations you no longer need.',
    )
  }
  await assertFreeSpace(storageDir, { floor: freeSpaceFloor + archive.unpackedBytes })
}

async function keepDocument(
  parts: ImportParts,
  userId: string,
  archive: Archive,
  document: ConversationDocument,
): Promise<string> {
  const { store, storageDir, newId, clock, catalogue } = parts
  const id = newId()
  const uploads = new Map<string, string>()
  try {
    const kept = { archive, storageDir, newId }
    const made = [...document.images.values()]
    const arrived = await keepImages(kept, id, new Set(made.map((image) => image.file)))
    for (const [oldId, attachment] of document.uploads) {
      const picture = await keepArchiveUpload(kept, userId, attachment.file)
      uploads.set(oldId, recordUpload(parts, userId, attachment, picture))
    }
    const rows = await importedRows(document, {
      id,
      userId,
      now: clock.now(),
      newId,
      arrived,
      uploads,
      usable: {
        chatModel: (name) => usable(name, catalogue.chatModel),
        imageModel: (name) => usable(name, catalogue.imageModel),
      },
    })
    await writeInPieces(store, rows, clock.now())
  } catch (error) {
    for (const upload of uploads.values()) removePicture({ rows: store.images, storageDir }, userId, upload)
    await parts.files.removeConversation(id)
    throw error
  }
  await closeArrivingFolder(storageDir, id)
  parts.chores.indexSoon()
  return id
}

/** Records a picture as uploaded a moment ago: it stays once a message shows it. */
function recordUpload(
  { store, storageDir, newId, clock }: ImportParts,
  userId: string,
  attachment: FileAttachment,
  picture: ArrivedPicture,
): string {
  const now = clock.now()
  const id = newId()
  try {
    store.copies.addImage({
      ...uploadRow(picture, { id, userId, now }),
      number: null,
      alt: attachment.alt,
      caption: attachment.caption,
      description: attachment.description,
      described: true,
      starred: false,
      createdAt: Math.min(Math.max(Date.parse(attachment.created_at), 0), now),
    })
  } catch (error) {
    removeUnreferenced({ rows: store.images, storageDir }, picture.path)
    throw error
  }
  return id
}

/** The id of a model that may be called here; null for one that cannot, so that the default serves. */
function usable(name: string | null, find: (name: string) => Model): string | null {
  if (name === null) return null
  try {
    return find(name).id
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}
