/**
 * A file name that sorts by time and can be read: `easel-2026-11-20-14-05-09-lighthouse-at-dawn.png`.
 * @param time ISO 8601
 */
export function downloadName(time: string, words: string, extension = 'png'): string {
  const stamp = time.slice(0, 19).replaceAll(/[T:]/g, '-')
  const slug = words
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '')
  return ['easel', stamp, slug].filter((part) => part !== '').join('-') + `.${extension}`
}
