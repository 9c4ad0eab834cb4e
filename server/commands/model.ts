import type { Command } from './command.ts'

export const model: Command = {
  name: 'model',
  aliases: [],
  options: [],
  plan: ({ text }) => ({ kind: 'model', model: text === '' ? undefined : text }),
}
