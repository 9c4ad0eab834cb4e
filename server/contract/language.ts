/** The languages that Easel speaks, each by its own name. What it says in them is in the files named after them. */
export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

export function isLanguage(text: string | undefined): text is Language {
  return text !== undefined && Object.hasOwn(languages, text)
}
