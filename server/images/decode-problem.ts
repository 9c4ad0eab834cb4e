import { existsSync } from 'node:fs'
import { Problem } from '../errors.ts'
import { asDiskProblem } from './disk-problem.ts'

/** What the world hears of a stored picture whose file is gone or is not what was recorded. */
export function missingFile(cause?: unknown): Problem {
  return new Problem('not_found', 'The file of this picture is missing or damaged on the server.', { cause })
}

/** Turns what sharp threw while it read a stored picture into words. */
export function asDecodeProblem(error: unknown, file: string): Problem {
  const problem = asDiskProblem(error)
  if (problem.code === 'storage_full') return problem
  return existsSync(file)
    ? new Problem('not_found', 'This picture cannot be decoded, so nothing can be made from it.', {
        cause: error,
      })
    : missingFile(error)
}
