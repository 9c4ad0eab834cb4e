import { useApp } from '../app/app.ts'
import { studioOf, type StudioForm } from '../app/image-studio.ts'
import { texts } from '../texts/texts.ts'
import { FaultWords } from './faults.tsx'

const words = texts.imageDialog

/** What of the conversation the prompt is grounded in. */
export function ContextFields({
  form,
  hasConversation,
  fault,
}: {
  form: StudioForm
  hasConversation: boolean
  fault: string | undefined
}) {
  const studio = studioOf(useApp())
  const check = (name: 'summary' | 'messages' | 'memoryPad' | 'deep', label: string) => (
    <label class="check">
      <input
        type="checkbox"
        name={name}
        checked={hasConversation && form[name]}
        onChange={(event) => studio.change({ [name]: event.currentTarget.checked })}
      />
      <span>{label}</span>
    </label>
  )
  return (
    <fieldset
      class="field"
      id="image-gen-context"
      disabled={!hasConversation}
      aria-describedby={hasConversation ? undefined : 'image-gen-no-context'}
    >
      <legend>{words.context}</legend>
      <div class="context-box">
        {!hasConversation && (
          <p class="quiet" id="image-gen-no-context">
            {words.noContext}
          </p>
        )}
        <div>
          {check('summary', words.summary)}
          {check('memoryPad', words.memoryPad)}
          {check('messages', words.messages)}
          {check('deep', words.deep)}
        </div>
        <label class="history-count">
          {words.history}
          <input
            type="number"
            id="image-gen-history"
            min={0}
            max={100}
            step={1}
            value={Number.isNaN(form.history) ? '' : form.history}
            aria-invalid={fault ? true : undefined}
            aria-describedby={fault ? 'image-gen-fault-history' : undefined}
            onInput={(event) => studio.change({ history: event.currentTarget.valueAsNumber })}
          />
        </label>
        <FaultWords field="history" words={fault} />
      </div>
    </fieldset>
  )
}
