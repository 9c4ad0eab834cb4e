import { countCharacters } from '../contract/basics.ts'
import { Problem } from '../errors.ts'
import type { Command } from './command.ts'

const longest = 200

export const title: Command = {
  name: 'title',
  aliases: ['rename'],
  options: [],
  plan({ text, words: { refusals } }) {
    const length = countCharacters(text)
    if (length > longest) {
      throw new Problem('invalid_request', refusals.titleTooLong(longest, length), {
        details: [{ field: 'messageText', message: refusals.atMost(longest) }],
      })
    }
    return { kind: 'title', title: text === '' ? undefined : text }
  },
}
