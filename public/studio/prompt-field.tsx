import { useApp } from '../app/app.ts'
import { studioOf, type StudioForm } from '../app/image-studio.ts'
import { texts } from '../texts/texts.ts'
import { FaultWords } from './faults.tsx'

const words = texts.imageDialog

/** What the picture shall show. */
export function PromptField({
  form,
  fault,
  onSubmit,
}: {
  form: StudioForm
  fault: string | undefined
  onSubmit: () => void
}) {
  const studio = studioOf(useApp())
  return (
    <div class="field">
      <label for="image-gen-prompt">{words.prompt}</label>
      <textarea
        class="input"
        id="image-gen-prompt"
        rows={3}
        dir="auto"
        placeholder={words.promptPlaceholder}
        // What the dialog is for; a phone would raise its keyboard over the rest of it.
        autofocus={window.matchMedia('(pointer: fine)').matches}
        value={form.prompt}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault ? 'image-gen-fault-prompt' : undefined}
        onInput={(event) => studio.change({ prompt: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
          event.preventDefault()
          onSubmit()
        }}
      />
      <FaultWords field="prompt" words={fault} />
    </div>
  )
}
