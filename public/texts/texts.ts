import { batch, signal } from '@preact/signals'
import type { Language } from '../../server/contract/language.ts'
import { en } from './en.ts'
import { languageFor, localeFor } from './language.ts'

/** What a translation holds: every key of `en.ts`. */
export type Texts = typeof en

const loaders: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: () => Promise.resolve(en),
  de: async () => (await import('./de.ts')).de,
}

const shown = signal<Texts>(en)
const locale = signal('en')

/**
 * Every word the page says. A translation is a file beside `en.ts` with the same keys. What reads a word while it is
 * drawn is drawn again when the language changes: the words are those of the moment, also of a section that was kept.
 */
export const texts: Texts = ofTheMoment(en, () => shown.value)

/** The texts, or one section of them, as they are at each reading. */
function ofTheMoment<Words extends object>(words: Words, present: () => Words): Words {
  const sections = new Map<PropertyKey, unknown>()
  for (const [name, value] of Object.entries(words)) {
    if (typeof value === 'object' && !Array.isArray(value))
      sections.set(
        name,
        ofTheMoment(value, () => Reflect.get(present(), name) as object),
      )
  }
  return new Proxy(words, {
    get: (_, name) => sections.get(name) ?? (Reflect.get(present(), name) as unknown),
  })
}

/**
 * Shows the page in a language: the one that was chosen, or what the browser asks for.
 * @param offered as `navigator.languages`
 */
export async function speak(chosen: string | undefined, offered: readonly string[]): Promise<void> {
  const language = languageFor(chosen, offered)
  const loaded = await loaders[language]()
  batch(() => {
    shown.value = loaded
    locale.value = localeFor(language, offered)
  })
  document.documentElement.lang = language
  document.documentElement.dir = loaded.direction
}

/** The tag of the user's language and region, for `Intl`. */
export function currentLocale(): string {
  return locale.value
}

/** A time of day, such as 14:05. */
export function timeOfDay(iso: string): string {
  return new Date(iso).toLocaleTimeString(currentLocale(), { hour: '2-digit', minute: '2-digit' })
}

/** A day and its time, such as 20 Nov 2026, 14:05. */
export function dayAndTime(iso: string): string {
  return new Date(iso).toLocaleString(currentLocale(), { dateStyle: 'medium', timeStyle: 'short' })
}
