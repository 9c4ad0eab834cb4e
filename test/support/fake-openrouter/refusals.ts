import sharp from 'sharp'
import { catalogue } from './catalogue.ts'
import { type ChatRequest, asksForPicture, shownPictures } from './chat-request.ts'
import { errorStatus } from './error-behaviours.ts'
import type { Behaviour } from './exchange.ts'

/** The error that a request earns by what it asks for, before any model sees it; undefined when it is fine. */
export async function refusalOf(
  request: ChatRequest,
  gone: ReadonlySet<string>,
): Promise<Behaviour | undefined> {
  const id = request.model
  if (id !== undefined && gone.has(id)) {
    return errorStatus(404, {
      message: `No endpoints found for ${id}.`,
      metadata: { error_type: 'not_found' },
      availability: { code: 'model_unavailable_upstream', retryable: false, requested_models: [id] },
    })
  }
  const output = catalogue.find((model) => model.id === id)?.architecture.output_modalities
  const wanted = request.modalities ?? ['text']
  if (output && !output.includes('text')) {
    return errorStatus(400, {
      message: `${id} is not available on /chat/completions; use /images.`,
      metadata: { error_type: 'invalid_request' },
      availability: { code: 'wrong_endpoint', retryable: false, requested_models: [id] },
    })
  }
  if (output && !wanted.every((modality) => output.includes(modality))) {
    return errorStatus(404, {
      message: `No endpoints found that support the requested output modalities: ${wanted.join(', ')}`,
      metadata: { routing_funnel: [], failed_routing_step: 'Filter by Model Output Modalities' },
    })
  }
  if (asksForPicture(request) && request.tools?.length) {
    return errorStatus(404, { message: 'No endpoints found that support tool use.' })
  }
  return await refusalOfPictures(request)
}

async function refusalOfPictures(request: ChatRequest): Promise<Behaviour | undefined> {
  const userMessages = request.messages.filter((message) => message.role === 'user')
  // Some providers do refuse pictures on other sides than the user's; this one is as strict as they are.
  if (shownPictures(request).length > shownPictures({ messages: userMessages }).length) {
    return errorStatus(400, { message: 'Image parts are only supported in user messages.' })
  }
  for (const url of shownPictures(request)) {
    const error_type = await faultOf(url)
    if (error_type)
      return errorStatus(400, { message: 'Could not process the input image.', metadata: { error_type } })
  }
  return undefined
}

async function faultOf(url: string): Promise<string | undefined> {
  if (url.startsWith('https://')) return undefined
  const base64 = /^data:image\/(?:png|jpeg|webp|gif);base64,([A-Za-z0-9+/]+=*)$/.exec(url)?.[1]
  if (!base64) return 'unsupported_image_format'
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > 7_000_000) return 'image_too_large'
  try {
    await sharp(bytes).stats()
    return undefined
  } catch {
    return 'invalid_image'
  }
}
