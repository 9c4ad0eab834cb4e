import { RotateCw } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { mostPictures, studioOf, type StudioForm } from '../app/image-studio.ts'
import { Banner } from '../parts/banner.tsx'
import { Icon } from '../parts/icon.tsx'
import { UnreadModels } from '../parts/unread-models.tsx'
import { aspectRatios, isAspectRatio } from '../sdk/limits.ts'
import { texts } from '../texts/texts.ts'
import { faultOf, FaultWords, fieldOf, type Fault } from '../studio/faults.tsx'
import { modelOf, Nothing, Painting } from '../studio/frames.tsx'
import { InputPictures } from '../studio/input-pictures.tsx'
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
          <Prompt form={form} fault={wordsAt('prompt')} onSubmit={generate} />
          <div class="picture-dialog__pair">
            <ModelField form={form} />
            <ShapeField form={form} />
          </div>
          <CountField form={form} />
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

function Prompt({
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

function ModelField({ form }: { form: StudioForm }) {
  const app = useApp()
  const studio = studioOf(app)
  const { models } = app
  const list = models.value?.image ?? []
  if (!models.value) return <UnreadModels />
  const chosen = form.model || (list.find((model) => model.default)?.id ?? '')
  return (
    <div class="field">
      <label for="image-gen-model">{words.model}</label>
      <select
        class="select"
        id="image-gen-model"
        value={chosen}
        onChange={(event) => studio.change({ model: event.currentTarget.value })}
      >
        {list.map((model) => (
          <option key={model.id} value={model.id} disabled={!model.available}>
            {model.available ? model.name : texts.composer.unavailable(model.name)}
          </option>
        ))}
      </select>
    </div>
  )
}

function ShapeField({ form }: { form: StudioForm }) {
  const studio = studioOf(useApp())
  return (
    <div class="field">
      <label for="image-gen-shape">{words.shape}</label>
      <select
        class="select"
        id="image-gen-shape"
        value={form.aspectRatio}
        onChange={(event) => {
          const { value } = event.currentTarget
          studio.change({ aspectRatio: isAspectRatio(value) ? value : '' })
        }}
      >
        <option value="">{texts.composer.anyShape}</option>
        {aspectRatios.map((ratio) => (
          <option key={ratio} value={ratio}>
            {ratio}
          </option>
        ))}
      </select>
    </div>
  )
}

function CountField({ form }: { form: StudioForm }) {
  const studio = studioOf(useApp())
  return (
    <fieldset class="field">
      <legend>{words.count}</legend>
      <div class="choice" id="image-gen-count">
        {Array.from({ length: mostPictures }, (_, index) => index + 1).map((count) => (
          <label key={count}>
            <input
              type="radio"
              name="count"
              value={count}
              checked={form.count === count}
              onChange={() => studio.change({ count })}
            />
            {count}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** What it will cost and how long it takes, as far as that is known. */
function Forecast({ form }: { form: StudioForm }) {
  const model = modelOf(useApp(), form)
  const price = model?.price_usd
  const seconds = model?.usual_seconds?.p50
  const known = [
    price === undefined ? '' : words.about(texts.picture.price(price * form.count)),
    seconds === undefined ? '' : words.takes(Math.max(1, Math.round(seconds * form.count))),
  ]
  return <span class="figures">{known.filter((part) => part !== '').join(' · ')}</span>
}

function ContextFields({
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
