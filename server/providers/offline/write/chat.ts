import type { Language } from '../../../contract/language.ts'
import type { InputPicture, PromptMessage } from '../../provider.ts'
import { languageOfText } from '../german-words.ts'
import { measurePicture } from '../measure.ts'
import { withoutPictureNotes } from '../prompt-sections.ts'
import { readChanges } from '../change/read-changes.ts'
import { readPrompt } from '../read-prompt.ts'
import { chatPhrases } from './chat-phrases.ts'
import { relatedSentences } from './extract.ts'
import { measuredPart, picturePhrases } from './picture-phrases.ts'
import { pictureWords } from './picture-words.ts'
import { ended, firstSentence, meaningfulWords, withoutAsking, withoutTelling } from './sentences.ts'

/** Answers the last user message; introduces itself in the first answer of a conversation. */
export async function writeChat(messages: readonly PromptMessage[], asked: Language): Promise<string> {
  const said = messages.filter(({ role }) => role !== 'system')
  const first = !said.some(({ role }) => role === 'assistant')
  const last = said.findLast(({ role }) => role === 'user')
  const language = languageOfText(withoutPictureNotes(last?.text ?? ''), asked)
  const answer = await answerTo(last, said, language)
  return first ? `${answer}\n\n${chatPhrases(language).introduction}` : answer
}

async function answerTo(
  last: PromptMessage | undefined,
  said: readonly PromptMessage[],
  language: Language,
): Promise<string> {
  const text = withoutPictureNotes(last?.text ?? '')
  const wished = wishedPicture(text)
  if (wished !== undefined) return chatPhrases(language).wish(wished)
  const pictures = picturesIn(last, said)
  if (pictures.length > 0 && (text === '' || asksAboutPictures(text))) return seen(pictures, text, language)
  return answerInWords(text, said, language)
}

function answerInWords(text: string, said: readonly PromptMessage[], language: Language): string {
  const phrases = chatPhrases(language)
  const length = meaningfulWords(text).length
  if (
    /^(hi|hello|hey|good (morning|evening|afternoon|day)|greetings|hallo|guten (tag|morgen|abend)|moin)\b/i.test(
      text,
    ) &&
    length < 4
  )
    return phrases.greeting
  if (
    /^(thanks?|thank you|cheers|great|nice|lovely|wonderful|perfect|danke|super|toll)\b/i.test(text) &&
    length < 5
  )
    return phrases.thanks
  if (
    /\b(what can you do|help|how do(es)? (this|it|i)|who are you|what are you|was kannst du|wer bist du|hilfe|helfen)\b/i.test(
      text,
    )
  )
    return phrases.abilities
  if (/\b(summar|what have we|recap|so far|fasse? .*zusammen|was haben wir|bisher)\b|\bsummar/i.test(text))
    return recap(said, language)
  if (readChanges(text).length > 0 && length < 8) return phrases.change(wish(text))
  if (remembers.test(text)) {
    const earlier = said
      .slice(0, -1)
      .filter(({ role, text: other }) => role === 'user' && !other.includes('?'))
    const found = relatedSentences(
      earlier.map(({ text: other }) => withoutPictureNotes(other)).join('\n'),
      text,
      3,
    )
    if (found.length > 0) return phrases.remembered(found)
  }
  if (length === 0) return phrases.listening
  const paintable = paintableOf(text)
  if (tasks.test(text)) return phrases.task(paintable)
  return text.includes('?') ? phrases.question(quoted(text), paintable) : phrases.statement(paintable)
}

const remembers = /\b(did (i|we|you)|have (i|we)|remember|i (said|told)|tell you|habe ich|weißt du noch)\b/i
const tasks =
  /^(please |bitte |can you |could you )*(write|explain|translate|calculate|code|compose|solve|list|tell me|give me|schreib|erklär|übersetz|berechne)/i

