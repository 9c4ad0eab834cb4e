import { useApp, type App } from '../app/app.ts'
import { studioOf, type StudioForm } from '../app/image-studio.ts'
import { ratioOf } from '../conversation/frame-shape.ts'
import { useSeconds } from '../conversation/unfinished-picture.tsx'
import { texts } from '../texts/texts.ts'

const words = texts.imageDialog

/** The model that is going to paint, as far as it is known. */
export function modelOf(app: App, form: StudioForm) {
  const list = app.offers.models.value?.image ?? []
  return list.find((model) => (form.model ? model.id === form.model : model.default))
}

/** Where the picture will be. */
export function Nothing({ form }: { form: StudioForm }) {
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

/** The picture that is being painted, in its shape. */
export function Painting() {
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
