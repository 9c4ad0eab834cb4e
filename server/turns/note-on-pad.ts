import { countCharacters } from '../contract/basics.ts'
import { memoryPadLimit } from '../contract/conversations.ts'
import { Problem } from '../errors.ts'
import type { Words } from '../texts/words.ts'

/**
 * The memory pad with one more note.
 * @throws Problem `invalid_request` when there is no room for it.
 */
export function noteOnPad(pad: string, note: string, { refusals }: Pick<Words, 'refusals'>): string {
  const noted = pad === '' ? note : `${pad}\n${note}`
  if (countCharacters(noted) > memoryPadLimit) {
    const message = refusals.padFull(memoryPadLimit)
    throw new Problem('invalid_request', message, { details: [{ field: 'messageText', message }] })
  }
  return noted
}
