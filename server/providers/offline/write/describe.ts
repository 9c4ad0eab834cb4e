import type { InputPicture } from '../../provider.ts'
import { measurePicture } from '../measure.ts'
import { imagePromptOf } from '../prompt-sections.ts'
import { languageOfText } from '../german-words.ts'
import { picturePhrases } from './picture-phrases.ts'
import { mainColours, pictureWords } from './picture-words.ts'
import { capitalised, ended, shortened, withoutAsking } from './sentences.ts'
import { headline } from './title.ts'

/**
 * A caption of a few words, a line break, one sentence: from the prompt where there is one, and from the picture's
 * measured colours.
 */
export async function writeDescription(text: string, picture: InputPicture | undefined): Promise<string> {
  const prompt = shortened(withoutAsking(imagePromptOf(text)).split(/(?<=[.!?])\s/, 1)[0] ?? '', 160).replace(
    /[.!]+$/,
    '',
  )
  const measured = picture ? await measurePicture(picture.bytes) : undefined
  const phrases = picturePhrases[languageOfText(prompt, 'en')]
  const looks = measured ? pictureWords(measured, phrases) : ''
  if (prompt !== '') {
    return `${headline(prompt)}\n${ended(capitalised(looks === '' ? prompt : `${prompt}; ${looks}`))}`
  }
  if (!measured) return phrases.unseen
  const shape =
    measured.width > measured.height ? 'wide' : measured.width < measured.height ? 'tall' : 'square'
  return `${capitalised(phrases.titled(mainColours(measured, phrases)))}\n${phrases.shaped(shape, looks)}`
}
