import { signal, type Signal } from '@preact/signals'
import { isLanguage, type Language } from '../../server/contract/language.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const year = 31_536_000
const languageName = 'easel.language'

/** What the appearance is kept in: the page's document, its storage, and the languages that the browser asks for. */
export interface AppearanceParts {
  document: Pick<Document, 'cookie' | 'documentElement'>
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  languages: readonly string[]
  /** Shows the words of a language; undefined is the browser's. */
  speak: (language: Language | undefined, offered: readonly string[]) => Promise<void>
}

/**
 * How the page looks and in which language it speaks, kept in this browser. The theme is kept in a cookie: the server
 * writes it into the page, so that none is seen in the wrong colours first.
 */
export class Appearance {
  readonly theme: Signal<Theme>
  /** The language that was chosen; undefined follows the browser. */
  readonly language: Signal<Language | undefined>
  readonly #parts: AppearanceParts

  constructor(parts: AppearanceParts) {
    this.#parts = parts
    const { theme } = parts.document.documentElement.dataset
    this.theme = signal(theme === 'light' || theme === 'dark' ? theme : 'system')
    const language = parts.storage.getItem(languageName) ?? undefined
    this.language = signal(isLanguage(language) ? language : undefined)
  }

  chooseTheme(theme: Theme) {
    const { document } = this.#parts
    this.theme.value = theme
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    document.cookie = `easel_theme=${theme}; path=/; max-age=${theme === 'system' ? 0 : year}; samesite=lax`
  }

  /** Shows the words that this browser is to be spoken to in. Rejects when they cannot be fetched. */
  speak(): Promise<void> {
    return this.#parts.speak(this.language.peek(), this.#parts.languages)
  }

  /** Rejects, with the language as it was, when its words cannot be fetched. */
  async chooseLanguage(language: Language | undefined): Promise<void> {
    await this.#parts.speak(language, this.#parts.languages)
    this.language.value = language
    if (language === undefined) this.#parts.storage.removeItem(languageName)
    else this.#parts.storage.setItem(languageName, language)
  }
}
