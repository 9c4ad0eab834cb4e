/**
 * What Markdown may cost. `marked` recurses per level and is worse than linear on some inputs: 2,000 `>`
 * overflow its stack, a 2,000-level list takes half a minute, a table of 3,000 columns eight seconds.
 * Whatever is beyond these bounds is shown as it was written.
 */
const longestText = 400_000
const deepestNesting = 24
const widestIndent = 80
const mostCells = 20_000
const mostDelimiters = 600
export const deepestInline = 16

const prefix = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)))*/
const rule = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/
const marker = />|[-*+]|\d{1,9}[.)]/g

/** True when the blocks of a text nest, or its tables spread, beyond what can be read at once. */
export function isTooDeep(text: string): boolean {
  if (text.length > longestText) return true
  let lines = 0
  let mostPipes = 0
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      lines = 0
      mostPipes = 0
      continue
    }
    const start = prefix.exec(line)?.[0] ?? ''
    if (start !== '' && !rule.test(line)) {
      if ((start.match(marker)?.length ?? 0) > deepestNesting) return true
      if (columns(start) > widestIndent) return true
    }
    lines += 1
    mostPipes = Math.max(mostPipes, count(line, '|'))
    if (mostPipes > 1 && mostPipes * lines > mostCells) return true
  }
  return false
}

/** True when one run of text holds more marks of emphasis or formulas than can be paired up in reasonable time. */
export function isTooDense(inline: string): boolean {
  if (inline.length <= mostDelimiters) return false
  return (inline.match(/\*+|_+|~+|\$+|\\[([]/g)?.length ?? 0) > mostDelimiters || longestRun(inline) > 100
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/([*_~])\1{50,}/g) ?? []).map((run) => run.length))
}

function columns(start: string): number {
  let width = 0
  for (const character of start) width += character === '\t' ? 4 : 1
  return width
}

function count(line: string, character: string): number {
  let found = 0
  for (let at = line.indexOf(character); at !== -1; at = line.indexOf(character, at + 1)) found += 1
  return found
}
