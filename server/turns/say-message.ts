import { wishOf } from '../images/present-image.ts'
import type { ImageRow } from '../store/image-row.ts'
import type { MessageRow } from '../store/messages.ts'

const slashWish = /^\/(?:image|imagine|generate|draw)\s+/i
/** How the picture was to be made, which says nothing of what is on it. */
const imageOptions = /(?<=\s\S.*)\s(?:--|[—–])(?:raw|(?:model|aspect|n)(?:=|\s+)(?:"[^"]*"|\S+))(?=\s|$)/gis
const pictureLink = /!\[[^\]]*\]\(\/api\/conversation-image\/[^)\s]+\)\s*/g

/**
 * A message in words that a model understands: pictures by number and description instead of links that
 * mean nothing outside of this server.
 */
export function sayMessage(
  message: Pick<MessageRow, 'text' | 'sender' | 'kind'>,
  images: readonly ImageRow[],
): string {
  const words =
    message.sender === 'model'
      ? message.text.replace(pictureLink, '').trim()
      : message.kind === 'image'
        ? message.text.replace(slashWish, 'Picture wanted: ').replace(imageOptions, '')
        : message.text
  const pictures = images.map((image) => `[${sayPicture(image)}]`)
  return [words, ...pictures].filter((part) => part !== '').join('\n')
}

/** `Picture 2: a lighthouse at dusk`, or `Attached picture: …` for a user's own. */
export function sayPicture(image: ImageRow): string {
  const what = image.description || image.alt || wishOf(image)
  const name = image.number === null ? 'Attached picture' : `Picture ${image.number}`
  return what === '' ? name : `${name}: ${cut(what, 600)}`
}

/** At most `most` characters, ending in an ellipsis where something was left out. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