/** What is asked for as a picture in so many words, as a command would take it. */
function wishedPicture(text: string): string | undefined {
  const asks =
    /^(hey,? |hi,? |please |now |bitte |(can|could|would|will) you |kannst du |mir )*(draw|paint|sketch|illustrate|(create|generate|make|show)( me| us)?( an?| the)? (picture|image|photo|painting)|male?|zeichne)\b/i
  const german =
    /^(?:bitte |kannst du |könntest du |würdest du )+(?:bitte |mir |uns )*(.+?) (?:malen|zeichnen)\b/i.exec(
      text,
    )?.[1]
  const found = german ?? (asks.test(text) ? wish(text) : '')
  return found === '' ? undefined : found
}

/** The user's own words where the painter knows something in them. */
function paintableOf(text: string): string | undefined {
  const about = /\b(?:about|of|über|von)\s+(.+)$/i.exec(text)?.[1]
  const words = wish(about !== undefined && (text.includes('?') || tasks.test(text)) ? about : text)
  return readPrompt(words).kind === '' ? undefined : words
}

function quoted(text: string): string {
  return `\u201c${firstSentence(text, 120)}\u201d`
}

function asksAboutPictures(text: string): boolean {
  return aboutPictures.some((pattern) => pattern.test(text))
}

/** Words of looking, and questions that point at something; in English, then in German. */
const aboutPictures = [
  /\b(see|look|looks|looking|picture|pictures|image|images|photo|photos|painting|describe|compare|difference|colou?rs?|bright|dark|brightest|attached|show|shows|shown)\b/i,
  /\b(what|how|which|is|are|does|do)\b.*\b(it|this|that|these|those|they|here)\b/i,
  /(?<!\p{L})(bild\p{L}*|fotos?|gemälde|siehst|seht|sehen|sieht|erkennst|schau|farben?|hell|dunkel|am hellsten|helligkeit|beschreib\p{L}*|vergleich\p{L}*|unterschied|angehängt|abgebildet|da?rauf|darin)(?!\p{L})/iu,
  /(?<!\p{L})(was|wie|wo|welche\p{L}*|ist|sind|hat)(?!\p{L}).*(?<!\p{L})(es|das|dies\p{L}*|hier|da)(?!\p{L})/iu,
]

/** The last message's pictures, else those of the latest user message that has any. */
function picturesIn(
  last: PromptMessage | undefined,
  said: readonly PromptMessage[],
): readonly InputPicture[] {
  const own = last?.pictures ?? []
  if (own.length > 0) return own
  return said.findLast(({ role, pictures }) => role === 'user' && (pictures?.length ?? 0) > 0)?.pictures ?? []
}

async function seen(pictures: readonly InputPicture[], text: string, language: Language): Promise<string> {
  const phrases = picturePhrases[language]
  const lines: string[] = []
  for (const [at, picture] of pictures.entries()) {
    const measured = await measurePicture(picture.bytes)
    const looks = `${measured.width} \u00d7 ${measured.height}: ${pictureWords(measured, phrases)}.`
    const told = firstSentence(picture.description, 220).replace(measuredPart, '')
    const name = pictures.length > 1 ? `- ${phrases.name(at + 1)}, ` : ''
    lines.push(`${name}${looks}${told === '' ? '' : ` ${phrases.described(ended(told))}`}`)
  }
  const count = pictures.length === 1 ? phrases.one : phrases.several(pictures.length)
  const beyond =
    /(?<!\p{L})(who|where|why|read|text|written|count|how many|wer|wo|warum|lies|schrift|steht|geschrieben|wie viele)(?!\p{L})/iu
  return count + lines.join('\n') + (beyond.test(text) ? `\n\n${phrases.limits}` : '')
}

function recap(said: readonly PromptMessage[], language: Language): string {
  const told = said
    .slice(0, -1)
    .filter(({ role, text }) => role === 'user' && meaningfulWords(withoutPictureNotes(text)).length > 1)
    .slice(-8)
    .map(({ text }) => firstSentence(withoutPictureNotes(text), 120))
  const phrases = picturePhrases[language]
  return told.length === 0 ? phrases.justBegun : phrases.soFar(told)
}

/** The user's own words as a command would take them. */
function wish(text: string): string {
  return firstSentence(withoutTelling(withoutAsking(text)).replaceAll('`', ''), 140).replace(/[.?!]+$/, '')
}
