import { Problem } from '../errors.ts'
import type { Command } from './command.ts'

const longest = 4000

export const memory: Command = {
  name: 'memory',
  aliases: ['remember'],
  usage: '/memory <note>',
  summary: 'Pin a note that every answer and picture here keeps in mind; without one, show the pad.',
  options: [],
  plan({ text }) {
    if (text.length > longest) {
      throw new Problem(
        'invalid_request',
        `A note takes at most ${longest} characters; this one has ${text.length}.`,
        { details: [{ field: 'messageText', message: `at most ${longest} characters` }] },
      )
    }
    return { kind: 'memory', note: text === '' ? undefined : text }
  },
}
