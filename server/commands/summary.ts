import type { Command } from './command.ts'
import { mustStandAlone } from './stand-alone.ts'

export const summary: Command = {
  name: 'summary',
  aliases: ['summarize'],
  options: [],
  plan({ text, words }) {
    mustStandAlone('summary', text, words)
    return { kind: 'summary' }
  },
}
