import type { Command } from './command.ts'

export const summary: Command = {
  name: 'summary',
  aliases: ['summarize'],
  options: [],
  plan: () => ({ kind: 'summary' }),
}
