import type { CommandDescription, CommandOption } from './lists.ts'
import type { SlashWords } from './slash-words/en.ts'

/** What is wrong with a command that was typed. */
export type SlashMistake =
  | { what: 'unknown_command'; word: string; near: string | undefined }
  | { what: 'unknown_option'; command: CommandDescription; name: string; near: string | undefined }
  | { what: 'no_value'; name: string }
  | { what: 'needs_value'; option: CommandOption }
  | { what: 'bad_value'; option: CommandOption; given: string }

/** The mistake as a sentence that says what would be right. */
export function sayMistake(mistake: SlashMistake, words: SlashWords): string {
  switch (mistake.what) {
    case 'unknown_command':
      return words.unknownCommand(mistake.word, mistake.near)
    case 'unknown_option': {
      const all = mistake.command.options.map((option) => `--${option.name}`).join(', ')
      return words.unknownOption(mistake.command.name, mistake.name, mistake.near, all)
    }
    case 'no_value':
      return words.noValue(mistake.name)
    case 'needs_value':
      return words.needsValue(mistake.option.name, optionTakes(mistake.option, words))
    case 'bad_value':
      return words.badValue(mistake.option.name, mistake.given, optionTakes(mistake.option, words))
    default:
      return mistake satisfies never
  }
}

/** `one of 1:1, 16:9`, `a whole number from 1 to 4`: the values of an option in words. */
export function optionTakes(option: CommandOption, words: SlashWords): string {
  if (option.type === 'integer') return words.wholeNumber(option.minimum ?? 0, option.maximum)
  return option.values ? words.oneOf(option.values.join(', ')) : option.summary
}
