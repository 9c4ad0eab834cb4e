import type { Tokens } from 'marked'

export interface TableColumns {
  /** The width of each column in characters; the others share what is left. */
  widths: (number | undefined)[]
  /** The width below which the table scrolls instead, in characters. */
  least: number
}

/** The blank between two columns, in characters. */
const gap = 2.5
const narrowest = 3
/** A cell of more characters may be broken into lines, of at least so many. */
const longestLine = 22
const shortestLine = 16
/** A longer word breaks. */
const longestWord = 24

/**
 * How wide the columns of a table are, by the words in it: one with short cells shows them on one line, and those
 * with long cells share the rest.
 */
export function columnsOf({ header, rows }: Pick<Tokens.Table, 'header' | 'rows'>): TableColumns {
  const wanted = header.map((head, column) => {
    const cells = [head, ...rows.map((row) => row[column])].map((cell) => cell?.text ?? '')
    const line = Math.max(narrowest, ...cells.map((text) => text.length))
    const words = cells.flatMap((text) => text.split(/\s+/).map((word) => word.length))
    return line <= longestLine
      ? { width: line + gap, least: line + gap }
      : { width: undefined, least: Math.min(longestWord, Math.max(shortestLine, ...words)) + gap }
  })
  return {
    widths: wanted.map(({ width }) => width),
    least: Math.ceil(wanted.reduce((sum, { least }) => sum + least, 0)),
  }
}
