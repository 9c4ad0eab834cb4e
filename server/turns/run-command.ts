import { describeCommands } from '../commands/index.ts'
import type { Plan } from '../commands/command.ts'
import { findCommand, nearestCommand } from '../contract/slash-grammar.ts'
import { optionTakes } from '../contract/slash-mistake.ts'
import type { CommandDescription } from '../contract/lists.ts'
import { wordsIn, type Words } from '../texts/words.ts'
import { findTitle } from './find-title.ts'
import { noteOnPad } from './note-on-pad.ts'
import { summarize } from './summarize.ts'
import { emptyOutcome, type Turn, type TurnOutcome, type TurnParts, type TurnRun } from './turn.ts'

type LocalPlan = Exclude<Plan, { kind: 'chat' } | { kind: 'image' }>

/** A command that paints nothing. What it says is stored, and kept out of the models' context. */
export async function runCommand(parts: TurnParts, run: TurnRun, plan: LocalPlan): Promise<TurnOutcome> {
  await run.claimed
  run.publish({ type: 'delta', text: await answer(parts, run.turn, plan, run.signal) })
  return emptyOutcome
}

async function answer(parts: TurnParts, turn: Turn, plan: LocalPlan, signal: AbortSignal): Promise<string> {
  const { conversations } = parts.store
  const { conversation } = turn
  const words = wordsIn(turn.ask.language)
  const { answers } = words
  switch (plan.kind) {
    case 'help':
      return plan.about === undefined ? helpOnAll(words) : helpOn(plan.about, words)
    case 'title': {
      const title = plan.title ?? (await findTitle(parts, turn, signal))
      conversations.patch(conversation.id, { title }, conversation.settings)
      return answers.titled(escapeMarkdown(title))
    }
    case 'summary': {
      const summary = await summarize(parts, turn, { keepRecent: 0, signal })
      return summary === '' ? answers.nothingToSumUp : summary
    }
    case 'memory': {
      if (plan.note === undefined) {
        return conversation.memoryPad === '' ? answers.padEmpty : answers.padSays(conversation.memoryPad)
      }
      const { note } = plan
      parts.store.together(() => {
        // Somebody may have written on it since the message came.
        const pad = conversations.find(turn.userId, conversation.id)?.memoryPad ?? conversation.memoryPad
        conversations.patch(
          conversation.id,
          { memory_pad: noteOnPad(pad, note, words) },
          conversation.settings,
        )
      })
      return answers.noted(note)
    }
    case 'model': {
      if (plan.model === undefined) return listModels(parts, conversation.chatModel, words)
      const model = parts.catalogue.chatModel(plan.model)
      conversations.patch(conversation.id, { chat_model: model.id }, conversation.settings)
      return answers.modelChosen(escapeMarkdown(model.name), model.id)
    }
    case 'retry':
      throw new Error('/retry makes a turn of what it repeats, never one of its own')
    default:
      return plan satisfies never
  }
}

function helpOnAll(words: Words): string {
  const { answers } = words
  const rows = describeCommands(words).map(
    (command) => `| \`${command.usage.replaceAll('|', '\\|')}\` | ${command.summary} |`,
  )
  return [
    `| ${answers.helpCommand} | ${answers.helpDoes} |`,
    '| --- | --- |',
    ...rows,
    '',
    answers.helpRest,
  ].join('\n')
}

function helpOn(name: string, words: Words): string {
  const commands = describeCommands(words)
  const command = findCommand(name, commands)
  if (!command) return words.answers.noCommand(name.replaceAll('`', ''), nearestCommand(name, commands))
  return explain(command, words)
}

function explain(command: CommandDescription, { answers, slash }: Words): string {
  const lines = [`\`${command.usage}\``, '', command.summary]
  if (command.aliases.length > 0)
    lines.push('', answers.also(command.aliases.map((alias) => `\`/${alias}\``).join(', ')))
  for (const option of command.options) {
    const takes = option.type === 'flag' ? '' : answers.takes(optionTakes(option, slash))
    lines.push('', `- \`--${option.name}\`: ${option.summary}.${takes}`)
  }
  return lines.join('\n')
}

function listModels(parts: TurnParts, present: string | null, { answers }: Words): string {
  const now = parts.catalogue.chatModel(present).id
  const rows = parts.catalogue
    .lists(() => undefined)
    .chat.filter((model) => model.available)
    .map((model) => {
      const sees = model.vision ? answers.modelSees : ''
      return `- \`${model.id}\` ${escapeMarkdown(model.name)}${sees}${model.id === now ? answers.modelAnswers : ''}`
    })
  return rows.join('\n')
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
}
