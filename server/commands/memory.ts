import { countCharacters } from '../contract/basics.ts'
import { Problem } from '../errors.ts'
import type { Command } from './command.ts'

const longest = 4000

export const memory: Command = {
  name: 'memory',
  aliases: ['remember'],
  options: [],
  plan({ text, words: { refusals } }) {
    const length = countCharacters(text)
    if (length > longest) {
      throw new Problem('invalid_request', refusals.noteTooLong(longest, length), {
        details: [{ field: 'messageText', message: refusals.atMost(longest) }],
      })
    }
    return { kind: 'memory', note: text === '' ? undefined : text }
  },
}
