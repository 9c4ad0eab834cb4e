import { readSections, withoutPictureNotes } from '../prompt-sections.ts'
import { meaningfulWords, sentencesOf, shortened, stem } from './sentences.ts'

const mostSentences = 6
const mostCharacters = 900

/** The sentences of the passages that share words with the image prompt, in their order; empty when none does. */
export function writeExtract(text: string): string {
  const { passages = '', prompt = '' } = readSections(text)
  return relatedSentences(withoutPictureNotes(passages), prompt, mostSentences)
    .join(' ')
    .slice(0, mostCharacters)
}

/** At most `limit` sentences of a text that share most meaning with a prompt, in the text's order. */
export function relatedSentences(text: string, prompt: string, limit: number): string[] {
  const wanted = new Set(meaningfulWords(prompt).map(stem))
  const scored = sentencesOf(text)
    .map((line) => line.replace(/^[-*\u2022]\s*/, '').replace(/^(User|Model):\s*/, ''))
    .map((sentence, at) => ({
      sentence,
      at,
      shared: meaningfulWords(sentence).filter((word) => wanted.has(stem(word))).length,
    }))
    .filter(({ shared }) => shared > 0)
  return scored
    .toSorted((one, other) => other.shared - one.shared || one.at - other.at)
    .slice(0, limit)
    .toSorted((one, other) => one.at - other.at)
    .map(({ sentence }) => shortened(sentence, 220))
}
