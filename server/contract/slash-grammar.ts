import type { CommandDescription, CommandOption } from './lists.ts'

/** What a message turned out to be. `text` has lost the escaping slash of `//image`. */
export type Slash =
  | { kind: 'text'; text: string }
  | { kind: 'command'; name: string; text: string; options: Record<string, string | number | true> }
  | { kind: 'mistake'; message: string }

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
    if (!command) return { kind: 'mistake', message: unknownCommand(word, commands) }
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

function unknownCommand(word: string, commands: readonly CommandDescription[]): string {
  const names = commands.flatMap((command) => [command.name, ...command.aliases])
  const near = nearest(word, names)
  const hint =
    near === undefined ? 'Type /help for the list.' : `Did you mean /${near}? /help lists them all.`
  return `There is no command /${word}. ${hint} To send it as plain text, begin with two slashes.`
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
    if (!option) return { kind: 'mistake', message: unknownOption(command, name) }
    kept += rest.slice(from, start)
    from = optionToken.lastIndex
    if (option.type === 'flag') {
      if (match[2] !== undefined) return { kind: 'mistake', message: `--${name} takes no value.` }
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
    if ('mistake' in read) return { kind: 'mistake', message: read.mistake }
    options[name] = read.value
  }
  return { kind: 'command', name: command.name, text: `${kept}${rest.slice(from)}`.trim(), options }
}

function unknownOption(command: CommandDescription, name: string): string {
  const names = command.options.map((option) => option.name)
  const near = nearest(name, names)
  const all = names.map((option) => `--${option}`).join(', ')
  return `/${command.name} has no option --${name}.${near ? ` Did you mean --${near}?` : ''} It takes ${all}.`
}

function readValue(
  option: CommandOption,
  given: string | undefined,
): { value: string | number } | { mistake: string } {
  const takes = optionTakes(option)
  if (given === undefined || given === '') return { mistake: `--${option.name} needs a value: ${takes}.` }
  if (option.type === 'integer') {
    const number = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN
    const fits = number >= (option.minimum ?? 0) && number <= (option.maximum ?? Number.MAX_SAFE_INTEGER)
    return fits ? { value: number } : { mistake: `--${option.name} got "${given}"; it takes ${takes}.` }
  }
  if (option.values && !option.values.includes(given)) {
    return { mistake: `--${option.name} got "${given}"; it takes ${takes}.` }
  }
  return { value: given }
}

/** `one of 1:1, 16:9`, `a whole number from 1 to 4`: the values of an option in words. */
export function optionTakes(option: CommandOption): string {
  if (option.type === 'integer')
    return `a whole number from ${option.minimum ?? 0} to ${option.maximum ?? 'any'}`
  if (option.values) return `one of ${option.values.join(', ')}`
  return option.summary
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
