import { Problem } from '../errors.ts'
import type { Command } from './command.ts'

const longest = 200

export const title: Command = {
  name: 'title',
  aliases: ['rename'],
  usage: '/title [new title]',
  summary: 'Name this conversation; without a name, one is found for it.',
  options: [],
  plan({ text }) {
    if (text.length > longest) {
      throw new Problem(
        'invalid_request',
        `A title takes at most ${longest} characters; this one has ${text.length}.`,
        { details: [{ field: 'messageText', message: `at most ${longest} characters` }] },
      )
    }
    return { kind: 'title', title: text === '' ? undefined : text }
  },
}
