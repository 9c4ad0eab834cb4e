import { readMessages, readSections, withoutPictureNotes } from '../prompt-sections.ts'
import {
  capitalised,
  ended,
  firstSentence,
  listed,
  meaningfulWords,
  sentencesOf,
  withoutAsking,
} from './sentences.ts'

/** Two to five sentences: the heart of the summary so far, then what the new messages are about. */
export function writeSummary(text: string): string {
  const { soFar = '', added = text } = readSections(text)
  const messages = readMessages(withoutPictureNotes(added))
  const asked = messages.filter(({ who, text: said }) => who === 'user' && said !== '')
  const answered = messages.filter(({ who, text: said }) => who === 'model' && said !== '')
  // What was said first sets the scene, what was said last is where things stand.
  const before = sentencesOf(soFar)
  const kept = before.length > 2 ? [before[0] ?? '', before.at(-1) ?? ''] : before
  const wishes = asked
    .slice(-2)
    .map(({ text: said }) => `The user said: ${ended(firstSentence(withoutAsking(said), 140))}`)
  const topics = mostSaid(messages.map(({ text: said }) => withoutAsking(said)).join(' '))
  const about = topics.length > 0 ? `The conversation is about ${listed(topics)}.` : ''
  const last = answered.at(-1)
  const reply =
    last && kept.length < 2
      ? `The model answered: ${ended(firstSentence(last.text.replace(/!\[[^\]]*\]\([^)]*\)/g, 'a picture'), 140))}`
      : ''
  return [...kept, about, ...wishes, reply]
    .filter((sentence) => sentence !== '')
    .slice(0, 5)
    .map(capitalised)
    .join(' ')
}

/** The words that come up most, the earlier first where they tie. */
function mostSaid(text: string): string[] {
  const counts = new Map<string, number>(meaningfulWords(text).map((word) => [word, 0]))
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'\u2019-]*/gu) ?? []) {
    const count = counts.get(word)
    if (count !== undefined) counts.set(word, count + 1)
  }
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, 4)
    .map(([word]) => word)
}
