import { en } from './en.ts'

/** Every word the page says. A translation is a file beside `en.ts` with the same keys. */
export const texts = en
