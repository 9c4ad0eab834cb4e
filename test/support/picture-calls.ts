import { asksForPicture } from './fake-openrouter/behaviours.ts'
import { chatBody, type FakeOpenRouter } from './fake-openrouter/index.ts'

/** How often a picture was asked for: each time costs money. */
export function pictureCalls(fake: FakeOpenRouter): number {
  return fake.requests
    .filter((request) => request.path.endsWith('/chat/completions'))
    .filter((request) => asksForPicture(chatBody(request))).length
}
