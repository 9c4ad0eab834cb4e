/**
 * How well a word fits what was typed: 0 begins with it, 1 holds it, 2 has its letters in that order,
 * undefined not at all. Case does not count.
 */
function fit(typed: string, word: string): 0 | 1 | 2 | undefined {
  const wanted = typed.toLowerCase()
  const offered = word.toLowerCase()
  if (offered.startsWith(wanted)) return 0
  if (offered.includes(wanted)) return 1
  let at = 0
  for (const letter of wanted) {
    at = offered.indexOf(letter, at) + 1
    if (at === 0) return undefined
  }
  return 2
}

/** The items that fit best: worse ones are offered only where no better one is. */
export function fitting<Item>(
  typed: string,
  items: readonly Item[],
  words: (item: Item) => readonly string[],
): Item[] {
  const ranked = items.flatMap((item) => {
    const fits = words(item).flatMap((word) => fit(typed, word) ?? [])
    return fits.length === 0 ? [] : [{ item, rank: Math.min(...fits) }]
  })
  const best = Math.min(...ranked.map(({ rank }) => rank))
  return ranked.filter(({ rank }) => rank === best).map(({ item }) => item)
}
