/**
 * The name under which a picture is saved: when it was made and what it shows, for example
 * `easel-2026-11-20-1430-a-fox-in-the-snow.png`. Letters of any script are kept.
 * @param createdAt milliseconds since 1970; the name has it in UTC
 * @param shows caption or prompt
 * @param extension without the dot
 */
export function downloadName(createdAt: number, shows: string, extension: string): string {
  const iso = new Date(createdAt).toISOString()
  const stamp = `${iso.slice(0, 10)}-${iso.slice(11, 13)}${iso.slice(14, 16)}`
  const slug = (
    shows
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).join('-')
  const short = Array.from(slug).slice(0, 60).join('').replace(/-+$/, '')
  return `easel-${stamp}${short === '' ? '' : `-${short}`}.${extension}`
}

/**
 * `Content-Disposition` of a download (RFC 6266): a plain ASCII name for old clients, and where that loses
 * letters the full name as `filename*` (RFC 8187).
 */
export function attachment(name: string): string {
  const ascii = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]+/g, '')
    .replace(/-{2,}/g, '-')
    .replace(/-\./, '.')
  const full = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${full}`
}
