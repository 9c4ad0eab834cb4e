import type { Language } from '../contract/language.ts'
import { de } from './de.ts'
import { en } from './en.ts'

/** What a translation holds: every key of `en.ts`. */
export type Words = typeof en

const all: Readonly<Record<Language, Words>> = { en, de }

/** The server's own words in a language. */
export function wordsIn(language: Language): Words {
  return all[language]
}
