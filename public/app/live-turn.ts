import type { GeneratedImage } from '../../server/contract/images.ts'
import type { Slash } from '../../server/contract/slash-grammar.ts'
import type { TurnEvent } from '../../server/contract/turns.ts'
import { sayProblem } from '../texts/say-problem.ts'

/** One picture of a running turn. `index` is the server's, known once it has begun. */
export interface LivePicture {
  index: number | undefined
  prompt: string
  aspectRatio: string | undefined
  stage: string
  percent: number
  image: GeneratedImage | undefined
  error: PictureFailure | undefined
}

export interface PictureFailure {
  message: string
  retryable: boolean
}

/** What the page knows of a turn while it runs. */
export interface LiveTurn {
  turnId: string | undefined
  kind: string
  text: string
  /** The server's words for what it is doing, where it said so. */
  label: string | undefined
  fallback: boolean
  pictures: readonly LivePicture[]
  /** Milliseconds of the epoch at which the page learnt of it. */
  startedAt: number
}

/** What a turn is before its first event, so that a picture has its frame at once. */
export interface Expected {
  kind: string
  prompt: string
  count: number
  aspectRatio: string | undefined
}

/** What a message will become, as far as the page can tell. */
export function expectedOf(
  slash: Slash,
  more: { asPicture: boolean; count?: number | undefined; aspectRatio?: string | undefined },
): Expected {
  if (slash.kind === 'command' && slash.name === 'image') {
    const { n, aspect } = slash.options
    return {
      kind: 'image',
      prompt: slash.text,
      count: typeof n === 'number' ? n : (more.count ?? 1),
      aspectRatio: typeof aspect === 'string' ? aspect : more.aspectRatio,
    }
  }
  if (slash.kind === 'command')
    return { kind: slash.name, prompt: slash.text, count: 0, aspectRatio: undefined }
  const prompt = slash.kind === 'text' ? slash.text : ''
  if (!more.asPicture) return { kind: 'chat', prompt, count: 0, aspectRatio: undefined }
  return { kind: 'image', prompt, count: more.count ?? 1, aspectRatio: more.aspectRatio }
}

export function beginTurn(expected: Expected, now: number): LiveTurn {
  const { kind, prompt, count, aspectRatio } = expected
  return {
    turnId: undefined,
    kind,
    text: '',
    label: undefined,
    fallback: false,
    pictures: Array.from({ length: count }, () => waiting(prompt, aspectRatio)),
    startedAt: now,
  }
}

function waiting(prompt: string, aspectRatio: string | undefined): LivePicture {
  return {
    index: undefined,
    prompt,
    aspectRatio,
    stage: 'queued',
    percent: 0,
    image: undefined,
    error: undefined,
  }
}

/** The turn after one more event. */
export function applyEvent(live: LiveTurn, event: TurnEvent): LiveTurn {
  switch (event.type) {
    case 'turn': {
      const known = { ...live, turnId: event.turn_id, kind: event.kind }
      if (event.kind !== 'image') return { ...known, pictures: [] }
      return live.pictures.length > 0
        ? known
        : { ...known, pictures: [waiting(event.user_message.text, undefined)] }
    }
    case 'progress': {
      const labelled = { ...live, label: event.label }
      const step = (picture: LivePicture): LivePicture =>
        picture.image || picture.error || event.percent < picture.percent
          ? picture
          : { ...picture, stage: event.stage, percent: event.percent }
      if (event.image) return withPicture(labelled, event.image.index, step)
      return { ...labelled, pictures: live.pictures.map(step) }
    }
    case 'prompt':
      return {
        ...live,
        fallback: event.fallback,
        pictures: live.pictures.map((picture) =>
          picture.image || picture.error ? picture : { ...picture, prompt: event.refined },
        ),
      }
    case 'image_start':
      return withPicture(live, event.index, (picture) => ({
        ...picture,
        prompt: event.prompt,
        aspectRatio: event.aspect_ratio ?? picture.aspectRatio,
      }))
    case 'image':
      return withPicture(live, event.index, (picture) => ({
        ...picture,
        stage: 'complete',
        percent: 100,
        image: event,
      }))
    case 'image_error':
      return withPicture(live, event.index, (picture) => ({
        ...picture,
        error: { message: sayProblem(event), retryable: event.retryable },
      }))
    case 'delta':
      return { ...live, text: live.text + event.text }
    case 'context':
    case 'message':
    case 'usage':
    case 'error':
    case 'done':
      return live
    default:
      return event satisfies never
  }
}

/** Changes the picture of that index; the first one that waits takes an index that is new. */
function withPicture(live: LiveTurn, index: number, change: (picture: LivePicture) => LivePicture): LiveTurn {
  const own = live.pictures.findIndex((picture) => picture.index === index)
  const at = own === -1 ? live.pictures.findIndex((picture) => picture.index === undefined) : own
  if (at === -1) {
    const added = { ...waiting(live.pictures[0]?.prompt ?? '', live.pictures[0]?.aspectRatio), index }
    return { ...live, pictures: [...live.pictures, change(added)] }
  }
  const pictures = live.pictures.map((picture, place) =>
    place === at ? change({ ...picture, index }) : picture,
  )
  return { ...live, pictures }
}
