import { ChatStream, type StreamForm, type WireImage } from './chat-stream.ts'
import type { Exchange } from './exchange.ts'
import { type Usage, usageOf } from './usage.ts'

/** What a model answered, before it is put into one of the two forms of the wire. */
export interface Answer {
  /** A string, as the parts it arrives in when streamed; null and '' are what pictures come with. */
  content: string | readonly string[] | null
  images?: readonly WireImage[]
  reasoning?: string
  refusal?: string
  finishReason?: string
  nativeFinishReason?: string | null
  /** Dollars, instead of what the catalogue's prices come to; null leaves `cost` away. */
  cost?: number | null
}

export interface AnswerForm extends StreamForm {
  /** `stream: true` is obeyed unless told. */
  as?: 'json' | 'stream'
  /** Sends the images again on the finish chunk, as some gateways do. */
  repeatImages?: boolean
}

/** Sends an answer whole or streamed, as the request asks or the form says. */
export async function send(exchange: Exchange, answer: Answer, form: AnswerForm = {}): Promise<void> {
  const usage = usageFor(exchange, answer)
  exchange.usage = usage
  exchange.finishReason = answer.finishReason ?? 'stop'
  exchange.nativeFinishReason = answer.nativeFinishReason === undefined ? 'STOP' : answer.nativeFinishReason
  const streamed = form.as ? form.as === 'stream' : exchange.streamed
  if (streamed) await sendStream(exchange, answer, usage, form)
  else await sendWhole(exchange, answer, usage)
}

/** The body of an answer that is not streamed. */
export function completion(exchange: Exchange, answer: Answer, usage: Usage): Record<string, unknown> {
  return {
    id: exchange.id,
    provider: 'Google AI Studio',
    model: exchange.body.model,
    object: 'chat.completion',
    created: exchange.created,
    system_fingerprint: null,
    choices: [
      {
        index: 0,
        logprobs: null,
        finish_reason: exchange.finishReason,
        native_finish_reason: exchange.nativeFinishReason,
        message: {
          role: 'assistant',
          content: answer.content === null ? null : text(answer),
          refusal: answer.refusal ?? null,
          reasoning: answer.reasoning ?? null,
          ...(answer.images && answer.images.length > 0 ? { images: answer.images } : {}),
        },
      },
    ],
    usage,
  }
}

async function sendWhole(exchange: Exchange, answer: Answer, usage: Usage): Promise<void> {
  await exchange.wait(answer.images?.length ? exchange.delays.pictureMs : exchange.delays.tokenMs * 10)
  await exchange.json(200, completion(exchange, answer, usage))
}

async function sendStream(exchange: Exchange, answer: Answer, usage: Usage, form: AnswerForm): Promise<void> {
  const stream = new ChatStream(exchange, { paceMs: exchange.delays.tokenMs, ...form })
  if (answer.reasoning !== undefined) await stream.delta({ content: '', reasoning: answer.reasoning })
  const parts = typeof answer.content === 'string' ? [answer.content] : (answer.content ?? [''])
  for (const content of parts) await stream.delta({ content })
  if (answer.refusal !== undefined) await stream.delta({ content: '', refusal: answer.refusal })
  if (answer.images?.length) {
    for (let waited = 0; waited < exchange.delays.pictureMs; waited += 500) {
      await stream.comment()
      await exchange.wait(Math.min(500, exchange.delays.pictureMs - waited))
    }
    await stream.delta({ content: '', images: [...answer.images] })
  }
  await stream.finish(usage, form.repeatImages && answer.images ? { images: [...answer.images] } : {})
}

function usageFor(exchange: Exchange, answer: Answer): Usage {
  const usage = usageOf(exchange.body, { text: text(answer), pictures: answer.images?.length ?? 0 })
  if (answer.cost === null) delete usage.cost
  else if (answer.cost !== undefined) usage.cost = answer.cost
  return usage
}

function text({ content }: Answer): string {
  return typeof content === 'string' ? content : (content ?? []).join('')
}
