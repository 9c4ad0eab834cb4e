import type { InputPicture } from '../providers/provider.ts'
import type { ImageRow } from '../store/images.ts'
import type { MessageRow } from '../store/messages.ts'
import { sayPicture } from './say-message.ts'
import type { TurnAsk, TurnParts } from './turn.ts'

/** The last 3 turns. */
export const seenMessages = 6
/** The most generated pictures of one message that are shown. */
export const seenPerMessage = 2
/** The most pictures in one call: Gemini takes 14, others fewer. */
const mostPictures = 8

export interface SeenPicture {
  /** `Picture 2: a lighthouse`, so that the model can tell them apart. */
  name: string
  picture: InputPicture
}

/**
 * Which pictures a model looks at this turn: the user's own on the recent messages, and the generated ones
 * on the model's messages of the last 3 turns, at most 2 a message; pinned ones are added, dropped ones
 * left out. Pure.
 * @param recent messages of the branch, newest first, the one being answered at the front.
 */
export function chooseImages(
  recent: readonly MessageRow[],
  generated: ReadonlyMap<string, readonly ImageRow[]>,
  attached: ReadonlyMap<string, readonly ImageRow[]>,
  pinned: readonly ImageRow[],
  ask: Pick<TurnAsk, 'drop'>,
): ImageRow[] {
  // The message that is being answered does not count among the six before it.
  const window = recent.slice(0, seenMessages + 1).toReversed()
  const chosen = new Map<string, ImageRow>()
  for (const image of pinned) chosen.set(image.id, image)
  for (const message of window) {
    const own = attached.get(message.id) ?? []
    const made = message.sender === 'model' ? (generated.get(message.id) ?? []).slice(0, seenPerMessage) : []
    for (const image of [...own, ...made]) chosen.set(image.id, image)
  }
  for (const id of ask.drop) chosen.delete(id)
  // The newest are what the talk is about.
  return [...chosen.values()].slice(-mostPictures)
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
