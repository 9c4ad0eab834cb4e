/** What is wrong with a command, for the page before it sends and for the server after. A translation has each of these. */
export const slashWords = {
  unknownCommand: (word: string, near: string | undefined) =>
    `There is no command /${word}. ${near === undefined ? 'Type /help for the list.' : `Did you mean /${near}? /help lists them all.`} To send it as plain text, begin with two slashes.`,
  unknownOption: (command: string, option: string, near: string | undefined, all: string) =>
    `/${command} has no option --${option}.${near ? ` Did you mean --${near}?` : ''} It takes ${all}.`,
  noValue: (option: string) => `--${option} takes no value.`,
  needsValue: (option: string, takes: string) => `--${option} needs a value: ${takes}.`,
  badValue: (option: string, given: string, takes: string) =>
    `--${option} got "${given}"; it takes ${takes}.`,
  wholeNumber: (least: number, most: number | undefined) =>
    `a whole number from ${least} to ${most ?? 'any'}`,
  oneOf: (values: string) => `one of ${values}`,
}

export type SlashWords = typeof slashWords
