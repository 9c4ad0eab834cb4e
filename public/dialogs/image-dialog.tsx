import { RotateCw } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { studioOf } from '../app/image-studio.ts'
import { Banner } from '../parts/banner.tsx'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import { ContextFields } from '../studio/context-fields.tsx'
import { faultOf, FaultWords, fieldOf, type Fault } from '../studio/faults.tsx'
import { Forecast } from '../studio/forecast.tsx'
import { Nothing, Painting } from '../studio/frames.tsx'
import { InputPictures } from '../studio/input-pictures.tsx'
import { PictureFields } from '../studio/picture-fields.tsx'
import { PromptField } from '../studio/prompt-field.tsx'
import { Result } from '../studio/studio-result.tsx'
import '../styles/check.css'
import '../styles/choice.css'
import '../styles/switch.css'
import '../styles/details.css'
import '../styles/image-dialog.css'
import { Sheet } from './sheet.tsx'

const words = texts.imageDialog
const formId = 'image-gen-form'

/** Paints on the side: every control at hand, nothing kept in the conversation. */
export function ImageDialog({ onClose }: { onClose: () => void }) {
  const app = useApp()
  const studio = studioOf(app)
  const [fault, setFault] = useState<Fault>()
  const form = studio.form.value
  const painting = studio.painting.value !== undefined
  const result = studio.result.value
  const failure = studio.failure.value
  const conversationId = app.open.value.id.value

  const place = useRef<HTMLElement>(null)
  const shown = painting || result !== undefined || failure !== undefined
  useEffect(() => {
    // On a phone the result stands below the form, and what is new stands before what was painted earlier.
    if (shown) place.current?.firstElementChild?.scrollIntoView({ block: 'nearest' })
  }, [shown, painting, failure])

  const generate = () => {
    if (painting) return
    const found = faultOf(studio, conversationId !== undefined)
    setFault(found)
    if (found === undefined) void studio.generate(conversationId)
    else document.getElementById(fieldOf[found.field])?.focus()
  }
  const cancel = () => {
    studio.cancel()
    document.getElementById('image-gen-generate')?.focus()
  }
  const wordsAt = (field: Fault['field']) => (fault?.field === field ? fault.words : undefined)
  return (
    <Sheet id="image-gen-modal" title={words.title} lead={words.lead} onClose={onClose}>
      <div class="picture-dialog">
        <form
          class="picture-dialog__form"
          id={formId}
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            generate()
          }}
        >
          <PromptField form={form} fault={wordsAt('prompt')} onSubmit={generate} />
          <PictureFields form={form} />
          <InputPictures />
          <FaultWords field="inputs" words={wordsAt('inputs')} />
          <ContextFields
            form={form}
            hasConversation={conversationId !== undefined}
            fault={wordsAt('history')}
          />
          <label class="switch">
            <span class="label">
              {words.better}
              <small>{words.betterText}</small>
            </span>
            <input
              type="checkbox"
              role="switch"
              id="image-gen-better-context"
              checked={form.better}
              onChange={(event) => studio.change({ better: event.currentTarget.checked })}
            />
          </label>
        </form>
        <section ref={place} class="picture-dialog__result" aria-label={words.result} aria-busy={painting}>
          {painting && <Painting />}
          {failure && !painting && (
            <Banner
              kind="danger"
              action={failure.retryable ? { label: texts.retry, run: generate } : undefined}
            >
              {failure.message}
              {failure.retryAfter !== undefined && ` ${texts.message.wait(failure.retryAfter)}`}
            </Banner>
          )}
          {result && <Result result={result} onClose={onClose} />}
          {!shown && <Nothing form={form} />}
        </section>
        <p class="only-read" role="status">
          {painting
            ? texts.status.painting
            : result && !failure && texts.status.pictureReady(result.pictures.length)}
        </p>
      </div>
      <footer class="sheet__foot">
        <Forecast form={form} />
        {painting && (
          <button class="button" type="button" onClick={cancel}>
            {texts.cancel}
          </button>
        )}
        <button
          class={result ? 'button' : 'button button--primary'}
          id="image-gen-generate"
          type="submit"
          form={formId}
          // It keeps the focus while it can do nothing.
          aria-disabled={painting}
        >
          {result && <Icon of={RotateCw} small />}
          {result ? words.again : words.generate}
        </button>
      </footer>
    </Sheet>
  )
}
