import type { Command } from './command.ts'

export const help: Command = {
  name: 'help',
  aliases: ['commands'],
  options: [],
  plan: ({ text }) => ({
    kind: 'help',
    about: text === '' ? undefined : text.replace(/^\//, '').toLowerCase(),
  }),
}
