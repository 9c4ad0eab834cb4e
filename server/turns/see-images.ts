import type { InputPicture } from '../providers/provider.ts'
import type { ImageRow } from '../store/image-row.ts'
import { sayPicture } from './say-message.ts'
import type { TurnParts } from './turn.ts'

export interface SeenPicture {
  /** `Picture 2: a lighthouse`, so that the model can tell them apart. */
  name: string
  picture: InputPicture
}

/** The chosen pictures as models take them; one whose file is gone is skipped. */
export async function lookAt(
  parts: Pick<TurnParts, 'pictures'>,
  images: readonly ImageRow[],
): Promise<SeenPicture[]> {
  const seen = await Promise.all(
    images.map(async (image): Promise<SeenPicture | undefined> => {
      const picture = await parts.pictures.visionCopy(image)
      return picture && { name: sayPicture(image), picture }
    }),
  )
  return seen.filter((picture) => picture !== undefined)
}
