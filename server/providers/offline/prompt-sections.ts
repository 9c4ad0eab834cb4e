const labels = {
  summary: 'Conversation summary',
  memory: 'Memory pad',
  recent: 'Recent messages',
  deep: 'Relevant earlier parts',
  passages: 'Passages',
  soFar: 'Summary so far',
  added: 'New messages',
  prompt: 'Image prompt',
} as const

type SectionName = keyof typeof labels

/** The labelled parts of a text; absent ones are missing. */
export type Sections = Partial<Record<SectionName, string>>

const heading = new RegExp(`^(${Object.values(labels).join('|')}):[ \\t]*$`)
const promptHeading = new RegExp(`^${labels.prompt}:[ \\t]*(.*)$`)

/**
 * Splits a text such as `Memory pad:\n…\n\nImage prompt:\n…` at its headings (each alone on its line).
 * Everything after `Image prompt:` belongs to the prompt, whatever it holds.
 */
export function readSections(text: string): Sections {
  const sections: Partial<Record<SectionName, string[]>> = {}
  let current: string[] | undefined
  for (const line of text.split('\n')) {
    const prompt = sections.prompt === undefined ? promptHeading.exec(line) : null
    if (prompt) {
      current = sections.prompt = prompt[1] ? [prompt[1]] : []
      continue
    }
    const label = sections.prompt === undefined ? heading.exec(line)?.[1] : undefined
    const name = nameOf(label)
    if (name) current = sections[name] ??= []
    else current?.push(line)
  }
  const read: Sections = {}
  for (const name of sectionNames) {
    const lines = sections[name]
    if (lines) read[name] = lines.join('\n').trim()
  }
  return read
}

// Object.keys widens to string; the object is a literal of exactly these keys.
const sectionNames = Object.keys(labels) as SectionName[]

function nameOf(label: string | undefined): SectionName | undefined {
  return sectionNames.find((name) => labels[name] === label)
}

/** What is to be painted: the `Image prompt:` section where there is one, else the whole text. */
export function imagePromptOf(text: string): string {
  return readSections(text).prompt ?? text.trim()
}

/**
 * A text without the notes that stand in brackets where pictures were: `[Picture 2: a lighthouse]` and
 * `[You are shown this picture: …]`.
 */
export function withoutPictureNotes(text: string): string {
  const shown = text.trimEnd().endsWith(']') ? text.lastIndexOf('[You are shown ') : -1
  return (shown < 0 ? text : text.slice(0, shown))
    .replace(/^(User:|Model:)?[ \t]*\[(Picture \d+|Attached picture)\b[^\n]*\][ \t]*$/gm, '$1')
    .trim()
}

/** What a message that asked for a picture begins with, as the server tells it to models. */
export const pictureWanted = /^Picture wanted:\s*/

export interface Spoken {
  who: 'user' | 'model'
  text: string
}

/** Reads `User: …` and `Model: …` lines; lines without either belong to the message before them. */
export function readMessages(text: string): Spoken[] {
  const messages: Spoken[] = []
  for (const line of text.split('\n')) {
    const start = /^(User|Model):[ \t]?(.*)$/.exec(line)
    if (start) messages.push({ who: start[1] === 'User' ? 'user' : 'model', text: start[2] ?? '' })
    else {
      const last = messages.at(-1)
      if (last) last.text += `\n${line}`
    }
  }
  return messages.map(({ who, text }) => ({ who, text: text.trim() }))
}
