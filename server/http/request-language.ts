import type { Request } from 'express'
import { isLanguage, languages, type Language } from '../contract/language.ts'

/** The language that a request asks for by `Accept-Language`; English where it names none that Easel speaks. */
export function languageOf(req: Pick<Request, 'acceptsLanguages'>): Language {
  const wanted = req.acceptsLanguages(Object.keys(languages))
  return typeof wanted === 'string' && isLanguage(wanted) ? wanted : 'en'
}
