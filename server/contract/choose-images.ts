/** The last 3 turns. */
const seenMessages = 6
/** The most generated pictures of one message that are shown. */
const seenPerMessage = 2
/** The most pictures in one call: Gemini takes 14, others fewer. */
const mostSeen = 8

interface Identified {
  id: string
}

/**
 * Which pictures a model looks at this turn: the user's own on the recent messages, and the generated ones
 * on the model's messages of the last 3 turns, at most 2 a message; pinned ones are added, dropped ones
 * left out. Pure, and shared by the server, which decides, and the page, which shows what will be decided.
 * @param recent messages of the branch, newest first, the one being answered at the front.
 */
export function chooseImages<Image extends Identified>(
  recent: readonly (Identified & { sender: 'user' | 'model' })[],
  generated: ReadonlyMap<string, readonly Image[]>,
  attached: ReadonlyMap<string, readonly Image[]>,
  pinned: readonly Image[],
  { drop }: { drop: readonly string[] },
): Image[] {
  // The message that is being answered does not count among the six before it.
  const window = recent.slice(0, seenMessages + 1).toReversed()
  const chosen = new Map<string, Image>()
  for (const image of pinned) chosen.set(image.id, image)
  for (const message of window) {
    const own = attached.get(message.id) ?? []
    const made = message.sender === 'model' ? (generated.get(message.id) ?? []).slice(0, seenPerMessage) : []
    for (const image of [...own, ...made]) chosen.set(image.id, image)
  }
  for (const id of drop) chosen.delete(id)
  // The newest are what the talk is about.
  return [...chosen.values()].slice(-mostSeen)
}
