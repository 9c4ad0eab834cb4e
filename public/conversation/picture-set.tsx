import type { GeneratedImage } from '../../server/contract/images.ts'
import type { Message } from '../../server/contract/messages.ts'
import type { LivePicture, LiveTurn, PictureFailure } from '../app/live-turn.ts'
import { texts } from '../texts/texts.ts'
import { Picture } from './picture.tsx'
import { UnfinishedPicture } from './unfinished-picture.tsx'

/** A place for one picture: there, being painted, or not to come. */
export type Slot =
  | { state: 'finished'; image: GeneratedImage; aspectRatio?: string | undefined }
  | { state: 'painting'; picture: LivePicture }
  | { state: 'failed'; failure: PictureFailure; aspectRatio: string | undefined }
  | { state: 'cancelled' | 'interrupted'; aspectRatio: string | undefined }

/** The places for pictures that a message has. */
export function slotsOf(message: Message, live: LiveTurn | undefined): Slot[] {
  const images = message.generated_images
  if (message.state === 'streaming') {
    if (!live) return images.map((image) => ({ state: 'finished', image }))
    return live.pictures.map((picture) => liveSlot(picture))
  }
  if (images.length > 0) return endedSlots(images, live?.pictures ?? [])
  if (message.kind !== 'image' && live?.kind !== 'image') return []
  const aspectRatio = live?.pictures[0]?.aspectRatio
  if (message.state === 'cancelled' || message.state === 'interrupted') {
    return [{ state: message.state, aspectRatio }]
  }
  if (message.state !== 'failed') return []
  const error = message.error
  const failure = {
    message: error?.message ?? texts.message.failed,
    retryable: error?.retryable ?? true,
  }
  return [{ state: 'failed', failure, aspectRatio }]
}

/** Who watched the painting keeps every picture in the place and the frame where it appeared. */
function endedSlots(images: readonly GeneratedImage[], watched: readonly LivePicture[]): Slot[] {
  const kept = new Map(images.map((image) => [image.id, image]))
  const seen = new Set(watched.map((picture) => picture.image?.id))
  const appeared = watched.flatMap((picture) => {
    const image = picture.image && kept.get(picture.image.id)
    if (image) return liveSlot({ ...picture, image })
    return picture.error && !picture.image ? liveSlot(picture) : []
  })
  const others = images.filter((image) => !seen.has(image.id))
  return [...others.map((image): Slot => ({ state: 'finished', image })), ...appeared]
}

function liveSlot(picture: LivePicture): Slot {
  if (picture.image) {
    return { state: 'finished', image: picture.image, aspectRatio: picture.aspectRatio }
  }
  if (picture.error) return { state: 'failed', failure: picture.error, aspectRatio: picture.aspectRatio }
  return { state: 'painting', picture }
}

interface PictureSetProps {
  slots: readonly Slot[]
  live: LiveTurn | undefined
  /** The model that paints, once it is known. */
  model: string | undefined
  /** Stops the painting; nothing when there is nothing to stop. */
  cancel: (() => void) | undefined
  /** Paints again; nothing while something runs. */
  again: (() => void) | undefined
}

/** The pictures of one message: one across the page, several side by side. */
export function PictureSet({ slots, live, model, cancel, again }: PictureSetProps) {
  // The frames keep their keys from the first moment to the finished picture, so nothing is built twice.
  const drawn = slots.map((slot, index) =>
    slot.state === 'finished' ? (
      <Picture key={index} image={slot.image} single={slots.length === 1} expected={slot.aspectRatio} />
    ) : (
      <UnfinishedPicture
        key={index}
        slot={slot}
        live={live}
        model={model}
        cancel={slots.length === 1 ? cancel : undefined}
        again={again}
      />
    ),
  )
  if (slots.length === 1) return <>{drawn}</>
  const numbers = slots.flatMap((slot) =>
    slot.state === 'finished' && slot.image.number ? [slot.image.number] : [],
  )
  const finished = slots.filter((slot) => slot.state === 'finished').length
  const label = numbers.length > 0 ? texts.picture.group(numbers.join(', ')) : texts.picture.progress
  return (
    <div class="pictures" role="group" aria-label={label} data-count={slots.length}>
      <div class="pictures__head">
        <strong>{texts.picture.count(finished, slots.length)}</strong>
        {cancel && (
          <button class="button button--plain" type="button" onClick={cancel}>
            {texts.cancel}
          </button>
        )}
      </div>
      {drawn}
    </div>
  )
}
