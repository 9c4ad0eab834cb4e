import { inEnglish, languageOfText } from '../german-words.ts'
import {
  pictureWanted,
  readMessages,
  readSections,
  type Sections,
  withoutPictureNotes,
} from '../prompt-sections.ts'
import { readPrompt, styleNamed } from '../read-prompt.ts'
import type { Scene } from '../scene.ts'
import { dragonKinds } from '../scenes/dragon.ts'
import { relatedSentences } from './extract.ts'
import { refinePhrases, type RefinePhrases } from './refine-phrases.ts'
import {
  capitalised,
  ended,
  meaningfulWords,
  sentencesOf,
  shortened,
  stem,
  withoutAsking,
  withoutTelling,
} from './sentences.ts'

/** Prompts longer than this say what they want themselves. */
const longEnough = 320

/**
 * One visual prompt of one to three sentences: the user's own words first; what they point back to is named from
 * the context; light, manner and composition are added where the words leave them open.
 */
export function writeRefinement(text: string): string {
  const sections = withoutNotes(readSections(text))
  const raw = withoutAsking(sections.prompt || text)
  if (raw === '') return ''
  const talk = asksForTheTalk(raw) ? talkedAbout(sections) : ''
  if (talk !== '') return [talk, ended(capitalised(addition(readPrompt(talk), talk)))].join(' ')
  const meant = pointsBack(raw) ? earlierWish(sections) : undefined
  const subject = capitalised(meant ? `${raw.replace(/[.!?]+$/, '')}: ${meant}` : raw)
  if (subject.length > longEnough) return ended(subject)
  const known = meant
    ? []
    : relatedSentences(contextOf(sections), raw, 1).filter((sentence) => tellsMore(sentence, raw))
  const notes = styleNotes(sections)
  // What is changed keeps the manner that it has.
  const manner = meant
    ? ''
    : addition(readPrompt([ended(subject), ...known.map(ended), notes].join(' ')), `${subject} ${notes}`)
  return [
    subject,
    ...known.slice(0, 1),
    manner ? capitalised([notes, manner].filter(Boolean).join(', ')) : notes,
  ]
    .filter((sentence) => sentence !== '')
    .map(ended)
    .slice(0, 3)
    .join(' ')
}

/** The colours that were measured in earlier pictures are not wishes for this one. */
function withoutNotes(sections: Sections): Sections {
  const { prompt = '', recent = '', deep = '' } = sections
  return { ...sections, prompt, recent: withoutPictureNotes(recent), deep: withoutPictureNotes(deep) }
}

/** "draw what we just talked about": the whole wish is what was said. */
function asksForTheTalk(raw: string): boolean {
  return (
    /\b(what|all|everything|the things?) (that )?(we|i|you)\b.*\b(talk|sa(id|y)|discuss|describ|mention|told|chat|wrote)/i.test(
      raw,
    ) ||
    /\b(our|this|the) (conversation|talk|chat|discussion)\b/i.test(raw) ||
    /\b(worüber|wovon|was) (wir|ich)\b/i.test(raw)
  )
}

/** What the user said last that can be painted, at most three sentences of it. */
function talkedAbout({ recent = '', deep = '', memory = '', summary = '' }: Sections): string {
  const spoken = readMessages(recent)
    .filter(({ who, text }) => who === 'user' && !text.startsWith('/'))
    .map(({ text }) => text)
  const sentences = [...spoken, deep, memory, summary]
    .flatMap(sentencesOf)
    .map((sentence) =>
      withoutTelling(
        sentence.replace(/^[-*]\s*/, '').replace(/^(User|Model|The user said|Gesagt wurde):\s*/, ''),
      ),
    )
  const paintable = sentences.filter(
    (sentence) => !sentence.includes('?') && !asksForTheTalk(sentence) && readPrompt(sentence).kind !== '',
  )
  return [...new Set(paintable)]
    .slice(-3)
    .map((sentence) => ended(capitalised(shortened(sentence, 200))))
    .join(' ')
}

