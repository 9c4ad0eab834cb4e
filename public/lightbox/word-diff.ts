/** A piece of two texts: in both, only in the new one, or only in the old one. */
export interface Piece {
  kind: 'same' | 'added' | 'dropped'
  text: string
}

/** The most pairs of words that are compared; two prompts of 8,000 characters stay below it. */
const mostPairs = 6_000_000

/**
 * What was added to a text and what dropped, word by word: the longest common row of words stands, and of two
 * equally long ones the one that begins earlier. Texts too long to compare are dropped and added whole.
 */
export function wordDiff(before: string, after: string): Piece[] {
  const old = wordsIn(before)
  const now = wordsIn(after)
  if (old.length * now.length > mostPairs) {
    return [
      { kind: 'dropped', text: before },
      { kind: 'added', text: after },
    ]
  }
  const common = commonLengths(old, now)
  const width = now.length + 1
  const pieces: Piece[] = []
  let i = 0
  let j = 0
  while (i < old.length || j < now.length) {
    const [a, b] = [old[i], now[j]]
    if (a !== undefined && b !== undefined && keyOf(a) === keyOf(b)) {
      add(pieces, 'same', b)
      i += 1
      j += 1
    } else if (
      b === undefined ||
      (a !== undefined && at(common, (i + 1) * width + j) >= at(common, i * width + j + 1))
    ) {
      add(pieces, 'dropped', a ?? '')
      i += 1
    } else {
      add(pieces, 'added', b)
      j += 1
    }
  }
  return pieces
}

/** Words with the blanks after them; punctuation stands by itself, so that a new comma changes no word. */
function wordsIn(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}'’-]+\s*|[^\p{L}\p{N}\p{M}\s]\s*|\s+/gu) ?? []
}

function keyOf(word: string): string {
  return word.trim().toLowerCase()
}

/** For each pair of places, how many words the rests after them have in common. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint16Array {
  const width = now.length + 1
  const lengths = new Uint16Array((old.length + 1) * width)
  const oldKeys = old.map(keyOf)
  const nowKeys = now.map(keyOf)
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        oldKeys[i] === nowKeys[j]
          ? at(lengths, (i + 1) * width + j + 1) + 1
          : Math.max(at(lengths, (i + 1) * width + j), at(lengths, i * width + j + 1))
    }
  }
  return lengths
}

function at(lengths: Uint16Array, place: number): number {
  return lengths[place] ?? 0
}

function add(pieces: Piece[], kind: Piece['kind'], text: string) {
  const last = pieces.at(-1)
  if (last?.kind === kind) last.text += text
  else pieces.push({ kind, text })
}
