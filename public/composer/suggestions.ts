import type { CommandDescription, CommandOption, ModelLists } from '../../server/contract/lists.ts'
import { findCommand } from '../../server/contract/slash-grammar.ts'
import { fitting } from './fuzzy.ts'

export interface Suggestion {
  /** What is put in place of the characters from `from` to the caret. */
  insert: string
  label: string
  /** What may follow, in short. */
  hint: string
  summary: string
  /** True when what is typed is this suggestion already, and it needs nothing more. */
  complete: boolean
}

export interface Suggestions {
  kind: 'commands' | 'options'
  from: number
  items: readonly Suggestion[]
}

/** What may stand at the caret: a command, one of its options, or a value of an option; pure. */
export function suggest(
  text: string,
  caret: number,
  commands: readonly CommandDescription[],
  models: ModelLists | undefined,
): Suggestions | undefined {
  const before = text.slice(0, caret)
  if (/^\S/.test(text.slice(caret))) return undefined
  const name = /^\s*\/([a-z][\w-]*)?$/i.exec(before)
  if (name) return listed('commands', before.indexOf('/'), matchingCommands(name[1] ?? '', commands))

  const command = commandOf(before, commands)
  if (!command) return undefined
  const option = /(?:^|\s)--([a-z-]*)$/i.exec(before)
  if (option) {
    const typed = option[1] ?? ''
    const unused = command.options.filter((candidate) => !isUsed(before, candidate))
    const from = caret - typed.length - 2
    const whole = unused.find((candidate) => candidate.name === typed.toLowerCase())
    const ready = whole && valuesOf(whole, models)
    // An option typed in full offers its values at once.
    if (whole && ready && ready.length > 0) {
      const items = ready.map((value) => suggestion(`--${whole.name} ${value}`, whole.summary))
      return listed('options', from, items)
    }
    const items = fitting(typed, unused, (candidate) => [candidate.name]).map((candidate) =>
      optionSuggestion(candidate),
    )
    return listed('options', from, items)
  }
  const value = /(?:^|\s)--([a-z-]+)[ =](\S*)$/i.exec(before)
  const valued = command.options.find((candidate) => candidate.name === value?.[1]?.toLowerCase())
  if (value && valued) return values(valuesOf(valued, models), value[2] ?? '', caret)
  const argument = /^\s*\/\S+\s+(\S*)$/.exec(before)
  if (command.name === 'model' && argument && models) {
    const ids = models.chat.filter((model) => model.available).map((model) => model.id)
    return values(ids, argument[1] ?? '', caret)
  }
  return undefined
}

function listed(kind: Suggestions['kind'], from: number, items: Suggestion[]): Suggestions | undefined {
  return items.length === 0 ? undefined : { kind, from, items }
}

const names = (command: CommandDescription) => [command.name, ...command.aliases]

function matchingCommands(typed: string, commands: readonly CommandDescription[]): Suggestion[] {
  const word = typed.toLowerCase()
  return fitting(word, commands, names).map((command) => {
    const alias = names(command).find((name) => name.startsWith(word)) ?? command.name
    return {
      insert: `/${alias} `,
      label: `/${alias}`,
      hint: command.usage.replace(/^\S+\s*/, '').replace(/\s*\[--.*$/, ''),
      summary: command.summary,
      complete: word !== '' && names(command).includes(word) && !command.usage.includes('<'),
    }
  })
}

function commandOf(before: string, commands: readonly CommandDescription[]): CommandDescription | undefined {
  const first = /^\s*\/([a-z][\w-]*)\s/i.exec(before)
  if (first) return findCommand((first[1] ?? '').toLowerCase(), commands)
  return /(?:^|\s)\/image\s/i.test(before) ? findCommand('image', commands) : undefined
}

function isUsed(before: string, option: CommandOption): boolean {
  return new RegExp(`--${option.name}[\\s=]`, 'i').test(before)
}

function optionSuggestion(option: CommandOption): Suggestion {
  const hint =
    option.type === 'flag'
      ? ''
      : option.type === 'integer'
        ? `${option.minimum ?? 0}–${option.maximum ?? '…'}`
        : (option.values?.slice(0, 3).join(', ') ?? '')
  return {
    insert: `--${option.name} `,
    label: `--${option.name}`,
    hint,
    summary: option.summary,
    complete: false,
  }
}

function valuesOf(option: CommandOption, models: ModelLists | undefined): readonly string[] {
  if (option.values) return option.values
  if (option.name === 'model') {
    return models?.image.filter((model) => model.available).map((model) => model.id) ?? []
  }
  const { minimum, maximum } = option
  if (option.type !== 'integer' || minimum === undefined || maximum === undefined || maximum - minimum > 12)
    return []
  return Array.from({ length: maximum - minimum + 1 }, (_, index) => String(minimum + index))
}

function values(all: readonly string[], typed: string, caret: number): Suggestions | undefined {
  if (all.includes(typed)) return undefined
  const items = fitting(typed, all, (value) => [value]).map((value) => suggestion(value, ''))
  return listed('options', caret - typed.length, items)
}

function suggestion(words: string, summary: string): Suggestion {
  return { insert: `${words} `, label: words, hint: '', summary, complete: false }
}
