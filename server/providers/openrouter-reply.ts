import { isObject, listIn, numberIn, objectIn, textIn } from './loose-json.ts'
import type { Spent } from './provider.ts'

/**
 * What is known of an answer of `/chat/completions`, from one body or from a stream's chunks (wire.md sections
 * 1.4 and 1.5); both are folded in by the same function.
 */
export interface Reply {
  id: string | undefined
  /** The top-level error or the one of the choice. */
  error: unknown
  sawChoice: boolean
  sawMessage: boolean
  finish: string | undefined
  native: string | undefined
  refusal: string | undefined
  usage: unknown
  /** The addresses of pictures, in the order they came. */
  pictures: string[]
}

export function emptyReply(): Reply {
  return {
    id: undefined,
    error: undefined,
    sawChoice: false,
    sawMessage: false,
    finish: undefined,
    native: undefined,
    refusal: undefined,
    usage: undefined,
    pictures: [],
  }
}

/** Adds a body or a chunk to what is known, and answers the text that it brings. */
export function foldReply(reply: Reply, json: unknown): string {
  const body = objectIn(json)
  reply.id ??= textIn(body.id)
  if (body.error !== undefined && body.error !== null) reply.error ??= body.error
  if (isObject(body.usage)) reply.usage = body.usage
  const choice = listIn(body.choices)[0]
  if (!isObject(choice)) return ''

  reply.sawChoice = true
  if (choice.error !== undefined && choice.error !== null) reply.error ??= choice.error
  reply.finish = textIn(choice.finish_reason) ?? reply.finish
  reply.native = textIn(choice.native_finish_reason) ?? reply.native
  const message = choice.delta ?? choice.message
  if (!isObject(message)) return ''

  reply.sawMessage = true
  const refusal = textIn(message.refusal)
  if (refusal !== undefined) reply.refusal = (reply.refusal ?? '') + refusal
  for (const picture of listIn(message.images)) addPicture(reply, picture)
  if (typeof message.content === 'string') return message.content
  let text = ''
  for (const part of listIn(message.content)) {
    if (isObject(part) && 'image_url' in part) addPicture(reply, part)
    else text += textIn(objectIn(part).text) ?? ''
  }
  return text
}

function addPicture(reply: Reply, picture: unknown): void {
  const holder = isObject(picture) ? (picture.image_url ?? picture.url) : picture
  const address = textIn(holder) ?? textIn(objectIn(holder).url)
  if (address !== undefined && !reply.pictures.includes(address)) reply.pictures.push(address)
}

const blockedEndings = new Set([
  'SAFETY',
  'PROHIBITED_CONTENT',
  'BLOCKLIST',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
  'IMAGE_OTHER',
  'NO_IMAGE',
  'MALFORMED_FUNCTION_CALL',
])

/** True when the provider says that it held an answer back. Asked only where nothing usable came. */
export function wasBlocked(reply: Reply): boolean {
  return (
    reply.finish === 'content_filter' ||
    reply.refusal !== undefined ||
    (reply.native !== undefined && blockedEndings.has(reply.native))
  )
}

/** An id as OpenRouter makes them (`gen-…`); undefined for anything that is none. */
export function upstreamIdIn(value: unknown): string | undefined {
  const id = Array.isArray(value) ? value[0] : value
  return typeof id === 'string' && /^[\w.:-]{1,200}$/.test(id) ? id : undefined
}

// What a bill may be at most before it is taken for a mistake: 1,000 dollars, 10⁹ tokens.
const highestMicro = 1_000_000_000
const mostTokens = 1_000_000_000

/** The usage of an answer as checked numbers: dollars become micro-dollars, what is absurd counts as not said. */
export function spentIn(usage: unknown, upstreamId: string | undefined): Spent {
  const fields = objectIn(usage)
  const micro = Math.round((numberIn(fields.cost) ?? -1) * 1_000_000)
  return {
    promptTokens: tokensIn(fields.prompt_tokens),
    completionTokens: tokensIn(fields.completion_tokens),
    costMicro: micro >= 0 && micro <= highestMicro ? micro : undefined,
    upstreamId,
  }
}

function tokensIn(value: unknown): number {
  const count = Math.round(numberIn(value) ?? 0)
  return count > 0 && count <= mostTokens ? count : 0
}
