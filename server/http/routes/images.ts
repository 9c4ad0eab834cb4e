import path from 'node:path'
import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { listOf } from '../../contract/basics.ts'
import {
  GalleryQuery,
  GeneratedImage,
  ImageExportRequest,
  ImageFileQuery,
  ImagePatch,
  ImageRecipe,
  previewWidths,
} from '../../contract/images.ts'
import { Problem } from '../../errors.ts'
import type { NewId } from '../../ids.ts'
import { attachment, downloadName } from '../../images/download-name.ts'
import { exportPictures } from '../../images/export-pictures.ts'
import { presentImage, presentRecipe } from '../../images/present-image.ts'
import { preview } from '../../images/previews.ts'
import { removePicture } from '../../images/remove-picture.ts'
import type { FileServer } from '../../images/serve-file.ts'
import type { ImageRows, StoredFile } from '../../store/images.ts'
import { answered, Reply, route, type Route } from '../route.ts'
import { sendZip } from '../send-zip.ts'

export interface ImageRouteParts {
  rows: ImageRows
  storageDir: string
  files: FileServer
  clock: Clock
  newId: NewId
  log: Logger
}

/** Names outside this pattern are refused before anything is looked up. */
const filenamePattern = /^[a-zA-Z0-9_-]+\.(png|jpg|jpeg|webp)$/

const ImageId = z.object({ id: z.string() })
type FileQuery = z.output<typeof ImageFileQuery>

/** Pictures: their bytes, the gallery, recipes, and getting rid of them. */
export function imageRoutes(parts: ImageRouteParts): Route[] {
  const { rows, storageDir, clock, log } = parts
  const sendStored = storedFileSender(parts)
  return [
    route({
      method: 'get',
      path: '/api/conversation-image/:conv_id/:filename',
      access: 'user',
      summary: "The bytes of a conversation's picture",
      params: z.object({ conv_id: z.string(), filename: z.string() }),
      query: ImageFileQuery,
      answers: { 200: undefined, 304: undefined },
      media: ['image/png', 'image/webp'],
      problems: ['invalid_filename'],
      handle({ user, params, query, req, res }) {
        if (!filenamePattern.test(params.filename)) {
          throw new Problem(
            'invalid_filename',
            'The name of a picture takes letters, digits, - and _, and ends in .png, .jpg, .jpeg or .webp.',
          )
        }
        return sendStored(rows.byFile(user.id, params.conv_id, params.filename), query, req, res)
      },
    }),
    route({
      method: 'get',
      path: '/api/images/:id/file',
      access: 'user',
      summary: 'The bytes of a picture that stands in no conversation',
      params: ImageId,
      query: ImageFileQuery,
      answers: { 200: undefined, 304: undefined },
      media: ['image/png', 'image/webp'],
      handle: ({ user, params, query, req, res }) =>
        sendStored(rows.fileById(user.id, params.id), query, req, res),
    }),
    route({
      method: 'get',
      path: '/api/images',
      access: 'user',
      summary: "The user's pictures, newest first",
      query: GalleryQuery,
      answers: { 200: listOf(GeneratedImage) },
      handle({ user, query }) {
        // What was painted a moment ago is found as well.
        if (query.q) rows.indexSome(100)
        const { items, nextCursor } = rows.gallery(user.id, query)
        return { items: items.map(presentImage), next_cursor: nextCursor }
      },
    }),
    route({
      method: 'get',
      path: '/api/images/:id',
      access: 'user',
      summary: 'One picture with its recipe and its family',
      params: ImageId,
      answers: { 200: ImageRecipe },
      handle({ user, params }) {
        const row = rows.byId(user.id, params.id)
        if (!row) throw noSuchPicture()
        return presentRecipe(row, {
          ancestors: rows.ancestors(user.id, row.id),
          children: rows.children(user.id, row.id),
        })
      },
    }),
    route({
      method: 'patch',
      path: '/api/images/:id',
      access: 'user',
      summary: 'Star a picture, write its alternative text, or keep one that was made on the side',
      params: ImageId,
      body: ImagePatch,
      answers: { 200: GeneratedImage },
      handle({ user, params, body }) {
        const row = rows.patch(user.id, params.id, body)
        if (!row) throw noSuchPicture()
        return presentImage(row)
      },
    }),
    route({
      method: 'delete',
      path: '/api/images/:id',
      access: 'user',
      summary: 'Delete a picture; its file goes when nothing refers to it',
      params: ImageId,
      answers: { 204: undefined },
      handle({ user, params }) {
        if (!removePicture({ rows, storageDir }, user.id, params.id)) throw noSuchPicture()
        return new Reply(204)
      },
    }),
    route({
      method: 'post',
      path: '/api/images/export',
      access: 'user',
      summary: 'A ZIP of several pictures with their recipes',
      body: ImageExportRequest,
      answers: { 200: undefined },
      media: ['application/zip'],
      problems: ['not_found'],
      async handle({ user, body, res }) {
        const wanted = [...new Set(body.ids)].map((id) => rows.byId(user.id, id))
        const found = wanted.filter((row) => row !== undefined)
        if (found.length < wanted.length) throw noSuchPicture()
        const now = clock.now()
        const content = exportPictures(found, { storageDir, now })
        return sendZip(res, { content, name: 'pictures', now }, log)
      },
    }),
  ]
}

/** Answers a stored picture, its preview, or its download; for nothing at all, that there is nothing. */
function storedFileSender({ storageDir, files, newId }: ImageRouteParts) {
  return async (
    stored: StoredFile | undefined,
    query: FileQuery,
    req: Request,
    res: Response,
  ): Promise<typeof answered> => {
    if (!stored) throw noSuchPicture()
    const original = path.join(storageDir, stored.path)
    const width = previewWidths.find((width) => String(width) === query.w)
    const etag = width === undefined ? stored.sha256 : `${stored.sha256}-${width}`
    await files.send(req, res, {
      etag,
      mime: width === undefined ? stored.mime : 'image/webp',
      disposition: isYes(query.download) ? downloadOf(stored, width !== undefined) : 'inline',
      ...(width === undefined
        ? { file: original, recorded: { sha256: stored.sha256, bytes: stored.bytes } }
        : { file: () => preview(original, width, newId), recorded: undefined }),
    })
    return answered
  }
}

function isYes(flag: string | undefined): boolean {
  return flag !== undefined && flag !== '0' && flag !== 'false'
}

function downloadOf(stored: StoredFile, isPreview: boolean): string {
  const extension = isPreview ? 'webp' : path.extname(stored.path).slice(1)
  return attachment(downloadName(stored.createdAt, stored.caption || stored.prompt, extension))
}

/** The same words for a picture that never was, for a deleted one and for somebody else's. */
function noSuchPicture(): Problem {
  return new Problem('not_found', 'There is no such picture.')
}
