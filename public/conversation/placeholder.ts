import { thumbHashToDataURL } from 'thumbhash'

/** A picture's ThumbHash (base64, about 25 bytes) as a CSS image; nothing for one that has none or a broken one. */
export function placeholderOf(thumbhash: string | null): string {
  if (thumbhash === null || !/^[A-Za-z0-9+/]{8,48}={0,2}$/.test(thumbhash)) return ''
  const bytes = Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0))
  return `url(${thumbHashToDataURL(bytes)})`
}
