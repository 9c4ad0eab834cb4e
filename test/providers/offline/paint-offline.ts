import sharp from 'sharp'
import type { usualSizes } from '../../../server/contract/usual-sizes.ts'
import { offlineProvider } from '../../../server/providers/offline/index.ts'
import type { InputPicture, PaintAnswer, PaintRequest } from '../../../server/providers/provider.ts'
import { memorySink } from '../memory-sink.ts'

export interface Painted {
  bytes: Buffer
  answer: PaintAnswer
}

/** A request to the offline painter with everything but the prompt filled in. */
export function paintRequest(prompt: string, more: Partial<PaintRequest> = {}): PaintRequest {
  return {
    model: 'easel/offline-painter',
    prompt,
    aspectRatio: undefined,
    inputs: [],
    maxTokens: 4096,
    user: 'someone',
    signal: new AbortController().signal,
    sink: memorySink().sink,
    ...more,
  }
}

/** Every shape with sides a quarter as long as usual, which takes a sixteenth of the time. */
export const smallSizes: typeof usualSizes = {
  '1:1': { width: 256, height: 256 },
  '2:3': { width: 208, height: 312 },
  '3:2': { width: 312, height: 208 },
  '3:4': { width: 216, height: 296 },
  '4:3': { width: 296, height: 216 },
  '4:5': { width: 224, height: 288 },
  '5:4': { width: 288, height: 224 },
  '9:16': { width: 192, height: 336 },
  '16:9': { width: 336, height: 192 },
  '21:9': { width: 384, height: 168 },
}

/** Paints with a painter of its own, small unless told, and answers the PNG. */
export async function paintOffline(
  prompt: string,
  more: Partial<PaintRequest> = {},
  sizes = smallSizes,
): Promise<Painted> {
  const { sink, pictures } = memorySink({ slow: true })
  const { painter } = offlineProvider({ sizes })
  if (!painter) throw new Error('the offline provider paints')
  const answer = await painter.paint(paintRequest(prompt, { sink, ...more }))
  const [picture] = pictures
  if (picture?.state !== 'finished') throw new Error('no picture was finished')
  return { bytes: picture.bytes, answer }
}

export function asInput(bytes: Uint8Array): InputPicture {
  return { mime: 'image/png', bytes, description: '' }
}

/** A picture of two even fields: `above` on the upper half, `below` on the lower. */
export async function twoFields(
  above: string,
  below: string,
  width = 600,
  height = 400,
): Promise<InputPicture> {
  const lower = await sharp({ create: { width, height: height / 2, channels: 3, background: below } })
    .png()
    .toBuffer()
  const bytes = await sharp({ create: { width, height, channels: 3, background: above } })
    .composite([{ input: lower, left: 0, top: height / 2 }])
    .png()
    .toBuffer()
  return asInput(bytes)
}

export interface MeanColour {
  red: number
  green: number
  blue: number
}

/** The mean of the rows between two shares of the height, channels 0 to 255. */
export async function meanOfRows(bytes: Uint8Array, from: number, to: number): Promise<MeanColour> {
  const { width, height } = await sharp(bytes).metadata()
  const top = Math.floor(height * from)
  const rows = await sharp(bytes)
    .extract({ left: 0, top, width, height: Math.max(1, Math.floor(height * to) - top) })
    .removeAlpha()
    .toBuffer()
  const { channels } = await sharp(rows).stats()
  const [red, green, blue] = channels.map(({ mean }) => mean)
  return { red: red ?? NaN, green: green ?? NaN, blue: blue ?? NaN }
}
