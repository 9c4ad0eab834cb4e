/**
 * The words of an index row's `scope` column: the owner and the conversation as one word each, so that
 * SQLite's FTS5 intersects with them and a search never walks through a stranger's hits.
 */
export function scopeWords(userId: string, conversationId: string | null): string {
  return `u${bare(userId)}${conversationId === null ? '' : ` c${bare(conversationId)}`}`
}

function bare(id: string): string {
  return id.replace(/[^A-Za-z0-9]/g, '')
}

interface Scope {
  userId: string
  conversationId?: string
  /** Rows with any of the words count, not only those with all. */
  any?: boolean
}

/**
 * An FTS5 query (sqlite.org/fts5.html, section 3) for what a person typed: every word quoted, so nothing
 * in it is an operator; the last one matches as a prefix. Undefined where there is no word to search.
 */
export function matchExpression(typed: string, { userId, conversationId, any }: Scope): string | undefined {
  const words = (typed.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).slice(0, 24)
  if (words.length === 0) return undefined
  const last = words.length - 1
  const text = words.map((word, index) => `"${word}"${index === last && !any ? '*' : ''}`)
  const scope = scopeWords(userId, conversationId ?? null)
    .split(' ')
    .map((word) => `"${word}"`)
  return `scope : (${scope.join(' AND ')}) AND text : (${text.join(any ? ' OR ' : ' AND ')})`
}

/** A text as the word index compares it: without case and accents, in any script. */
export function foldedText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
