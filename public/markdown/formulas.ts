import { signal } from '@preact/signals'
import type { drawFormula } from './draw-formula.ts'

/** Draws formulas, as soon as its code has come: with the first text that has one. */
export const formulaPainter = signal<typeof drawFormula | undefined>()
/** The code could not be fetched; formulas are shown as they were written, until the next text asks for it again. */
const isAway = signal(false)
let fetching: Promise<void> | undefined

/** Fetches what draws formulas, once. Ends also where it cannot be fetched. */
export function fetchFormulas(): Promise<void> {
  fetching ??= fetchPainter()
  return fetching
}

async function fetchPainter(): Promise<void> {
  try {
    const { drawFormula } = await import('./draw-formula.ts')
    formulaPainter.value = drawFormula
  } catch {
    // Formulas are then shown as they were written.
    fetching = undefined
    isAway.value = true
  }
}

/** True when a text has formulas and what draws them is on its way. */
export function waitsForFormulas(text: string): boolean {
  return !formulaPainter.value && !isAway.value && formulaBegin(text) !== -1
}

const fence = /^ {0,3}(?:```|~~~)/gm
const opener = /\$\$|\$(?=[^\s$\d])|\\[([]/g

/**
 * Where the first formula of a text may begin, -1 where none does. Code has none; a formula that begins with a digit
 * is taken for a price.
 */
export function formulaBegin(text: string): number {
  for (const found of text.matchAll(opener)) {
    const before = text.slice(0, found.index)
    const line = before.slice(before.lastIndexOf('\n') + 1)
    const isCode = (before.match(fence)?.length ?? 0) % 2 === 1 || (line.match(/`/g)?.length ?? 0) % 2 === 1
    if (!isCode) return found.index
  }
  return -1
}
