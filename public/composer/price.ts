import type { ModelLists } from '../../server/contract/lists.ts'
import type { Slash } from '../../server/contract/slash-grammar.ts'

/**
 * What the pictures of a message will cost, in US dollars, as far as it is known beforehand.
 * @param chosen id of the model that paints unless the message names one
 */
export function priceOf(
  text: string,
  slash: Slash,
  chosen: string,
  models: ModelLists['image'],
): number | undefined {
  const options = slash.kind === 'command' ? slash.options : {}
  const named = typeof options['model'] === 'string' ? options['model'] : chosen
  // While an option is being typed the whole is not a command yet; its number of pictures stays what it was.
  const typed = slash.kind === 'mistake' ? Number(/\s--n[ =]([1-4])\s/.exec(text)?.[1] ?? 1) : 1
  const count = typeof options['n'] === 'number' ? options['n'] : typed
  const price = models.find((model) => model.id === named)?.price_usd
  return price === undefined ? undefined : price * count
}
