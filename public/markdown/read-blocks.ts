import { Lexer, type MarkedToken, type Token } from 'marked'
import { deepestInline, isTooDeep, isTooDense } from './bounds.ts'
import { mathExtensions } from './math-tokens.ts'

/** `marked`'s lexer that leaves as text what would cost too much to read. */
class BoundedLexer extends Lexer {
  #depth = 0

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    if (this.#depth >= deepestInline || isTooDense(source)) {
      tokens.push({ type: 'text', raw: source, text: source, escaped: false })
      return tokens
    }
    this.#depth += 1
    try {
      return super.inlineTokens(source, tokens)
    } finally {
      this.#depth -= 1
    }
  }
}

/** The blocks of a Markdown text, or undefined for one that is better shown as it was written. */
export function readBlocks(text: string): Token[] | undefined {
  if (isTooDeep(text)) return undefined
  try {
    return new BoundedLexer({ gfm: true, extensions: mathExtensions }).lex(text)
  } catch (thrown) {
    // The bounds are ours, the recursion is marked's: a text that slips between them is still shown.
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

const ownTypes = new Set<string>([
  'blockquote',
  'br',
  'checkbox',
  'code',
  'codespan',
  'def',
  'del',
  'em',
  'escape',
  'heading',
  'hr',
  'html',
  'image',
  'link',
  'list',
  'list_item',
  'paragraph',
  'space',
  'strong',
  'table',
  'text',
] satisfies MarkedToken['type'][])

/** Every token is one of marked's own, except formulas. */
export function isMarkedToken(token: Token): token is MarkedToken {
  return ownTypes.has(token.type)
}
