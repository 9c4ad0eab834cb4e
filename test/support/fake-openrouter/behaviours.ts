/** Everything that the fake can be told to do. */
export { asksForAnswer, asksForPicture, asksForRefinement, asksForText } from './chat-request.ts'
export { defaultAnswer } from './default-answer.ts'
export { errorIn200, errorOnChoice, errorStatus, htmlError, knownErrors } from './error-behaviours.ts'
export { emptyChoices, noPicture, picture, pictureStream, truncatedBase64 } from './picture-behaviours.ts'
export {
  commentsForever,
  errorOnlyOnChoiceMidStream,
  midStreamError,
  steeredStream,
  text,
  textStream,
} from './stream-behaviours.ts'
export {
  cut,
  drip,
  hangUp,
  hold,
  hugeBody,
  stall,
  truncatedJson,
  wrongContentType,
} from './transport-behaviours.ts'

import type { ChatRequest } from './chat-request.ts'
import type { Behaviour } from './exchange.ts'

/** The behaviour, for matching requests only. */
export function when(match: (request: ChatRequest) => boolean, behaviour: Behaviour): Behaviour {
  return { ...behaviour, match }
}
