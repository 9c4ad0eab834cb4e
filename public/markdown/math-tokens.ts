import type { MarkedOptions, Token } from 'marked'

/** A formula among words or on a line of its own. `marked` has no token of that kind. */
export interface MathToken {
  type: 'math'
  raw: string
  /** The TeX between the marks. */
  text: string
  display: boolean
}

export function isMathToken(token: Token): token is Token & MathToken {
  return token.type === 'math'
}

/** A formula longer than this is shown as it was written; it also bounds what a search for its end costs. */
const longest = 4000

/** `$$ … $$` or `\[ … \]` at the beginning of a block, without an empty line inside. */
const block = new RegExp(
  String.raw`^ {0,3}(?:\$\$((?:[^$\\\n]|\\[^]|\n(?![^\S\n]*\n)){1,${longest}}?)\$\$|` +
    String.raw`\\\[((?:[^\\\n]|\\[^\]]|\n(?![^\S\n]*\n)){1,${longest}}?)\\\])[^\S\n]*(?:\n|$)`,
)
const displayed = new RegExp(
  String.raw`^(?:\$\$((?:[^$\\]|\\[^]){1,${longest}}?)\$\$|\\\[((?:[^\\]|\\[^\]]){1,${longest}}?)\\\])`,
)
/** Pandoc's rule, so that prices stay prices: no blank inside the marks, no digit after the last. */
const inline = new RegExp(
  String.raw`^(?:\$(?![\s$])((?:[^$\\\n]|\\[^\n]){0,${longest}}?(?:[^\s$\\]|\\[^\s]))\$(?![\d$])|` +
    String.raw`\\\(((?:[^\\\n]|\\[^)\n]){1,${longest}}?)\\\))`,
)

function mathToken(found: RegExpExecArray | null, display: boolean): MathToken | undefined {
  const text = (found?.[1] ?? found?.[2] ?? '').trim()
  return found && text !== '' ? { type: 'math', raw: found[0], text, display } : undefined
}

/** Where a formula may begin; searched without a regular expression, because it is asked at every word. */
function opener(source: string): number {
  const found = ['$', '\\(', '\\['].map((mark) => source.indexOf(mark)).filter((at) => at !== -1)
  return found.length === 0 ? -1 : Math.min(...found)
}

/** Where a formula may cut a paragraph short; asked at each paragraph, so only that one is searched. */
function blockOpener(source: string): number {
  const end = source.indexOf('\n\n')
  return source.slice(0, end === -1 ? longest : Math.min(end, longest)).search(/\n {0,3}(?:\$\$|\\\[)/)
}

/** Teaches `marked`'s lexer formulas. */
export const mathExtensions: NonNullable<MarkedOptions['extensions']> = {
  block: [(source) => mathToken(block.exec(source), true)],
  startBlock: [blockOpener],
  inline: [
    (source) =>
      source.startsWith('$') || source.startsWith('\\')
        ? (mathToken(displayed.exec(source), true) ?? mathToken(inline.exec(source), false))
        : undefined,
  ],
  startInline: [opener],
  renderers: {},
  childTokens: {},
}
