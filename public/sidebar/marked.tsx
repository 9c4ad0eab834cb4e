import type { ComponentChild } from 'preact'

/** A snippet with the words that the server found in it, which stand between U+0001 and U+0002. */
export function marked(snippet: string): ComponentChild[] {
  return snippet.split('\u0001').flatMap((part, index) => {
    const [found = '', rest = ''] = part.split('\u0002')
    return index === 0 ? [part] : [<mark>{found}</mark>, rest]
  })
}
