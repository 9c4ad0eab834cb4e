/** So many bytes as people say it: `812 kB`, `2.1 MB`. */
export function sizeInWords(bytes: number): string {
  if (bytes < 999_500) return `${Math.max(1, Math.round(bytes / 1000))} kB`
  return `${(bytes / 1e6).toFixed(bytes < 99_950_000 ? 1 : 0)} MB`
}
