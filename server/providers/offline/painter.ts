import type { AspectRatio } from '../../contract/images.ts'
import type { Language } from '../../contract/language.ts'
import { usualSizes, type Size } from '../../contract/usual-sizes.ts'
import { openPicture, withSharp } from '../../images/sharp.ts'
import type {
  InputPicture,
  PaintAnswer,
  Painter,
  PaintRequest,
  PictureSink,
  SpooledPicture,
} from '../provider.ts'
import { applyChanges } from './change/apply-changes.ts'
import { readChanges } from './change/read-changes.ts'
import { Canvas, fromRgb, toRgb } from './draw/canvas.ts'
import { doWork } from './draw/work.ts'
import { measurePicture } from './measure.ts'
import { OneAtATime } from './one-at-a-time.ts'
import { paintScene } from './paint-scene.ts'
import { headBytes, textChunk } from './png-text.ts'
import { imagePromptOf } from './prompt-sections.ts'
import { readPrompt } from './read-prompt.ts'
import type { Scene } from './scene.ts'
import { hashOf } from './seed.ts'
import { naturalShape, nearestShape } from './sizes.ts'

/** What the painter says beside its picture. */
const remarks: Readonly<Record<Language, { painted: string; changed: string; unread: string }>> = {
  en: {
    painted: 'Painted by Easel\u2019s offline painter, without an image model.',
    changed: 'Changed by Easel\u2019s offline painter, without an image model.',
    unread: ' It did not recognise anything it can draw in the prompt, so it painted an abstract.',
  },
  de: {
    painted: 'Gemalt vom eingebauten Maler von Easel, ohne Bildmodell.',
    changed: 'Geändert vom eingebauten Maler von Easel, ohne Bildmodell.',
    unread: ' Im Prompt war nichts, was er zeichnen kann; so wurde es ein abstraktes Bild.',
  },
}

export interface OfflinePainterOptions {
  /** The size of each shape in pixels; the usual one unless told. */
  sizes?: Sizes
}

type Sizes = Readonly<Record<AspectRatio, Size>>

/**
 * Paints from the words of the prompt alone: the same prompt, shape and inputs give the same bytes. With an input
 * it changes that picture when the prompt asks for a change, else paints anew in its colours.
 */
export function offlinePainter({ sizes = usualSizes }: OfflinePainterOptions = {}): Painter {
  const queue = new OneAtATime()
  return {
    paint: (request) => queue.run(() => paint(request, sizes), request.signal),
    shapeOf: (prompt) => chosenShape(readPrompt(prompt)),
  }
}

/** The shape of a new picture for which none was asked, but perhaps in words. */
function chosenShape(scene: Scene): AspectRatio {
  return scene.aspectRatio ?? naturalShape(scene.subject)
}

async function paint(request: PaintRequest, sizes: Sizes): Promise<PaintAnswer> {
  const { prompt, signal, sink } = request
  const scene = readPrompt(prompt)
  const input = request.inputs[0]
  const changes = input ? readChanges(prompt) : []
  let canvas: Canvas
  const remark = remarks[request.language ?? 'en']
  let text = remark.painted
  if (input && changes.length > 0) {
    canvas = await opened(input, request, sizes)
    await doWork(applyChanges(canvas, changes, hashOf(imagePromptOf(prompt))), signal)
    text = remark.changed
  } else {
    const measured = input ? await measurePicture(input.bytes) : undefined
    const like = measured && nearestShape(measured)
    const size = sizes[request.aspectRatio ?? scene.aspectRatio ?? like ?? chosenShape(scene)]
    canvas = new Canvas(size.width, size.height)
    await doWork(paintScene(canvas, scene, measured?.colours.map(({ rgb }) => rgb) ?? []), signal)
    if (unread(scene)) text += remark.unread
  }
  request.onReceiving?.()
  const png = await encode(canvas, signal)
  const picture = await spool(png, prompt, sink, signal)
  return {
    pictures: [picture],
    text,
    revisedPrompt: undefined,
    refused: false,
    spent: { promptTokens: 0, completionTokens: 0, costMicro: 0, upstreamId: undefined },
  }
}

function unread(scene: Scene): boolean {
  return scene.subject === 'abstract' && scene.kind === ''
}

/** The input on a canvas, about a million pixels, cut to another shape where one was asked for. */
async function opened(
  input: InputPicture,
  { aspectRatio, signal }: PaintRequest,
  sizes: Sizes,
): Promise<Canvas> {
  const { rgb, width, height } = await withSharp(async (sharp) => {
    const picture = openPicture(sharp, input.bytes)
    const { autoOrient } = await picture.metadata()
    const shape = aspectRatio ?? nearestShape(autoOrient)
    const size = shape ? sizes[shape] : workable(autoOrient)
    const rgb = await picture
      .flatten({ background: '#ffffff' })
      .resize(size.width, size.height, { fit: 'cover' })
      .toColourspace('srgb')
      .raw()
      .toBuffer()
    return { rgb, ...size }
  })
  const canvas = new Canvas(width, height)
  await doWork(fromRgb(canvas, rgb), signal)
  return canvas
}

/** No side over 1,536 pixels and none under 64, whatever was handed in. */
function workable({ width, height }: Size): Size {
  const scale = Math.min(1, 1536 / Math.max(width, height))
  const side = (length: number): number => Math.max(64, Math.round(length * scale))
  return { width: side(width), height: side(height) }
}

async function encode(canvas: Canvas, signal: AbortSignal): Promise<Uint8Array> {
  const { width, height } = canvas
  const rgb = new Uint8Array(width * height * 3)
  await doWork(toRgb(canvas, rgb), signal)
  const png = await withSharp((sharp) =>
    sharp(rgb, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 6 })
      .toBuffer(),
  )
  signal.throwIfAborted()
  return png
}

async function spool(
  png: Uint8Array,
  prompt: string,
  sink: PictureSink,
  signal: AbortSignal,
): Promise<SpooledPicture> {
  const writer = sink.open()
  try {
    await writer.write(png.subarray(0, headBytes))
    await writer.write(textChunk('Software', 'Easel offline painter'))
    await writer.write(textChunk('Description', prompt))
    await writer.write(png.subarray(headBytes))
    signal.throwIfAborted()
    return await writer.finish()
  } catch (failure) {
    await writer.discard()
    throw failure
  }
}
