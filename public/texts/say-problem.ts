import type { ProblemWords } from '../sdk/easel-error.ts'
import { texts } from './texts.ts'

/**
 * What went wrong, in the language of the page. The server speaks English; a translation says its sentences again
 * where it knows them, else what the reason or the code means. Without any of these the server's words stand.
 */
export function sayProblem(problem: ProblemWords): string {
  const { codes, reasons } = texts.problems
  const reason = problem.reason === undefined ? undefined : reasons[problem.reason]
  return (
    translated(problem.message) ?? reason ?? codes[problem.code]?.(problem.retry_after) ?? problem.message
  )
}

/** A sentence of the server's, in the language of the page where that knows it. */
export function saySentence(sentence: string): string {
  return translated(sentence) ?? sentence
}

/** The sentence in the page's language; what stands in its gaps is said again as well where it is known. */
function translated(sentence: string): string | undefined {
  const { sentences } = texts.problems
  const exact = sentences.find(([known]) => known === sentence)
  if (exact) return exact[1]
  for (const [known, said] of sentences) {
    const gaps = known.includes('{}') ? gapsOf(known, sentence) : undefined
    if (gaps)
      return said.replace(/\{(\d)\}/g, (_, place: string) => saySentence(gaps[Number(place) - 1] ?? ''))
  }
  return undefined
}

/** What stands in the gaps `{}` of a known sentence; undefined where it is another sentence. */
function gapsOf(known: string, sentence: string): readonly string[] | undefined {
  const parts = known.split('{}').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('(.+?)')}$`, 's').exec(sentence)?.slice(1)
}
