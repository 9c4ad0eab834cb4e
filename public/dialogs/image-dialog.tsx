import { RotateCw } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useApp, type App } from '../app/app.ts'
import { mostPictures, studioOf, type StudioForm } from '../app/image-studio.ts'
import { ratioOf } from '../conversation/frame-shape.ts'
import { useSeconds } from '../conversation/unfinished-picture.tsx'
import { Banner } from '../parts/banner.tsx'
import { Icon } from '../parts/icon.tsx'
import { aspectRatios, imagePromptLimit, isAspectRatio } from '../sdk/limits.ts'
import { texts } from '../texts/texts.ts'
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
  const [fault, setFault] = useState<string>()
  const form = studio.form.value
  const painting = studio.painting.value !== undefined
  const result = studio.result.value
  const conversationId = app.open.value.id.value

  const place = useRef<HTMLElement>(null)
  const shown = painting || result !== undefined
  useEffect(() => {
    // On a phone the result stands below the form.
    if (shown) place.current?.scrollIntoView({ block: 'nearest' })
  }, [shown, result])

  const generate = () => {
    const found = faultOf(form) ?? (studio.uploads.isBusy.peek() ? texts.composer.waitUploads : undefined)
    setFault(found)
    if (found === undefined) void studio.generate(conversationId)
  }
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
          <Prompt form={form} fault={fault} onSubmit={generate} />
          <div class="picture-dialog__pair">
            <ModelField form={form} />
            <ShapeField form={form} />
          </div>
          <CountField form={form} />
          <InputPictures />
          <ContextFields form={form} hasConversation={conversationId !== undefined} />
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
          {result && <Result result={result} onClose={onClose} />}
          {!painting && !result && <Nothing form={form} />}
          {studio.failure.value && !painting && (
            <Banner kind="danger" card action={{ label: texts.retry, run: generate }}>
              {studio.failure.value.message}
              {studio.failure.value.retryAfter !== undefined &&
                ` ${texts.message.wait(studio.failure.value.retryAfter)}`}
            </Banner>
          )}
        </section>
      </div>
      <footer class="sheet__foot">
        <Forecast form={form} />
        {painting && (
          <button class="button" type="button" onClick={() => studio.cancel()}>
            {texts.cancel}
          </button>
        )}
        <button
          class={result ? 'button' : 'button button--primary'}
          id="image-gen-generate"
          type="submit"
          form={formId}
          disabled={painting}
        >
          {result && <Icon of={RotateCw} small />}
          {result ? words.again : words.generate}
        </button>
      </footer>
    </Sheet>
  )
}

function faultOf(form: StudioForm): string | undefined {
  if (form.prompt.trim() === '') return words.empty
  if (form.prompt.length > imagePromptLimit) return words.tooLong(imagePromptLimit)
  const { history } = form
  return Number.isInteger(history) && history >= 0 && history <= 100 ? undefined : words.historyRange
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
        aria-describedby={fault ? 'image-gen-fault' : undefined}
        onInput={(event) => studio.change({ prompt: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
          event.preventDefault()
          onSubmit()
        }}
      />
      {fault && (
        <span class="hint hint--problem" id="image-gen-fault" role="alert">
          {fault}
        </span>
      )}
    </div>
  )
}

function ModelField({ form }: { form: StudioForm }) {
  const app = useApp()
  const studio = studioOf(app)
  const { models } = app
  const list = models.value?.image ?? []
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

function modelOf(app: App, form: StudioForm) {
  const list = app.models.value?.image ?? []
  return list.find((model) => (form.model ? model.id === form.model : model.default))
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

function ContextFields({ form, hasConversation }: { form: StudioForm; hasConversation: boolean }) {
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
            value={form.history}
            onInput={(event) => studio.change({ history: event.currentTarget.valueAsNumber })}
          />
        </label>
      </div>
    </fieldset>
  )
}

function Nothing({ form }: { form: StudioForm }) {
  return (
    <figure class="picture" data-state="queued" style={{ '--ratio': ratioOf(form.aspectRatio) }}>
      <div class="picture__frame">
        <div class="picture__title">
          <p>{words.nothing}</p>
        </div>
      </div>
    </figure>
  )
}

function Painting() {
  const app = useApp()
  const studio = studioOf(app)
  const painting = studio.painting.value
  const seconds = useSeconds(painting?.since ?? app.now(), app.now)
  const form = studio.form.value
  const usually = modelOf(app, form)?.usual_seconds
  const usual = usually ? texts.picture.usual(Math.max(1, Math.round(usually.p50))) : ''
  return (
    <figure
      class="picture"
      data-state="painting"
      aria-busy="true"
      style={{ '--ratio': ratioOf(form.aspectRatio) }}
    >
      <div class="picture__frame">
        <div class="picture__title">
          <p dir="auto">{form.prompt}</p>
        </div>
        <div class="progress progress--unknown" role="progressbar" aria-label={texts.picture.progress}>
          <span />
        </div>
      </div>
      <figcaption class="picture__status">
        <strong>
          {painting && painting.total > 1 ? words.paintingOf(painting.index, painting.total) : words.painting}
        </strong>
        <span class="figures" aria-hidden="true">
          {seconds} s{usual}
        </span>
      </figcaption>
    </figure>
  )
}
