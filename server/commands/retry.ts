import type { Command } from './command.ts'

export const retry: Command = {
  name: 'retry',
  aliases: ['regenerate'],
  options: [],
  plan: () => ({ kind: 'retry' }),
}
