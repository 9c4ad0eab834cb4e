import path from 'node:path'
import { z } from 'zod'
import { Id } from '../../contract/basics.ts'
import { Conversation, ExportQuery } from '../../contract/conversations.ts'
import { presentConversation } from '../../conversations/present-conversation.ts'
import { exportConversation } from '../../conversations/export-conversation.ts'
import { importConversation, type ImportParts } from '../../conversations/import-conversation.ts'
import { Problem } from '../../errors.ts'
import { ensureFolder, userUploads } from '../../images/folders.ts'
import { assertFreeSpace } from '../../images/free-space.ts'
import { temporaryPrefix } from '../../images/picture-sink.ts'
import { removeIfThere, spoolFile } from '../../images/spool-file.ts'
import { receiveFile } from '../receive-file.ts'
import { Reply, route, type Route } from '../route.ts'
import { sendZip } from '../send-zip.ts'
import { ownConversation } from './conversations.ts'

/** The most bytes of a ZIP that is imported. */
const mostArchiveBytes = 300 * 1024 ** 2

/** Conversations out of this server and back into it. */
export function transferRoutes(parts: ImportParts): Route[] {
  const { store, storageDir, clock, newId, log } = parts
  const importing = new Set<string>()

  return [
    route({
      method: 'get',
      path: '/api/conversations/:conv_id/export',
      access: 'user',
      summary:
        'A ZIP of a conversation and its pictures: every branch as JSON, which can be imported, or the shown branch as Markdown.',
      params: z.object({ conv_id: Id }),
      query: ExportQuery,
      answers: { 200: undefined },
      media: ['application/zip'],
      async handle({ user, params, query, res }) {
        const conversation = ownConversation(store, user.id, params.conv_id)
        const now = clock.now()
        const content = exportConversation({ store, storageDir, now }, conversation, query.format)
        return sendZip(res, { content, name: conversation.title, now }, log)
      },
    }),
    route({
      method: 'post',
      path: '/api/conversations/import',
      access: 'user',
      summary: 'Take back what was exported as JSON, as a new conversation: whole, or not at all.',
      bodyKind: 'multipart',
      answers: { 201: Conversation },
      problems: ['storage_full', 'too_many_active'],
      async handle({ user, req }) {
        if (importing.has(user.id)) {
          throw new Problem(
            'too_many_active',
            'You are importing a conversation already. Wait until it is done.',
            { retryAfter: 10 },
          )
        }
        importing.add(user.id)
        try {
          await assertFreeSpace(storageDir)
          const folder = await ensureFolder(storageDir, userUploads(user.id))
          const file = path.join(folder, `${temporaryPrefix}${newId()}`)
          try {
            await receiveFile(req, mostArchiveBytes, (pieces) => spoolArchive(pieces, file))
            const id = await importConversation(parts, user.id, file)
            return new Reply(201, presentConversation(ownConversation(store, user.id, id)))
          } finally {
            await removeIfThere(file)
          }
        } finally {
          importing.delete(user.id)
        }
      },
    }),
  ]
}

async function spoolArchive(pieces: AsyncIterable<Uint8Array>, file: string): Promise<void> {
  const spool = spoolFile(file, () => undefined)
  try {
    let bytes = 0
    for await (const piece of pieces) {
      bytes += piece.length
      if (bytes > mostArchiveBytes) {
        throw new Problem(
          'payload_too_large',
          `The ZIP is larger than ${mostArchiveBytes / 1024 ** 2} MB, the most that can be imported.`,
        )
      }
      await spool.write(piece)
    }
    if (bytes === 0) throw new Problem('invalid_request', 'The file is empty. Choose an exported ZIP.')
    await spool.flush()
    // It is read once and removed, so it need not outlive a power cut.
    await spool.close({ sync: false })
  } catch (error) {
    await spool.discard()
    throw error
  }
}
