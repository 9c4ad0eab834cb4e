import {
  asksForRefinement,
  cut,
  drip,
  emptyChoices,
  errorIn200,
  errorOnChoice,
  hangUp,
  knownErrors,
  midStreamError,
  noPicture,
  picture,
  stall,
  text,
  truncatedBase64,
  truncatedJson,
  when,
} from './behaviours.ts'
import { type ChatRequest, lastUserText } from './chat-request.ts'
import type { Behaviour } from './exchange.ts'

const behaviours: Record<string, Behaviour> = {
  blocked: noPicture(),
  refused: noPicture({ refusal: 'I cannot help with that.', finishReason: 'content_filter' }),
  words: text(),
  two: picture({ count: 2 }),
  'error-200': errorIn200(),
  'error-choice': errorOnChoice(),
  'error-mid': midStreamError(),
  empty: emptyChoices(),
  'half-json': truncatedJson(),
  'half-picture': truncatedBase64(),
  cut: cut({ afterBytes: 200 }),
  'hang-up': hangUp(),
  stall: stall(),
  drip: drip({ bytesPerSecond: 2000 }),
  ...Object.fromEntries(Object.entries(knownErrors).map(([name, behaviour]) => [`error-${name}`, behaviour])),
}

/** `#blocked`, `#cut`, `#error-rateLimited` …: what a prompt may hold to see that answer, when used by hand. */
export const magicWords: readonly string[] = Object.keys(behaviours).map((name) => `#${name}`)

/** A behaviour for each magic word; the refining call is spared, so that the picture's own call meets it. */
export function magicBehaviours(): Behaviour[] {
  return Object.entries(behaviours).map(([name, behaviour]) =>
    when((request) => !asksForRefinement(request) && says(request, `#${name}`), behaviour),
  )
}

function says(request: ChatRequest, word: string): boolean {
  return lastUserText(request)
    .split(/[^#\w-]+/)
    .includes(word)
}
