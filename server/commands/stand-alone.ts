import { Problem } from '../errors.ts'
import type { Words } from '../texts/words.ts'

/**
 * For a command that takes nothing: what was written after it would go unheard, and the call be paid all the same.
 * @throws Problem `invalid_request`
 */
export function mustStandAlone(name: string, text: string, { refusals }: Words): void {
  if (text === '') return
  const message = refusals.takesNothing(name)
  throw new Problem('invalid_request', message, { details: [{ field: 'messageText', message }] })
}
