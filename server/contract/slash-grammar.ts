import type { CommandDescription, CommandOption } from './lists.ts'
import type { SlashMistake } from './slash-mistake.ts'

/** What a message turned out to be. `text` has lost the escaping slash of `//image`. */
export type Slash =
  | { kind: 'text'; text: string }
  | { kind: 'command'; name: string; text: string; options: Record<string, string | number | true> }
  | { kind: 'mistake'; mistake: SlashMistake }

/** The one command that may stand anywhere in a message. */
const anywhere = 'image'

/**
 * Reads the slash command of a message, as api.md section 4 has it: `/image` where it stands alone as a
 * word outside code; every other command only as the first word; `//image` is the literal text. Pure, and
 * shared by the page and the server; the server's reading is the one that counts.
 */
export function parseSlash(message: string, commands: readonly CommandDescription[]): Slash {
  const text = message.trim()
  const first = /^(\/{1,2})([a-z][a-z0-9_-]*)(?=\s|$)/i.exec(text)
  if (first) {
    const word = (first[2] ?? '').toLowerCase()
    const command = findCommand(word, commands)
    if (first[1] === '//') return { kind: 'text', text: text.slice(1) }
    if (!command) return { kind: 'mistake', mistake: unknownCommand(word, commands) }
    return readOptions(command, text.slice(first[0].length))
  }
  const image = commands.find((command) => command.name === anywhere)
  const place = image ? wordOutsideCode(text, `/${anywhere}`) : undefined
  if (!image || place === undefined) return { kind: 'text', text }
  return readOptions(image, `${text.slice(0, place)}${text.slice(place + anywhere.length + 1)}`)
}

export function findCommand(
  word: string,
  commands: readonly CommandDescription[],
): CommandDescription | undefined {
  return commands.find((command) => command.name === word || command.aliases.includes(word))
}

function unknownCommand(word: string, commands: readonly CommandDescription[]): SlashMistake {
  return { what: 'unknown_command', word, near: nearestCommand(word, commands) }
}

/** The name or alias that was probably meant. */
export function nearestCommand(word: string, commands: readonly CommandDescription[]): string | undefined {
  return nearest(
    word,
    commands.flatMap((command) => [command.name, ...command.aliases]),
  )
}

/** Where `word` stands between blanks and outside Markdown code, or undefined. */
function wordOutsideCode(text: string, word: string): number | undefined {
  const lower = text.toLowerCase()
  const code = codeRanges(text)
  for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1)) {
    const alone = !/\S/.test(text.charAt(at - 1)) && !/\S/.test(text.charAt(at + word.length))
    const start = at
    if (alone && !code.some(([from, to]) => start >= from && start < to)) return at
  }
  return undefined
}

/** Fenced blocks and inline code; an unclosed fence runs to the end, as in CommonMark. */
function codeRanges(text: string): [number, number][] {
  const ranges: [number, number][] = []
  const opener = /^ {0,3}(`{3,}|~{3,})|(`+)/gm
  for (let match = opener.exec(text); match; match = opener.exec(text)) {
    const ticks = match[1] ?? match[2] ?? ''
    const end =
      match[1] === undefined
        ? inlineEnd(text, opener.lastIndex, ticks)
        : fenceEnd(text, opener.lastIndex, ticks)
    if (end === undefined) continue
    ranges.push([match.index, end])
    opener.lastIndex = end
  }
  return ranges
}

function fenceEnd(text: string, from: number, fence: string): number {
  const close = new RegExp(`^ {0,3}${fence.charAt(0)}{${fence.length},}[ \\t]*$`, 'gm')
  close.lastIndex = from
  return close.exec(text) ? close.lastIndex : text.length
}

function inlineEnd(text: string, from: number, ticks: string): number | undefined {
  for (let at = text.indexOf(ticks, from); at !== -1;) {
    let end = at
    while (text.charAt(end) === '`') end += 1
    if (end - at === ticks.length) return end
    at = text.indexOf(ticks, end)
  }
  return undefined
}

/** Phones turn two hyphens into a dash, so a dash before a letter counts as well. */
const optionToken = /(?:^|\s)(?:--|[—–])([a-z][a-z-]*)(?:=("[^"]*"|\S*))?(?=\s|$)/giu

function readOptions(command: CommandDescription, rest: string): Slash {
  const options: Record<string, string | number | true> = {}
  const code = codeRanges(rest)
  let kept = ''
  let from = 0
  optionToken.lastIndex = 0
  for (let match = optionToken.exec(rest); match; match = optionToken.exec(rest)) {
    const start = match.index
    if (command.options.length === 0 || code.some(([a, b]) => start >= a && start < b)) continue
    const name = (match[1] ?? '').toLowerCase()
    const option = command.options.find((candidate) => candidate.name === name)
    if (!option) {
      const near = nearest(
        name,
        command.options.map((known) => known.name),
      )
      return { kind: 'mistake', mistake: { what: 'unknown_option', command, name, near } }
    }
    kept += rest.slice(from, start)
    from = optionToken.lastIndex
    if (option.type === 'flag') {
      if (match[2] !== undefined) return { kind: 'mistake', mistake: { what: 'no_value', name } }
      options[name] = true
      continue
    }
    let given = match[2]
    if (given === undefined) {
      const value = /^\s+("[^"]*"|\S+)/.exec(rest.slice(from))
      given = value && !/^(--|[—–])[a-z]/i.test(value[1] ?? '') ? value[1] : undefined
      if (value && given !== undefined) from += value[0].length
      optionToken.lastIndex = from
    }
    const read = readValue(option, given?.replace(/^"(.*)"$/, '$1'))
    if ('mistake' in read) return { kind: 'mistake', mistake: read.mistake }
    options[name] = read.value
  }
  return { kind: 'command', name: command.name, text: `${kept}${rest.slice(from)}`.trim(), options }
}

function readValue(
  option: CommandOption,
  given: string | undefined,
): { value: string | number } | { mistake: SlashMistake } {
  if (given === undefined || given === '') return { mistake: { what: 'needs_value', option } }
  if (option.type === 'integer') {
    const number = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN
    const fits = number >= (option.minimum ?? 0) && number <= (option.maximum ?? Number.MAX_SAFE_INTEGER)
    return fits ? { value: number } : { mistake: { what: 'bad_value', option, given } }
  }
  if (option.values && !option.values.includes(given)) {
    return { mistake: { what: 'bad_value', option, given } }
  }
  return { value: given }
}

/** The name at the smallest edit distance (Levenshtein), if it is near enough to be a slip of the finger. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.ceil(word.length / 3)) + 1
  for (const name of names) {
    const distance = name.startsWith(word) && word.length > 1 ? 1 : editDistance(word, name)
    if (distance < least) {
      best = name
      least = distance
    }
  }
  return best
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap))
    }
    row = next
  }
  return row[b.length] ?? 0
}
