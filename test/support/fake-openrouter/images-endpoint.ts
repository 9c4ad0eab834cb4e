import { z } from 'zod'
import { pictureFor } from './default-answer.ts'
import { errorStatus } from './error-behaviours.ts'
import type { Behaviour } from './exchange.ts'
import { usageOf } from './usage.ts'

const ImagesRequest = z.looseObject({
  model: z.string(),
  prompt: z.string().min(1),
  n: z.number().int().min(1).max(10).optional(),
})

/** `POST /images` (wire.md 1.12): the pictures as base64 in plain JSON, as most models answer also to `stream: true`. */
export function imagesAnswer(raw: unknown): Behaviour {
  const asked = ImagesRequest.safeParse(raw)
  if (!asked.success) return errorStatus(400, { metadata: { error_type: 'invalid_request' } })
  const count = asked.data.n ?? 1
  return {
    async answer(exchange) {
      await exchange.wait(exchange.delays.pictureMs)
      const pictures = await Promise.all(
        Array.from({ length: count }, (_, index) => pictureFor(exchange, index)),
      )
      const data = pictures.map((one) => ({ b64_json: one.toString('base64'), media_type: 'image/png' }))
      exchange.usage = usageOf(exchange.body, { text: '', pictures: count })
      await exchange.json(200, { created: exchange.created, data, usage: exchange.usage })
    },
  }
}

/** The prompt of a `POST /images`, from which its pictures follow; '' where there is none. */
export function imagesPrompt(raw: unknown): string {
  const asked = ImagesRequest.safeParse(raw)
  return asked.success ? asked.data.prompt : ''
}
