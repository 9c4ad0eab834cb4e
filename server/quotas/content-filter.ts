import { Problem } from '../errors.ts'

/** Refuses an image prompt, or lets it pass. */
export type ContentFilter = (prompt: string) => void

/**
 * The operator's own list of refused words (`CONTENT_FILTER_TERMS`): whole words, any case, however Unicode spells
 * them.
 * @returns a check that throws Problem `content_policy`.
 */
export function contentFilter(terms: readonly string[]): ContentFilter {
  if (terms.length === 0) return () => undefined
  const escaped = terms.map((term) =>
    spelled(term)
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\s+/g, '\\s+'),
  )
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'iu')
  return (prompt) => {
    if (pattern.test(spelled(prompt))) {
      throw new Problem(
        'content_policy',
        'This prompt is refused by the content policy of this server. Say it in other words; nothing was spent.',
      )
    }
  }
}

/** An accent may be a character of its own, and letters come in several widths: Unicode's NFKC makes them one. */
function spelled(text: string): string {
  return text.normalize('NFKC')
}
