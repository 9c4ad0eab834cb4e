import type { NewId } from '../ids.ts'
import type { SpooledPicture } from '../providers/provider.ts'
import type { NewImage } from '../store/image-row.ts'
import { ensureFolder, userUploads } from './folders.ts'
import { keepPicture, type KeptPicture } from './keep-picture.ts'
import { normaliseUpload } from './normalise-upload.ts'
import { removeIfThere } from './spool-file.ts'
import { thumbhashOf } from './thumbhash.ts'

/** A picture under the name that its own bytes give it. */
export type ArrivedPicture = KeptPicture &
  Pick<SpooledPicture, 'sha256' | 'width' | 'height' | 'bytes'> & { thumbhash: string | null }

/** How long an upload waits to be put on a message. */
const unusedForMs = 24 * 60 * 60 * 1000

/**
 * Keeps a picture of the user's own among the user's uploads: decoded wholly, without metadata, as PNG. The
 * caller records it at once, since nothing else keeps its file from being taken for nobody's.
 * @throws Problem as `normaliseUpload` and `keepPicture` do
 */
export async function keepUpload(
  pieces: AsyncIterable<Uint8Array>,
  { storageDir, userId, newId }: { storageDir: string; userId: string; newId: NewId },
): Promise<ArrivedPicture> {
  const folder = userUploads(userId)
  const absolute = await ensureFolder(storageDir, folder)
  const spooled = await normaliseUpload(pieces, { folder: absolute, newId })
  try {
    const thumbhash = await thumbhashOf(spooled.file)
    const { sha256, width, height, bytes } = spooled
    return {
      ...(await keepPicture(spooled, { storageDir, folder, newId })),
      sha256,
      width,
      height,
      bytes,
      thumbhash,
    }
  } catch (error) {
    await removeIfThere(spooled.file)
    throw error
  }
}

/** Its row, as long as it stands on no message; unused it goes after a day. */
export function uploadRow(
  picture: ArrivedPicture,
  { id, userId, now }: { id: string; userId: string; now: number },
): NewImage {
  return {
    ...picture,
    id,
    userId,
    conversationId: null,
    messageId: null,
    turnId: null,
    generationId: null,
    mime: 'image/png',
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
  }
}
