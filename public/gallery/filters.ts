import type { ImageSource } from '../../server/contract/images.ts'
import { texts } from '../texts/texts.ts'

/** What narrows the gallery down; an empty part narrows nothing. */
export interface Filters {
  q: string
  starred: boolean
  model: string
  source: ImageSource | ''
  time: 'week' | 'month' | 'year' | ''
}

export const noFilters: Filters = { q: '', starred: false, model: '', source: '', time: '' }

/** The most letters that are searched for; a model's name is never longer either. */
export const longestWords = 200

/** Whether something is left out. */
export function isFiltered(filters: Filters): boolean {
  return Object.values(filters).some(Boolean)
}

/** The gallery's address with its filters, as in `/gallery?q=sea&starred=1`. */
export function galleryPath(filters: Filters): string {
  const parts = Object.entries(filters).flatMap(([name, value]) =>
    value ? [[name, value === true ? '1' : String(value)]] : [],
  )
  return parts.length === 0 ? '/gallery' : `/gallery?${String(new URLSearchParams(parts))}`
}

/** The filters that an address names after its `?`; what it says that is none is left out. */
export function filtersOf(query: string): Filters {
  const said = new URLSearchParams(query)
  const words = (name: string) => (said.get(name) ?? '').slice(0, longestWords)
  return {
    q: words('q'),
    starred: said.get('starred') === '1',
    model: words('model'),
    source: oneOf(texts.gallery.sources, words('source')),
    time: oneOf(texts.gallery.times, words('time')),
  }
}

function oneOf<Key extends string>(keys: Readonly<Record<Key, string>>, word: string): Key | '' {
  // A word that is a key of the record is one of its type's; `in` does not tell so.
  return Object.hasOwn(keys, word) ? (word as Key) : ''
}
