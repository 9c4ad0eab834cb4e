import type { Command } from './command.ts'

export const model: Command = {
  name: 'model',
  aliases: [],
  usage: '/model [id]',
  summary: 'Choose the chat model of this conversation; without an id, list them.',
  options: [],
  plan: ({ text }) => ({ kind: 'model', model: text === '' ? undefined : text }),
}
