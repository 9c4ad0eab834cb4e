import type { ProblemWords } from '../sdk/easel-error.ts'
import { texts } from './texts.ts'

/**
 * What went wrong, in the language of the page. The server speaks English; a translation says its sentences again
 * where it knows them, else what the code means. Without either the server's words stand.
 */
export function sayProblem(problem: ProblemWords): string {
  const { sentences, codes, reasons } = texts.problems
  const reason = problem.reason === undefined ? undefined : reasons[problem.reason]
  return sentences[problem.message] ?? reason ?? codes[problem.code]?.(problem.retry_after) ?? problem.message
}
