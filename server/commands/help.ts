import type { Command } from './command.ts'

export const help: Command = {
  name: 'help',
  aliases: ['commands'],
  usage: '/help [command]',
  summary: 'List the commands, or explain one.',
  options: [],
  plan: ({ text }) => ({
    kind: 'help',
    about: text === '' ? undefined : text.replace(/^\//, '').toLowerCase(),
  }),
}
