import { pictureWanted, readMessages, withoutPictureNotes } from '../prompt-sections.ts'
import { capitalised, sentencesOf, withoutAsking } from './sentences.ts'

const joining =
  /^(a|an|the|and|or|of|in|on|at|to|for|with|by|from|over|under|near|is|are|my|your|its|that|this|und|oder|von|im|in|auf|mit|für|über|unter|am|zu|aus|vor|bei|mein|dein|ist|sind)$/i

/** Three to six words from what the user said first. */
export function writeTitle(text: string): string {
  const first =
    readMessages(withoutPictureNotes(text)).find(({ who, text: said }) => who === 'user' && said !== '')
      ?.text ?? text
  return headline(withoutAsking(wishIn(first))) || 'New conversation'
}

/** What a picture should show: without the words that mark the wish, and without options. */
function wishIn(text: string): string {
  return pictureWanted.test(text) ? text.replace(pictureWanted, '').replace(/\s--[a-z].*$/is, '') : text
}

/** The first six words that matter, without articles, quotes and a joining word at the end. */
export function headline(text: string): string {
  const sentence = sentencesOf(text)[0] ?? ''
  const words = sentence
    .replace(/["\u201c\u201d\u201e\u00ab\u00bb`*_#<>[\]()]/g, '')
    .split(/\s+/)
    .map((word) => word.replace(/^[,;:.!?'-]+|[;:.!?']+$/g, ''))
    .filter((word) => word !== '' && !/^(a|an|the|ein|eine|einen|einem|einer|der|das|dem|den)$/i.test(word))
    .slice(0, 6)
    .map((word) => word.slice(0, 40))
  while (words.length > 3 && joining.test(words.at(-1) ?? '')) words.pop()
  return capitalised(words.join(' ').replace(/,$/, ''))
}
