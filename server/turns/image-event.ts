import type { TurnEvent } from '../contract/turns.ts'
import { presentImage } from '../images/present-image.ts'
import type { NewImage } from '../store/image-row.ts'
import type { Store } from '../store/store.ts'

/** The `image` event of a recorded picture. */
export function imageEvent(
  store: Store,
  image: Pick<NewImage, 'id' | 'userId'>,
  index: number,
  total: number,
): TurnEvent {
  const row = store.images.byId(image.userId, image.id)
  if (!row) throw new Error(`image ${image.id} is not in the database right after it was recorded`)
  return { type: 'image', index, total, ...presentImage(row) }
}
