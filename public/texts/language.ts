import { isLanguage, type Language } from '../../server/contract/language.ts'

/**
 * The language of the page: the one that was chosen, else the first that the browser asks for and Easel
 * speaks, else English.
 * @param offered as `navigator.languages`, such as `['de-AT', 'en']`
 */
export function languageFor(chosen: string | undefined, offered: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen
  return offered.map(baseOf).find(isLanguage) ?? 'en'
}

/** The tag that dates and numbers are written by: the user's own variant of the language, where there is one. */
export function localeFor(language: Language, offered: readonly string[]): string {
  return offered.find((tag) => baseOf(tag) === language && isTag(tag)) ?? language
}

/** Chromium without a language of its own offers `en-US@posix`, which `Intl` refuses. */
function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

function baseOf(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? ''
}
