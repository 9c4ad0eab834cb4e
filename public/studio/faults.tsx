import type { ImageStudio } from '../app/image-studio.ts'
import { imagePromptLimit } from '../sdk/limits.ts'
import { texts } from '../texts/texts.ts'

const words = texts.imageDialog

/** What keeps the request back, and at which part of the form that is said. */
export interface Fault {
  field: 'prompt' | 'inputs' | 'history'
  words: string
}

/** Where one goes to mend it. */
export const fieldOf: Record<Fault['field'], string> = {
  prompt: 'image-gen-prompt',
  inputs: 'image-gen-inputs',
  history: 'image-gen-history',
}

/** The first of them that there is, from above. */
export function faultOf(studio: ImageStudio, hasConversation: boolean): Fault | undefined {
  const { prompt, history } = studio.form.peek()
  if (prompt.trim() === '') return { field: 'prompt', words: words.empty }
  if (prompt.length > imagePromptLimit) return { field: 'prompt', words: words.tooLong(imagePromptLimit) }
  if (studio.uploads.isBusy.peek()) return { field: 'inputs', words: texts.composer.waitUploads }
  const failed = studio.uploads.items.peek().find((item) => item.failure.peek() !== undefined)
  if (failed) return { field: 'inputs', words: `${failed.name}: ${failed.failure.peek()}` }
  const isNumber = Number.isInteger(history) && history >= 0 && history <= 100
  return isNumber || !hasConversation ? undefined : { field: 'history', words: words.historyRange }
}

/** Said below the field it is about. */
export function FaultWords({ field, words }: { field: Fault['field']; words: string | undefined }) {
  if (words === undefined) return null
  return (
    <span class="hint hint--problem" id={`image-gen-fault-${field}`} role="alert">
      {words}
    </span>
  )
}
