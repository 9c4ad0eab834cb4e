import path from 'node:path'
import { Problem } from '../errors.ts'
import type { NewId } from '../ids.ts'
import type { Pictures } from '../turns/pictures.ts'
import { conversationImages, ensureFolder, userUploads } from './folders.ts'
import { assertFreeSpace } from './free-space.ts'
import { keepPicture } from './keep-picture.ts'
import { pictureSink } from './picture-sink.ts'
import { removeIfThere } from './spool-file.ts'
import { visionCopy } from './vision-copy.ts'

/** Pictures in the storage folder. */
export function folderPictures(storageDir: string, newId: NewId): Pictures {
  async function sinkIn(relative: string) {
    await assertFreeSpace(storageDir)
    return pictureSink({ folder: await ensureFolder(storageDir, relative), newId })
  }
  return {
    assertSpace: () => assertFreeSpace(storageDir),
    sinkFor: (conversationId) => sinkIn(conversationImages(conversationId)),
    looseSinkFor: (userId) => sinkIn(userUploads(userId)),

    async keep(spooled) {
      const folder = path.relative(storageDir, path.dirname(spooled.file)).split(path.sep).join('/')
      const kept = await keepPicture(spooled, { storageDir, folder })
      const { sha256, width, height, bytes } = spooled
      return { ...kept, sha256, width, height, bytes }
    },

    discard: (spooled) => removeIfThere(spooled.file),

    async visionCopy(image) {
      try {
        const shows = image.description || image.refinedPrompt || image.rawPrompt
        return await visionCopy(path.join(storageDir, image.path), shows, newId)
      } catch (cause) {
        // A file that somebody deleted by hand is left out; the talk about it goes on.
        if (cause instanceof Problem && cause.code === 'not_found') return undefined
        throw cause
      }
    },
  }
}
