import { Problem } from '../errors.ts'
import { DataLines } from './data-lines.ts'
import { PictureDiverter, pictureNumber } from './divert-pictures.ts'
import { parsed } from './loose-json.ts'
import { unreadableAnswer } from './openrouter-errors.ts'
import type { Line } from './openrouter-line.ts'
import { emptyReply, foldReply, type Reply, spentIn, upstreamIdIn, wasBlocked } from './openrouter-reply.ts'
import { paintBody } from './openrouter-request.ts'
import type { PaintAnswer, Painter, PaintRequest, PictureWriter, SpooledPicture } from './provider.ts'

const limits = { pictures: 4, pictureBytes: 25_000_000, restBytes: 16_000_000 }
const longestText = 32_000

/** `modalities` tells what a model is to be asked for. */
export function openrouterPainter(line: Line, modalities: (model: string) => readonly string[]): Painter {
  return { paint: (request) => paint(line, request, modalities(request.model)) }
}

async function paint(line: Line, request: PaintRequest, modalities: readonly string[]): Promise<PaintAnswer> {
  request.signal.throwIfAborted()
  const diverter = new PictureDiverter({ sink: request.sink, limits, unreadable: unreadableAnswer })
  let upstreamId: string | undefined
  let receiving = false

  function learnId(found: unknown): void {
    if (upstreamId !== undefined) return
    upstreamId = upstreamIdIn(found)
    if (upstreamId !== undefined) request.onUpstreamId?.(upstreamId)
  }

  try {
    await line.ask(request, paintBody(request, modalities), (head) => {
      learnId(head.headers['x-generation-id'])
      return {
        push(chunk) {
          // White space is how a gateway keeps a waiting connection alive.
          if (!receiving && chunk.some((byte) => byte > 0x20)) {
            receiving = true
            request.onReceiving?.()
          }
          return diverter.push(chunk)
        },
      }
    }).ended
    const { reply, text } = readReply(diverter.end())
    learnId(reply.id)
    if (reply.error !== undefined || reply.finish === 'error') {
      throw line.problem(request.model, { status: 200, headers: {} }, reply.error ?? {})
    }
    if (!reply.sawChoice) {
      throw new Problem('empty_response', 'The model answered nothing. Try again or choose another model.')
    }
    if (!reply.sawMessage) throw unreadableAnswer('it holds no message')

    const pictures = await keep(reply.pictures, diverter.pictures)
    request.signal.throwIfAborted()
    return {
      pictures,
      text,
      revisedPrompt: undefined,
      refused: pictures.length === 0 && wasBlocked(reply),
      spent: spentIn(reply.usage, upstreamId),
    }
  } catch (error) {
    await diverter.discard()
    throw error
  }
}

/** Reads what is left of an answer without its pictures: one JSON document, or events that came instead. */
function readReply(rest: string): { reply: Reply; text: string } {
  const reply = emptyReply()
  const trimmed = rest.trim()
  let text = ''
  if (trimmed.startsWith('{')) {
    const document = parsed(trimmed)
    if (document === undefined) throw unreadableAnswer('it was cut off')
    text = foldReply(reply, document)
  } else {
    let done = false
    const lines = new DataLines(
      (data) => {
        const chunk = parsed(data)
        if (data === '[DONE]') done = true
        else if (chunk === undefined) throw unreadableAnswer('a part of it is not JSON')
        else text += foldReply(reply, chunk)
      },
      limits.restBytes,
      () => unreadableAnswer('it is too long'),
    )
    lines.push(Buffer.from(trimmed))
    lines.end()
    if (!done && reply.finish === undefined && reply.error === undefined) {
      throw unreadableAnswer(reply.sawChoice ? 'it was cut off' : 'it is not JSON')
    }
  }
  // Some gateways put the picture where the words belong.
  if (pictureNumber(text.trim()) !== undefined) {
    reply.pictures.push(text.trim())
    text = ''
  }
  return {
    reply,
    text: text
      .replaceAll(/data:image\/[^\s)"']*/g, '')
      .trim()
      .slice(0, longestText),
  }
}

/** Finishes the pictures that the answer names, each once, and discards what it does not name. */
async function keep(
  addresses: readonly string[],
  writers: readonly PictureWriter[],
): Promise<SpooledPicture[]> {
  const named = addresses.map((address) => {
    const writer = writers[pictureNumber(address) ?? -1]
    if (!writer) throw notAPicture(address)
    return writer
  })
  const kept = new Map<string, SpooledPicture>()
  for (const writer of writers) {
    const picture = named.includes(writer) ? await writer.finish() : undefined
    if (picture && !kept.has(picture.sha256)) kept.set(picture.sha256, picture)
    else await writer.discard()
  }
  return [...kept.values()]
}

function notAPicture(address: string): Problem {
  const sent = /^https?:/i.test(address) ? 'a link instead of a picture' : 'something that is no picture'
  return new Problem('bad_image', `The provider sent ${sent}. Try again or choose another model.`)
}
