import { useApp } from '../app/app.ts'
import { mostPictures, studioOf, type StudioForm } from '../app/image-studio.ts'
import { ModelOptions, ShapeOptions } from '../parts/options.tsx'
import { UnreadModels } from '../parts/unread-models.tsx'
import { isAspectRatio } from '../sdk/limits.ts'
import { texts } from '../texts/texts.ts'

const words = texts.imageDialog

/** Which model, which shape and how many. */
export function PictureFields({ form }: { form: StudioForm }) {
  return (
    <>
      <div class="picture-dialog__pair">
        <ModelField form={form} />
        <ShapeField form={form} />
      </div>
      <CountField form={form} />
    </>
  )
}

function ModelField({ form }: { form: StudioForm }) {
  const app = useApp()
  const studio = studioOf(app)
  const { models } = app.offers
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
        <ModelOptions models={list} />
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
        <ShapeOptions />
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
