/**
 * Puts a picture of this server on the clipboard; undefined where the browser has none to write to, as on
 * plain http. The promise goes into the clipboard unfulfilled, because Safari lets nothing be written once
 * the click is over.
 */
export const copyPicture: ((url: string) => Promise<void>) | undefined = hasClipboard()
  ? (url) => navigator.clipboard.write([new ClipboardItem({ 'image/png': pictureAt(url) })])
  : undefined

function hasClipboard(): boolean {
  return typeof ClipboardItem === 'function' && 'clipboard' in navigator
}

async function pictureAt(url: string): Promise<Blob> {
  const response = await fetch(url)
  if (!response.ok) throw new Error('the picture could not be read')
  return response.blob()
}
