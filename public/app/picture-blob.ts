/**
 * The bytes of a `data:` URI with a picture in base64, or undefined for anything else. `fetch` of data: URIs
 * is closed by the page's content security policy, and browsers open none of them in a tab.
 */
export function pictureBlob(uri: string): Blob | undefined {
  const match = /^data:(image\/(?:png|jpeg|webp));base64,([A-Za-z0-9+/]+={0,2})$/.exec(uri)
  if (!match?.[1] || !match[2]) return undefined
  const bytes = Uint8Array.from(atob(match[2]), (character) => character.charCodeAt(0))
  return new Blob([bytes], { type: match[1] })
}
