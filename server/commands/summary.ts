import type { Command } from './command.ts'

export const summary: Command = {
  name: 'summary',
  aliases: ['summarize'],
  usage: '/summary',
  summary: 'Write down what was said so far, and show it.',
  options: [],
  plan: () => ({ kind: 'summary' }),
}
