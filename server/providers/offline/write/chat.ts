import type { InputPicture, PromptMessage } from '../../provider.ts'
import { measurePicture } from '../measure.ts'
import { withoutPictureNotes } from '../prompt-sections.ts'
import { hashOf } from '../seed.ts'
import { pictureWords } from './picture-words.ts'
import { ended, firstSentence, listed, topicWords, withoutAsking } from './sentences.ts'

const introduction =
  'I am Easel\u2019s offline writer: I answer by simple rules, with no language model behind me. ' +
  'I can paint with `/image \u2026`, and I can tell the colours and the brightness of pictures. ' +
  'For real conversation, put your `OPENROUTER_API_KEY` into the file `.env` and start Easel again.'

/** Answers the last user message; introduces itself in the first answer of a conversation. */
export async function writeChat(messages: readonly PromptMessage[]): Promise<string> {
  const said = messages.filter(({ role }) => role !== 'system')
  const first = !said.some(({ role }) => role === 'assistant')
  const last = said.findLast(({ role }) => role === 'user')
  const answer = await answerTo(last, said)
  return first ? `${answer}\n\n${introduction}` : answer
}

async function answerTo(last: PromptMessage | undefined, said: readonly PromptMessage[]): Promise<string> {
  const text = withoutPictureNotes(last?.text ?? '')
  const pictures = picturesIn(last, said)
  if (pictures.length > 0 && (text === '' || asksAboutPictures(text))) return seen(pictures, text)
  const topic = topicWords(withoutAsking(text), 4)
  if (
    /^(hi|hello|hey|good (morning|evening|afternoon|day)|greetings|hallo)\b/i.test(text) &&
    topic.length < 4
  ) {
    return 'Hello! Good to have you here. Tell me what you would like to see, for example `/image a lighthouse at dusk, watercolour`.'
  }
  if (/^(thanks?|thank you|cheers|great|nice|lovely|wonderful|perfect)\b/i.test(text) && topic.length < 5) {
    return 'You are welcome! Say `/image` and what should change, and I will paint another one.'
  }
  if (/\b(what can you do|help|how do(es)? (this|it|i)|who are you|what are you)\b/i.test(text))
    return abilities
  if (/\b(summar|what (did|have) we|recap|so far)\b/i.test(text)) return recap(said)
  if (/\b(draw|paint|sketch|illustrate|image|picture|photo)\b/i.test(text) && topic.length > 0) {
    return `I paint when a message begins with a command. Try:\n\n\`/image ${wish(text)}\``
  }
  if (topic.length === 0)
    return 'I am listening. Tell me a little more, or try `/image` with something you would like to see.'
  return text.includes('?') ? question(topic, text) : statement(topic, text)
}

const abilities = [
  'Without a language model I can do these things:',
  '',
  '- paint: `/image a fox in the snow, paper cut`. I know landscapes, seas, cities, portraits, still lifes, flowers, animals and space, many kinds of light and weather, and styles such as watercolour, oil, ink and pixel art',
  '- paint the last picture again, changed: `/image make it darker`, `/image the same with a purple sky`',
  '- look at pictures you attach and tell their colours and brightness',
  '- keep notes: `/memory \u2026`, and list the commands: `/help`',
].join('\n')

function asksAboutPictures(text: string): boolean {
  return (
    /\b(see|look|looks|looking|picture|pictures|image|images|photo|photos|painting|describe|compare|difference|colou?rs?|bright|dark|brightest|attached|show|shows|shown)\b/i.test(
      text,
    ) || /\b(what|how|which|is|are|does|do)\b.*\b(it|this|that|these|those|they|here)\b/i.test(text)
  )
}

/** The last message's pictures, else those of the latest user message that has any. */
function picturesIn(
  last: PromptMessage | undefined,
  said: readonly PromptMessage[],
): readonly InputPicture[] {
  const own = last?.pictures ?? []
  if (own.length > 0) return own
  return said.findLast(({ role, pictures }) => role === 'user' && (pictures?.length ?? 0) > 0)?.pictures ?? []
}

async function seen(pictures: readonly InputPicture[], text: string): Promise<string> {
  const lines: string[] = []
  for (const [at, picture] of pictures.entries()) {
    const measured = await measurePicture(picture.bytes)
    const looks = `${measured.width} \u00d7 ${measured.height}: ${pictureWords(measured)}.`
    const told = firstSentence(picture.description, 220).replace(/; mostly .*$/, '')
    const name = pictures.length > 1 ? `- Picture ${at + 1}, ` : ''
    lines.push(`${name}${looks}${told === '' ? '' : ` It is described as: ${ended(told)}`}`)
  }
  const count = pictures.length === 1 ? 'I see 1 picture, ' : `I see ${pictures.length} pictures:\n\n`
  const limits = /\b(who|where|why|read|text|written|count|how many)\b/i.test(text)
    ? '\n\nMore than colours, light and the description I cannot tell: I measure pictures, I do not recognise things.'
    : ''
  return count + lines.join('\n') + limits
}

function recap(said: readonly PromptMessage[]): string {
  const wishes = said
    .slice(0, -1)
    .filter(({ role, text }) => role === 'user' && text.trim() !== '')
    .slice(-5)
    .map(({ text }) => `- ${firstSentence(withoutPictureNotes(text), 120)}`)
  if (wishes.length === 0) return 'We have only just begun: there is nothing to sum up yet.'
  return `So far you said:\n\n${wishes.join('\n')}`
}

function question(topic: readonly string[], text: string): string {
  const about = listed(topic)
  return pick(text, [
    `That is a question about ${about}, and I have no knowledge of my own to answer it with. I can show it, though: \`/image ${topic.join(' ')}\`.`,
    `About ${about} I cannot tell you anything reliable, since no language model is connected. Shall I paint it? \`/image ${topic.join(' ')}\``,
    `I would rather not guess about ${about}. What I can do is paint: \`/image ${topic.join(' ')}\`.`,
  ])
}

function statement(topic: readonly string[], text: string): string {
  const about = listed(topic)
  return pick(text, [
    `I have noted ${about}. If you would like to see it, try \`/image ${wish(text)}\`.`,
    `So this is about ${about}. It stays in our conversation, and the next picture can use it.`,
    `${about.charAt(0).toUpperCase()}${about.slice(1)}: understood. Ask for a picture with \`/image\` whenever you like.`,
  ])
}

/** The user's own words as a command would take them. */
function wish(text: string): string {
  return firstSentence(withoutAsking(text).replaceAll('`', ''), 140).replace(/[.?!]+$/, '')
}

function pick(text: string, choices: readonly [string, ...string[]]): string {
  return choices[hashOf(text) % choices.length] ?? choices[0]
}
