import { commandDescriptions } from '../commands/index.ts'
import type { Plan } from '../commands/command.ts'
import { findCommand, nearest, optionTakes } from '../contract/slash-grammar.ts'
import type { CommandDescription } from '../contract/lists.ts'
import type { TurnEvent } from '../contract/turns.ts'
import { Problem } from '../errors.ts'
import { findTitle } from './find-title.ts'
import { summarize } from './summarize.ts'
import { emptyOutcome, type Turn, type TurnOutcome, type TurnParts } from './turn.ts'

type LocalPlan = Exclude<Plan, { kind: 'chat' } | { kind: 'image' }>

/** The most characters of the memory pad. */
const padLimit = 20_000

/** A command that paints nothing. What it says is stored, and kept out of the models' context. */
export async function* runCommand(
  parts: TurnParts,
  turn: Turn,
  plan: LocalPlan,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, TurnOutcome> {
  yield { type: 'delta', text: await answer(parts, turn, plan, signal) }
  return emptyOutcome
}

async function answer(parts: TurnParts, turn: Turn, plan: LocalPlan, signal: AbortSignal): Promise<string> {
  const { conversations } = parts.store
  const { conversation } = turn
  switch (plan.kind) {
    case 'help':
      return plan.about === undefined ? helpOnAll() : helpOn(plan.about)
    case 'title': {
      const title = plan.title ?? (await findTitle(parts, turn, signal))
      conversations.patch(conversation.id, { title }, conversation.settings)
      return `This conversation is now called **${escapeMarkdown(title)}**.`
    }
    case 'summary': {
      const summary = await summarize(parts, turn, { keepRecent: 0, signal })
      return summary === '' ? 'There is nothing to sum up yet.' : summary
    }
    case 'memory': {
      if (plan.note === undefined) {
        return conversation.memoryPad === ''
          ? 'The memory pad is empty. Add a note with `/memory <note>`.'
          : `The memory pad says:\n\n${conversation.memoryPad}`
      }
      const pad = conversation.memoryPad === '' ? plan.note : `${conversation.memoryPad}\n${plan.note}`
      if (pad.length > padLimit) {
        throw new Problem(
          'invalid_request',
          `The memory pad is full (${padLimit} characters). Remove a note first.`,
        )
      }
      conversations.patch(conversation.id, { memory_pad: pad }, conversation.settings)
      return `Noted: ${plan.note}`
    }
    case 'model': {
      if (plan.model === undefined) return listModels(parts, conversation.chatModel)
      const model = parts.catalogue.chatModel(plan.model)
      conversations.patch(conversation.id, { chat_model: model.id }, conversation.settings)
      return `**${escapeMarkdown(model.name)}** (\`${model.id}\`) answers from now on.`
    }
    case 'retry':
      throw new Error('/retry makes a turn of what it repeats, never one of its own')
    default:
      return plan satisfies never
  }
}

function helpOnAll(): string {
  const rows = commandDescriptions.map(
    (command) => `| \`${command.usage.replaceAll('|', '\\|')}\` | ${command.summary} |`,
  )
  return [
    '| command | what it does |',
    '| --- | --- |',
    ...rows,
    '',
    'Everything else you write is answered by the chat model. Begin with `//` to send a text that starts with a slash.',
  ].join('\n')
}

function helpOn(name: string): string {
  const command = findCommand(name, commandDescriptions)
  if (!command) {
    const near = nearest(
      name,
      commandDescriptions.flatMap((c) => [c.name, ...c.aliases]),
    )
    return `There is no command \`/${name.replaceAll('`', '')}\`.${near ? ` Did you mean \`/${near}\`?` : ''} \`/help\` lists them all.`
  }
  return explain(command)
}

function explain(command: CommandDescription): string {
  const lines = [`\`${command.usage}\``, '', command.summary]
  if (command.aliases.length > 0)
    lines.push('', `Also: ${command.aliases.map((alias) => `\`/${alias}\``).join(', ')}.`)
  for (const option of command.options) {
    const takes = option.type === 'flag' ? '' : ` Takes ${optionTakes(option)}.`
    lines.push('', `- \`--${option.name}\`: ${option.summary}.${takes}`)
  }
  return lines.join('\n')
}

function listModels(parts: TurnParts, present: string | null): string {
  const now = parts.catalogue.chatModel(present).id
  const rows = parts.catalogue
    .lists(() => undefined)
    .chat.filter((model) => model.available)
    .map(
      (model) =>
        `- \`${model.id}\` ${escapeMarkdown(model.name)}${model.vision ? ', sees pictures' : ''}${model.id === now ? ' **(answers now)**' : ''}`,
    )
  return rows.join('\n')
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
}
