import type { Logger } from 'pino'
import type { Clock } from '../../clock.ts'
import { Upload } from '../../contract/images.ts'
import { Problem } from '../../errors.ts'
import type { NewId } from '../../ids.ts'
import { assertFreeSpace } from '../../images/free-space.ts'
import { keepUpload, uploadRow } from '../../images/keep-upload.ts'
import { mostUploadBytes, mostUploadedBytes } from '../../images/normalise-upload.ts'
import { presentUpload } from '../../images/present-image.ts'
import { removeUnreferenced } from '../../images/remove-picture.ts'
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
      summary:
        'Upload a picture to attach or to change. It is kept as PNG, at most 2,560 pixels long; unused ones go after 24 hours.',
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
        const picture = await receiveFile(req, mostUploadBytes, (file) =>
          keepUpload(file, { storageDir, userId: user.id, newId }),
        )
        try {
          const row = rows.insert(uploadRow(picture, { id: newId(), userId: user.id, now: clock.now() }))
          return new Reply(201, presentUpload(row))
        } catch (error) {
          log.error({ err: error }, 'an upload could not be recorded; its file is removed again')
          removeUnreferenced({ rows, storageDir }, picture.path)
          throw error
        }
      },
    }),
  ]
}
