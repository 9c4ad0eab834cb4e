// @vitest-environment node
import { afterEach, describe, expect, it } from 'vitest'
import { Appearance } from '../../public/app/appearance.ts'
import { de } from '../../public/texts/de.ts'
import { en } from '../../public/texts/en.ts'
import { createEasel } from '../../public/sdk/easel.ts'
import { sayProblem } from '../../public/texts/say-problem.ts'
import { languageFor, localeFor } from '../../public/texts/language.ts'
import { speak, texts } from '../../public/texts/texts.ts'

describe('the language of the page', () => {
  it.each([
    [undefined, ['de-AT', 'en'], 'de'],
    [undefined, ['fr-CA', 'en-GB', 'de'], 'en'],
    [undefined, ['ja'], 'en'],
    [undefined, [], 'en'],
    ['de', ['en-US'], 'de'],
    ['toString', ['de'], 'de'],
  ])('chosen %s, asked for %j: %s', (chosen, offered, language) => {
    expect(languageFor(chosen, offered)).toBe(language)
  })

  it('writes dates as the region does', () => {
    expect(localeFor('de', ['en-GB', 'de-CH'])).toBe('de-CH')
    expect(localeFor('de', ['en-GB'])).toBe('de')
    expect(localeFor('en', ['en-US@posix', 'en-GB'])).toBe('en-GB')
  })
})

/** Every text of a language by its path; one that is made from values by how it is made. */
function said(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    // Said by the server where there is no translation.
    if (name === 'problems') return []
    const place = `${path}.${name}`
    if (typeof value === 'function') return [[place, value.toString()]]
    if (typeof value === 'object' && value !== null) return said(value, place)
    return [[place, String(value)]]
  })
}

describe('German', () => {
  it('has every text, none empty, and the same pictures and options in its examples', () => {
    const german = new Map(said(de))
    expect([...german.keys()].toSorted()).toEqual(
      said(en)
        .map(([path]) => path)
        .toSorted(),
    )
    expect([...german].filter(([, text]) => text.trim() === '')).toEqual([])
    expect(de.empty.examples.map((example) => example.picture)).toEqual(
      en.empty.examples.map((example) => example.picture),
    )
  })

  it('has few texts that are the same in English', () => {
    const english = new Map(said(en))
    const same = said(de).filter(([path, text]) => english.get(path) === text && /[a-z]{4}/i.test(text))
    expect(same.length).toBeLessThan(25)
  })
})

describe('the texts', () => {
  const root = { dataset: {} as DOMStringMap, lang: '' }
  Object.assign(globalThis, { document: { documentElement: root } })
  afterEach(() => speak('en', []))

  it('are those of the language that is spoken, in sections kept from before as well', async () => {
    const kept = texts.sidebar
    await speak(undefined, ['de-DE'])
    expect(root.lang).toBe('de')
    expect([kept.new, texts.close, texts.picture.number(2)]).toEqual([
      'Neues Gespräch',
      'Schließen',
      'Bild 2',
    ])
    await speak('en', ['de-DE'])
    expect([kept.new, root.lang]).toEqual(['New conversation', 'en'])
  })
})

describe('the appearance', () => {
  const begin = (theme: string | undefined, kept: string | null, fails = false) => {
    const documentElement = { dataset: theme === undefined ? {} : { theme }, lang: '' }
    const page = { cookie: '', documentElement: documentElement as unknown as HTMLElement }
    const stored = new Map(kept === null ? [] : [['easel.language', kept]])
    const spoken: (string | undefined)[] = []
    const appearance = new Appearance({
      document: page,
      storage: {
        getItem: (name) => stored.get(name) ?? null,
        setItem: (name, value) => void stored.set(name, value),
        removeItem: (name) => void stored.delete(name),
      },
      languages: ['en-GB'],
      speak: (language) => {
        spoken.push(language)
        return fails ? Promise.reject(new Error('no net')) : Promise.resolve()
      },
    })
    return { appearance, page, stored, spoken }
  }

  it('begins as the page came, and keeps a theme in the cookie that the server reads', () => {
    const { appearance, page } = begin('dark', null)
    expect(appearance.theme.value).toBe('dark')
    appearance.chooseTheme('light')
    expect(page.documentElement.dataset).toEqual({ theme: 'light' })
    expect(page.cookie).toMatch(/^easel_theme=light; path=\/; max-age=[1-9]\d+; samesite=lax$/)
    appearance.chooseTheme('system')
    expect(page.documentElement.dataset).toEqual({})
    expect(page.cookie).toContain('max-age=0')
  })

  it('keeps a language that was chosen, and forgets it for the browser’s', async () => {
    const { appearance, stored, spoken } = begin(undefined, 'xx')
    expect(appearance.language.value).toBe(undefined)
    await appearance.chooseLanguage('de')
    expect([stored.get('easel.language'), appearance.language.value]).toEqual(['de', 'de'])
    await appearance.chooseLanguage(undefined)
    expect([stored.size, spoken]).toEqual([0, ['de', undefined]])
  })

  it('stays in its language when the words of another cannot be fetched', async () => {
    const { appearance, stored } = begin(undefined, 'en', true)
    await expect(appearance.chooseLanguage('de')).rejects.toThrow('no net')
    expect([stored.get('easel.language'), appearance.language.value]).toEqual(['en', 'en'])
  })
})

describe('what went wrong', () => {
  const problem = { code: 'cooldown', message: 'Please wait 28 seconds.', retry_after: 28 }
  afterEach(() => speak('en', []))

  it('is said in the server’s words in English', () => {
    expect(sayProblem(problem)).toBe('Please wait 28 seconds.')
  })
  it.each([
    [problem, 'Zwischen zwei Bildern ist eine Pause. Es geht weiter in 28 Sekunden.'],
    [
      { ...problem, retry_after: 86_400 * 3 },
      'Zwischen zwei Bildern ist eine Pause. Es geht weiter in 3 Tagen.',
    ],
    [
      { code: 'unauthenticated', message: 'The username or the password is not right.' },
      'Name oder Passwort stimmt nicht.',
    ],
    [
      { code: 'openrouter_error', message: 'x', reason: 'insufficient_credits' },
      'Das Guthaben beim Anbieter des Modells ist aufgebraucht.',
    ],
    [{ code: 'invalid_request', message: 'limit takes at most 200' }, 'limit takes at most 200'],
  ])('is said in German: %j', async (problem, said) => {
    await speak('de', [])
    expect(sayProblem(problem)).toBe(said)
  })

  it('reaches the page in its words, with everything else as it was', async () => {
    await speak('de', [])
    const body = {
      status: 'error',
      code: 'invalid_request',
      message: 'This username is taken. Choose another one.',
      request_id: 'r1',
      details: [{ field: 'username', message: 'takes 2 to 64 letters, digits and . _ @ + -' }],
    }
    const fetch = () => Promise.resolve(Response.json(body, { status: 400 }))
    await expect(createEasel({ fetch, say: sayProblem }).auth.me()).rejects.toMatchObject({
      status: 400,
      code: 'invalid_request',
      message: 'Dieser Name ist vergeben. Nimm einen anderen.',
      requestId: 'r1',
      details: [{ field: 'username', message: 'nimmt 2 bis 64 Buchstaben, Ziffern und . _ @ + -' }],
    })
  })
})
