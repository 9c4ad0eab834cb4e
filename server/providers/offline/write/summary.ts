import { readMessages, readSections, withoutPictureNotes } from '../prompt-sections.ts'
import {
  capitalised,
  ended,
  firstSentence,
  listed,
  meaningfulWords,
  sentencesOf,
  topicWords,
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
  const telling = asked.filter(({ text: said }) => meaningfulWords(said).length > 1)
  const wishes = (telling.length > 0 ? telling : asked)
    .slice(-3)
    .map(({ text: said }) => `The user said: ${ended(firstSentence(withoutAsking(said), 140))}`)
  const topics = mostSaid(asked.map(({ text: said }) => withoutAsking(said)).join(' '))
  const about = topics.length > 0 ? `The conversation is about ${listed(topics)}.` : ''
  const last = answered.at(-1)
  const reply =
    last && kept.length < 2 && asked.length < 2
      ? `The model answered: ${ended(firstSentence(last.text.replace(/!\[[^\]]*\]\([^)]*\)/g, 'a picture'), 140))}`
      : ''
  return [...kept, about, ...wishes, reply]
    .filter((sentence) => sentence !== '')
    .slice(0, 5)
    .map(capitalised)
    .join(' ')
}

/** The words that come up more than once, most of all first, spelled as they stand there. */
function mostSaid(text: string): string[] {
  const counts = new Map<string, number>()
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'\u2019-]*/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const said = topicWords(text, Infinity).map((word) => ({
    word,
    times: counts.get(word.toLowerCase()) ?? 0,
  }))
  return said
    .filter(({ times }) => times > 1)
    .toSorted((one, other) => other.times - one.times)
    .slice(0, 4)
    .map(({ word }) => word)
}
