import type { Language } from '../../../contract/language.ts'
import { languageOfText } from '../german-words.ts'
import { pictureWanted, readMessages, readSections, withoutPictureNotes } from '../prompt-sections.ts'
import { picturePhrases } from './picture-phrases.ts'
import {
  capitalised,
  ended,
  firstSentence,
  meaningfulWords,
  sentencesOf,
  topicWords,
  withoutAsking,
} from './sentences.ts'

interface SummaryPhrases {
  about(topics: readonly string[]): string
  said(sentence: string): string
  answered(sentence: string): string
  picture: string
}

const summaryPhrases: Readonly<Record<Language, SummaryPhrases>> = {
  en: {
    about: (topics) => `The conversation is about ${picturePhrases.en.listed(topics)}.`,
    said: (sentence) => `The user said: ${sentence}`,
    answered: (sentence) => `The model answered: ${sentence}`,
    picture: 'a picture',
  },
  de: {
    about: (topics) => `Im Gespräch geht es um ${picturePhrases.de.listed(topics)}.`,
    said: (sentence) => `Gesagt wurde: ${sentence}`,
    answered: (sentence) => `Die Antwort war: ${sentence}`,
    picture: 'ein Bild',
  },
}

/** Two to five sentences: the heart of the summary so far, then what the new messages are about. */
export function writeSummary(text: string): string {
  const { soFar = '', added = text } = readSections(text)
  const messages = readMessages(withoutPictureNotes(added)).map(({ who, text: said }) => ({
    who,
    text: said.replace(pictureWanted, ''),
  }))
  const phrases = summaryPhrases[languageOfText(messages.map(({ text: said }) => said).join(' '), 'en')]
  const asked = messages.filter(({ who, text: said }) => who === 'user' && said !== '')
  const answered = messages.filter(({ who, text: said }) => who === 'model' && said !== '')
  // What was said first sets the scene, what was said last is where things stand.
  const before = sentencesOf(soFar)
  const kept = before.length > 2 ? [before[0] ?? '', before.at(-1) ?? ''] : before
  const telling = asked.filter(({ text: said }) => meaningfulWords(said).length > 1)
  const wishes = (telling.length > 0 ? telling : asked)
    .slice(-3)
    .map(({ text: said }) => phrases.said(ended(firstSentence(withoutAsking(said), 140))))
  const topics = mostSaid(asked.map(({ text: said }) => withoutAsking(said)).join(' '))
  const about = topics.length > 0 ? phrases.about(topics) : ''
  const last = answered.at(-1)
  const reply =
    last && kept.length < 2 && asked.length < 2
      ? phrases.answered(
          ended(firstSentence(last.text.replace(/!\[[^\]]*\]\([^)]*\)/g, phrases.picture), 140)),
        )
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
