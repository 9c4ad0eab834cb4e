import { type Answer, type AnswerForm, completion, send } from './answer.ts'
import { pictureFor, wireImage } from './default-answer.ts'
import type { Behaviour, Exchange } from './exchange.ts'
import { expectedUsage } from './usage.ts'

export interface PictureOptions extends AnswerForm {
  /** The pictures' bytes; else `count` pictures made from the prompt. */
  bytes?: Uint8Array | readonly Uint8Array[]
  /** What the data: URI claims; the truth unless told. */
  mimeLabel?: string
  /** '' unless told, as image models answer; null is as usual. */
  content?: string | null
  count?: number
  withoutIndex?: boolean
  /** `image_url` is the address itself instead of an object. */
  bareUrl?: boolean
  /** Instead of data: URIs: links, or nonsense. */
  urls?: readonly string[]
  reasoning?: string
  cost?: number | null
  finishReason?: string
}

/** A good answer with pictures: whole or streamed, as the request asks. */
export function picture(options: PictureOptions = {}): Behaviour {
  return {
    async answer(exchange) {
      const { content = '', reasoning, cost, finishReason } = options
      const answer: Answer = {
        content,
        images: await images(exchange, options),
        ...(reasoning === undefined ? {} : { reasoning }),
        ...(cost === undefined ? {} : { cost }),
        ...(finishReason === undefined ? {} : { finishReason }),
      }
      await send(exchange, answer, options)
    },
  }
}

/** The same as a stream, also when none was asked for: words, the picture in one line, usage, `[DONE]`. */
export function pictureStream(options: PictureOptions = {}): Behaviour {
  return picture({ content: 'Here you go.', ...options, as: 'stream' })
}

/** HTTP 200 without a picture: refused, or words only. */
export function noPicture(
  options: AnswerForm & {
    nativeReason?: string
    finishReason?: string
    content?: string | null
    refusal?: string
  } = {},
): Behaviour {
  const { nativeReason = 'IMAGE_SAFETY', finishReason = 'stop', content = '', refusal } = options
  const answer: Answer = {
    content,
    finishReason,
    nativeFinishReason: nativeReason,
    ...(refusal === undefined ? {} : { refusal }),
  }
  return { answer: (exchange) => send(exchange, answer, options) }
}

/** A picture whose base64 stops after `keep` (a half, unless told) of its characters; the rest is well-formed. */
export function truncatedBase64(options: PictureOptions & { keep?: number } = {}): Behaviour {
  return {
    async answer(exchange) {
      const whole = await images(exchange, options)
      const urls = whole.map(({ image_url: url }) => {
        const text = typeof url === 'string' ? url : url.url
        return text.slice(0, Math.floor(text.length * (options.keep ?? 0.5)))
      })
      await picture({ ...options, urls }).answer(exchange)
    },
  }
}

/** `choices: []`, or no choices at all. */
export function emptyChoices(form: 'empty' | 'missing' = 'empty'): Behaviour {
  return {
    async answer(exchange) {
      const usage = expectedUsage(exchange.body)
      const { choices, ...rest } = completion(exchange, { content: '' }, usage)
      await exchange.json(200, form === 'empty' && choices ? { ...rest, choices: [] } : rest)
    },
  }
}

async function images(exchange: Exchange, options: PictureOptions) {
  const { bytes, urls, count = 1, mimeLabel, withoutIndex = false, bareUrl = false } = options
  if (urls) {
    return urls.map((url, index) => ({
      ...(withoutIndex ? {} : { index }),
      type: 'image_url' as const,
      image_url: bareUrl ? url : { url },
    }))
  }
  const given = bytes === undefined ? undefined : bytes instanceof Uint8Array ? [bytes] : bytes
  const pictures =
    given ?? (await Promise.all(Array.from({ length: count }, (_, i) => pictureFor(exchange, i))))
  return pictures.map((one, index) =>
    wireImage(one, {
      bareUrl,
      ...(withoutIndex ? {} : { index }),
      ...(mimeLabel === undefined ? {} : { label: mimeLabel }),
    }),
  )
}
