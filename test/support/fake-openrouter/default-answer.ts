import sharp from 'sharp'
import { samplePng } from '../sample-pictures.ts'
import { send } from './answer.ts'
import {
  asksForPicture,
  asksForRefinement,
  lastUserText,
  shownPictures,
  type ChatRequest,
} from './chat-request.ts'
import type { WireImage } from './chat-stream.ts'
import type { Behaviour, Exchange } from './exchange.ts'

/**
 * What a request gets when no behaviour is queued: a picture when it asks for one, a refined prompt when it
 * is the refining call, else some words which tell what pictures were shown.
 */
export const defaultAnswer: Behaviour = {
  async answer(exchange) {
    const { body } = exchange
    if (asksForPicture(body)) {
      await send(exchange, { content: '', images: [wireImage(await pictureFor(exchange), { index: 0 })] })
    } else if (asksForRefinement(body)) {
      await send(exchange, { content: words(`${lastUserText(body)}, in soft light, seen from a low angle`) })
    } else {
      await send(exchange, { content: words(await textFor(body)), nativeFinishReason: 'end_turn' })
    }
  },
}

/** The PNG that a prompt gives, in the pixel size that its aspect ratio has at 1K (wire.md 1.3), ×2 or ×4. */
export async function pictureFor(exchange: Exchange, index = 0): Promise<Buffer> {
  const { body } = exchange
  const shown = shownPictures(body).map((url) => `${url.length} ${url.slice(-64)}`)
  const seed = [lastUserText(body), ...shown, index, exchange.varied ? exchange.id : ''].join('\n')
  const [width, height] = sizes[body.image_config?.aspect_ratio ?? '1:1'] ?? [1024, 1024]
  const scale = { '0.5K': 0.5, '2K': 2, '4K': 4 }[body.image_config?.image_size ?? '1K'] ?? 1
  return await samplePng({ width: width * scale, height: height * scale, seed })
}

/** A picture as it stands on a message: `label` is the type that the data: URI claims. */
export function wireImage(
  bytes: Uint8Array,
  how: { index?: number; label?: string; bareUrl?: boolean } = {},
): WireImage {
  const url = `data:${how.label ?? sniffed(bytes)};base64,${Buffer.from(bytes).toString('base64')}`
  return {
    ...(how.index === undefined ? {} : { index: how.index }),
    type: 'image_url',
    image_url: how.bareUrl ? url : { url },
  }
}

/** Cuts a text into the parts in which models send it: a word with the blank before it. */
function words(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? ['']
}

const sizes: Record<string, readonly [number, number] | undefined> = {
  '1:1': [1024, 1024],
  '2:3': [832, 1248],
  '3:2': [1248, 832],
  '3:4': [864, 1184],
  '4:3': [1184, 864],
  '4:5': [896, 1152],
  '5:4': [1152, 896],
  '9:16': [768, 1344],
  '16:9': [1344, 768],
  '21:9': [1536, 672],
}

async function textFor(body: ChatRequest): Promise<string> {
  const urls = shownPictures(body)
  const said = lastUserText(body).replaceAll(/\s+/g, ' ').slice(0, 120)
  const reply = `You said “${said}”. That is worth a thought — and perhaps a picture.`
  if (urls.length === 0) return reply
  const shown = await Promise.all(urls.map(pixelSize))
  return `I see ${urls.length} ${urls.length === 1 ? 'picture' : 'pictures'} (${shown.join(', ')}). ${reply}`
}

async function pixelSize(url: string): Promise<string> {
  const base64 = /^data:image\/[^,]*;base64,(.+)$/s.exec(url)?.[1]
  if (!base64) return 'linked'
  const { width, height } = await sharp(Buffer.from(base64, 'base64')).metadata()
  return `${width}x${height}`
}

function sniffed(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (start.startsWith('\x89PNG')) return 'image/png'
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  return start.slice(8) === 'WEBP' ? 'image/webp' : 'application/octet-stream'
}
