import path from 'node:path'
import { Problem } from '../errors.ts'
import type { NewId } from '../ids.ts'
import type { SpooledPicture } from '../providers/provider.ts'
import type { Pictures } from '../turns/pictures.ts'
import { conversationImages, ensureFolder, namesIn, userUploads } from './folders.ts'
import { assertFreeSpace } from './free-space.ts'
import { keepPicture } from './keep-picture.ts'
import { pictureSink } from './picture-sink.ts'
import { wishOf } from './present-image.ts'
import { removeIfThere } from './spool-file.ts'
import { sweepTemporary } from './sweep-temporary.ts'
import { thumbhashOf } from './thumbhash.ts'
import { visionCopy } from './vision-copy.ts'

/** Pictures in the storage folder. */
export function folderPictures(storageDir: string, newId: NewId): Pictures {
  async function sinkIn(relative: string) {
    await assertFreeSpace(storageDir)
    return pictureSink({ folder: await ensureFolder(storageDir, relative), newId })
  }
  async function sweepIn(
    folders: readonly string[],
    before: number,
    needed: readonly SpooledPicture[],
  ): Promise<void> {
    const keep = new Set(needed.map(({ file }) => path.resolve(storageDir, file)))
    for (const folder of folders) await sweepTemporary(path.join(storageDir, folder), { before, keep })
  }
  return {
    assertSpace: () => assertFreeSpace(storageDir),
    sinkFor: (conversationId) => sinkIn(conversationImages(conversationId)),
    looseSinkFor: (userId) => sinkIn(userUploads(userId)),

    async keep(noted) {
      const spooled = { ...noted, file: path.resolve(storageDir, noted.file) }
      const folder = path.relative(storageDir, path.dirname(spooled.file)).split(path.sep).join('/')
      const kept = await keepPicture(spooled, { storageDir, folder, newId })
      const { sha256, width, height, bytes } = spooled
      return { ...kept, sha256, width, height, bytes }
    },

    discard: (spooled) => removeIfThere(path.resolve(storageDir, spooled.file)),

    noted: (spooled) => ({ ...spooled, file: path.relative(storageDir, spooled.file) }),

    sweep(place, before, needed) {
      const folder =
        'conversationId' in place ? conversationImages(place.conversationId) : userUploads(place.userId)
      return sweepIn([folder], before, needed)
    },

    async sweepAll(before, needed) {
      const conversations = await namesIn(path.join(storageDir, 'conversations'))
      const users = await namesIn(path.join(storageDir, 'uploads'))
      const folders = [
        ...conversations.map((name) => path.join('conversations', name, 'images')),
        ...users.map((name) => path.join('uploads', name)),
      ]
      await sweepIn(folders, before, needed)
    },

    thumbhash: (image) => unlessGone(() => thumbhashOf(path.join(storageDir, image.path))),

    visionCopy: (image) =>
      unlessGone(() => {
        const shows = image.description || wishOf(image)
        return visionCopy(path.join(storageDir, image.path), shows, newId)
      }),
  }
}

/** A file that somebody deleted by hand is left out; everything else goes on. */
async function unlessGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof Problem && cause.code === 'not_found') return undefined
    throw cause
  }
}
