import type { Command } from './command.ts'

export const retry: Command = {
  name: 'retry',
  aliases: ['regenerate'],
  usage: '/retry',
  summary: 'Answer the last message once more; the earlier answer is kept beside it.',
  options: [],
  plan: () => ({ kind: 'retry' }),
}
