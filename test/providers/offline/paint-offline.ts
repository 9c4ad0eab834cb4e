import sharp from 'sharp'
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

/** Paints with a painter of its own and answers the PNG. */
export async function paintOffline(prompt: string, more: Partial<PaintRequest> = {}): Promise<Painted> {
  const { sink, pictures } = memorySink({ slow: true })
  const { painter } = offlineProvider()
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
