import type { ModelLists } from '../../server/contract/lists.ts'
import { aspectRatios } from '../sdk/limits.ts'
import { texts } from '../texts/texts.ts'

type Offered = Pick<ModelLists['image' | 'chat'][number], 'id' | 'name' | 'available'>

/** The models of a `<select>`; one whose provider has no key cannot be chosen. */
export function ModelOptions({ models }: { models: readonly Offered[] }) {
  return (
    <>
      {models.map((model) => (
        <option key={model.id} value={model.id} disabled={!model.available}>
          {model.available ? model.name : texts.composer.unavailable(model.name)}
        </option>
      ))}
    </>
  )
}

/** The shapes of a picture in a `<select>`. */
export function ShapeOptions() {
  return (
    <>
      {aspectRatios.map((ratio) => (
        <option key={ratio} value={ratio}>
          {ratio}
        </option>
      ))}
    </>
  )
}