/** "it", "the same place", "that one": words that only the conversation explains. */
function pointsBack(raw: string): boolean {
  return (
    /(?<!\p{L})(es|ihn|ihm|dies|dort|noch ?mal|noch einmal|wieder|(?:der|die|das|dem)(?:selbe|selben)|(?:der|die|das) gleiche|(?:das|dem) (?:bild|gemälde|foto)|(?:das|dem) letzten?)(?!\p{L})/iu.test(
      raw,
    ) ||
    /^(mehr|weniger|etwas|ein bisschen|ein wenig|viel|jetzt|nun|aber|und|stattdessen|mach|dunkler|heller|wärmer|kühler|bunter)(?!\p{L})/iu.test(
      raw,
    ) ||
    /\b(it|its|this|that|them|these|those|there|same|again|another one|the (picture|image|painting|photo|scene|place|previous|last))\b/i.test(
      raw,
    ) ||
    /^(more|less|a bit|a little|slightly|much|now|but|and|instead|as|in|with|without|darker|brighter|warmer|cooler)\b/i.test(
      raw,
    )
  )
}

/** The latest thing that the user asked to see, or else talked about, in the user's words. */
function earlierWish({ recent = '', deep = '', memory = '', summary = '' }: Sections): string | undefined {
  const wishes = readMessages(recent)
    .filter(({ who }) => who === 'user')
    .map(({ text }) => withoutAsking(text.replace(pictureWanted, '')))
    .toReversed()
  const others = [deep, memory, summary].flatMap((text) =>
    text.split('\n').map((line) => line.replace(/^[-*]\s*/, '').trim()),
  )
  const telling = [...wishes, ...others].find(
    (wish) => wish !== '' && !pointsBack(wish) && readPrompt(wish).kind !== '',
  )
  const wish =
    telling ??
    wishes.find(
      (one) => one !== '' && !one.includes('?') && !pointsBack(one) && meaningfulWords(one).length > 0,
    )
  return wish === undefined ? undefined : shortened(lowered(wish.replace(/[.!?]+$/, '')), 200)
}

/** Begins small after a colon, but for names. */
function lowered(text: string): string {
  return /^(A|An|The|My|Our|Some|In|At)\b/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

function contextOf({ memory = '', deep = '', recent = '' }: Sections): string {
  // Whoever speaks of commands speaks of how to ask, and not of what is to be seen.
  const spoken = readMessages(recent).filter(({ text }) => !/^\/|`\//m.test(text))
  return [deep, memory, ...spoken.map(({ text }) => text)]
    .filter((text) => text !== '' && !/!\[/.test(text))
    .join('\n')
}

/** Whether a sentence of the context adds words, and describes rather than asks or answers. */
function tellsMore(sentence: string, raw: string): boolean {
  const said = new Set(meaningfulWords(raw).map(stem))
  const fresh = meaningfulWords(sentence).filter((word) => !said.has(stem(word)))
  return (
    fresh.length > 0 &&
    !sentence.includes('?') &&
    !/^(I (want|would|think|am|like|can|will)|You|We|Please|Hello|Hi|Thanks?|OK)\b/i.test(sentence)
  )
}

/** Pinned notes that are about looks, such as "always in watercolour, teal and orange". */
function styleNotes({ memory = '' }: Sections): string {
  const line = memory
    .split('\n')
    .map((note) => note.replace(/^[-*]\s*/, '').trim())
    .find((note) => styleNamed(note.toLowerCase()) !== undefined || readPrompt(note).colours.length > 0)
  return line ? shortened(line.replace(/[.!]+$/, ''), 120) : ''
}

/** What the prompt leaves open: manner, light, composition. Empty when it is already told. */
function addition(scene: Scene, words: string): string {
  const phrases = refinePhrases[languageOfText(words, 'en')]
  const lower = inEnglish(words).toLowerCase()
  const parts: string[] = []
  if (styleNamed(lower) === undefined) parts.push(phrases.manner)
  const lit =
    /\b(light|lit|sun\w*|dawn|dusk|night\w*|noon|day\w*|morning|evening|twilight|moon\w*|fog\w*|storm\w*|golden|midnight|afternoon)\b/
  if (!lit.test(lower) && scene.subject !== 'abstract' && scene.subject !== 'space')
    parts.push(phrases.light[scene.light])
  if (
    !/\b(composition|view|close-?up|foreground|background|horizon|centred|wide|profile|vordergrund|hintergrund|profil)\b/.test(
      lower,
    )
  )
    parts.push(compositionOf(scene, phrases))
  return parts.join(', ')
}

function compositionOf({ kind, subject, weather }: Scene, phrases: RefinePhrases): string {
  if (dragonKinds.has(kind)) return phrases.flying
  const isRough = weather === 'storm' && (subject === 'sea' || subject === 'lake')
  return isRough ? phrases.stormy : phrases.composition[subject]
}
