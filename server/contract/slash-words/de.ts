import type { SlashWords } from './en.ts'

export const slashWords: SlashWords = {
  unknownCommand: (word, near) =>
    `Den Befehl /${word} gibt es nicht. ${near === undefined ? '/help zeigt alle.' : `Meinst du /${near}? /help zeigt alle.`} Als bloßer Text geht es mit zwei Schrägstrichen am Anfang.`,
  unknownOption: (command, option, near, all) =>
    `/${command} kennt keine Option --${option}.${near ? ` Meinst du --${near}?` : ''} Es gibt ${all}.`,
  noValue: (option) => `--${option} nimmt keinen Wert.`,
  needsValue: (option, takes) => `--${option} braucht einen Wert: ${takes}.`,
  badValue: (option, given, takes) => `--${option} hat „${given}“ bekommen; möglich ist ${takes}.`,
  wholeNumber: (least, most) =>
    most === undefined ? `eine ganze Zahl ab ${least}` : `eine ganze Zahl von ${least} bis ${most}`,
  oneOf: (values) => `eines von ${values}`,
}
