import type { Command } from './command.ts'
import { mustStandAlone } from './stand-alone.ts'

export const retry: Command = {
  name: 'retry',
  aliases: ['regenerate'],
  options: [],
  plan({ text, words }) {
    mustStandAlone('retry', text, words)
    return { kind: 'retry' }
  },
}
