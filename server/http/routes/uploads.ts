import type { Logger } from 'pino'
import type { Clock } from '../../clock.ts'
import { Upload } from '../../contract/images.ts'
import { Problem } from '../../errors.ts'
import type { NewId } from '../../ids.ts'
import { ensureFolder, userUploads } from '../../images/folders.ts'
import { assertFreeSpace } from '../../images/free-space.ts'
import { keepPicture } from '../../images/keep-picture.ts'
import { mostUploadBytes, mostUploadedBytes, normaliseUpload } from '../../images/normalise-upload.ts'
import { presentUpload } from '../../images/present-image.ts'
import { removeUnreferenced } from '../../images/remove-picture.ts'
import { removeIfThere } from '../../images/spool-file.ts'
import { thumbhashOf } from '../../images/thumbhash.ts'
import type { SpooledPicture } from '../../providers/provider.ts'
import type { ImageRows } from '../../store/images.ts'
import { receiveFile } from '../receive-file.ts'
import { Reply, route, type Route } from '../route.ts'

export interface UploadRouteParts {
  rows: ImageRows
  storageDir: string
  clock: Clock
  newId: NewId
  log: Logger
  /** Bytes that one user's uploads may take together. */
  mostBytesPerUser?: number
  /** Refuses with `storage_full` when the disk is nearly full. */
  assertSpace?: (storageDir: string) => Promise<void>
}

/** How long an upload waits to be put on a message. */
const unusedForMs = 24 * 60 * 60 * 1000

/** `POST /api/uploads`: a user's own picture, to attach or to change. */
export function uploadRoutes({
  rows,
  storageDir,
  clock,
  newId,
  log,
  mostBytesPerUser = mostUploadedBytes,
  assertSpace = assertFreeSpace,
}: UploadRouteParts): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/uploads',
      access: 'user',
      summary: 'Upload a picture to attach or to change; unused ones go after 24 hours',
      bodyKind: 'multipart',
      answers: { 201: Upload },
      problems: ['storage_full'],
      async handle({ user, req }) {
        await assertSpace(storageDir)
        if (rows.uploadedBytes(user.id) >= mostBytesPerUser) {
          throw new Problem(
            'storage_full',
            'Your uploads fill the space that one user may take. Delete conversations with uploads you no longer need.',
          )
        }
        const relative = userUploads(user.id)
        const folder = await ensureFolder(storageDir, relative)
        const spooled = await receiveFile(req, mostUploadBytes, (file) =>
          normaliseUpload(file, { folder, newId }),
        )
        const { thumbhash, kept } = await keepUpload(spooled, { storageDir, folder: relative, newId })
        const now = clock.now()
        try {
          const row = rows.insert({
            id: newId(),
            userId: user.id,
            conversationId: null,
            messageId: null,
            turnId: null,
            generationId: null,
            path: kept.path,
            filename: kept.filename,
            mime: 'image/png',
            sha256: spooled.sha256,
            width: spooled.width,
            height: spooled.height,
            bytes: spooled.bytes,
            thumbhash,
            alt: '',
            caption: '',
            description: '',
            source: 'upload',
            rawPrompt: '',
            refinedPrompt: null,
            revisedPrompt: null,
            refineFallback: false,
            context: null,
            parameters: {},
            model: null,
            provider: null,
            parentId: null,
            durationMs: null,
            costMicro: 0,
            expiresAt: now + unusedForMs,
            createdAt: now,
          })
          return new Reply(201, presentUpload(row))
        } catch (error) {
          log.error({ err: error }, 'an upload could not be recorded; its file is removed again')
          removeUnreferenced({ rows, storageDir }, kept.path)
          throw error
        }
      },
    }),
  ]
}

async function keepUpload(
  spooled: SpooledPicture,
  place: { storageDir: string; folder: string; newId: NewId },
) {
  try {
    const thumbhash = await thumbhashOf(spooled.file)
    return { thumbhash, kept: await keepPicture(spooled, place) }
  } catch (error) {
    await removeIfThere(spooled.file)
    throw error
  }
}
