import type { Token } from 'marked'
import { formulaBegin, waitsForFormulas } from './formulas.ts'
import { isMarkedToken } from './read-blocks.ts'

/* What is held back of a text that still arrives, because what stands after it would move when it is whole. */

const longestAddress = 2000
const begunAddress = /\]\([^)\s]*$/
/** A last line of marks alone: a list, a heading, a rule, the underline of the line above, or the fence of code. */
const begunLine = /(?:^|\n)[ \t]*(?:[-=*+#>|`~ \t]+|\d{1,9}[.)]?[ \t]*)$/

/** The text up to what is not whole yet: a line of marks, the address of a link, a formula whose code is on its way. */
export function wholePart(text: string): string {
  if (waitsForFormulas(text)) return text.slice(0, formulaBegin(text))
  const end = text.slice(-longestAddress)
  const begun = begunAddress.exec(end) ?? begunLine.exec(end)
  return begun ? text.slice(0, text.length - end.length + begun.index) : text
}

/** Rows by which the columns of a table get their widths while it is written. */
const firstRows = 3

/** All blocks but a table at the end whose first rows still change the widths of its columns. */
export function withoutBegunTable(blocks: readonly Token[]): readonly Token[] {
  const at = blocks.findLastIndex((token) => token.type !== 'space')
  const last = blocks[at]
  if (!last || !isMarkedToken(last)) return blocks
  const isBegun =
    last.type === 'table'
      ? last.rows.length < firstRows
      : last.type === 'paragraph' && last.raw.trimStart().startsWith('|')
  return isBegun ? blocks.slice(0, at) : blocks
}
