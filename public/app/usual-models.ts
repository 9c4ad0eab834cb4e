interface Choosable {
  id: string
  available: boolean
  default: boolean
}

/**
 * The model that serves: the first of the wishes that can be had, else the server's own choice.
 * @param wishes in the order in which they count, undefined where there is none
 * @returns its id, and whether it was wished for and so is to be named in requests
 */
export function usualModel(
  models: readonly Choosable[],
  wishes: readonly (string | null | undefined)[],
): { id: string; wished: boolean } {
  const wish = wishes.find((id) => models.some((model) => model.id === id && model.available))
  if (typeof wish === 'string') return { id: wish, wished: true }
  return { id: models.find((model) => model.default)?.id ?? '', wished: false }
}
