import { useApp } from '../app/app.ts'
import type { StudioForm } from '../app/image-studio.ts'
import { texts } from '../texts/texts.ts'
import { modelOf } from './frames.tsx'

const words = texts.imageDialog

/** What it will cost and how long it takes, as far as that is known. */
export function Forecast({ form }: { form: StudioForm }) {
  const model = modelOf(useApp(), form)
  const price = model?.price_usd
  const seconds = model?.usual_seconds?.p50
  const known = [
    price === undefined ? '' : words.about(texts.picture.price(price * form.count)),
    seconds === undefined ? '' : words.takes(Math.max(1, Math.round(seconds * form.count))),
  ]
  return <span class="figures">{known.filter((part) => part !== '').join(' · ')}</span>
}
