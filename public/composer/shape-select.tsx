import type { AspectRatio } from '../../server/contract/images.ts'
import { ShapeOptions } from '../parts/options.tsx'
import { isAspectRatio } from '../sdk/limits.ts'
import { texts } from '../texts/texts.ts'

interface ShapeSelectProps {
  shape: AspectRatio | ''
  onChoose: (shape: AspectRatio | '') => void
}

/** The shape of the picture that will be painted. */
export function ShapeSelect({ shape, onChoose }: ShapeSelectProps) {
  return (
    <select
      class="button button--plain composer__shape"
      aria-label={texts.composer.shape}
      title={texts.composer.shape}
      value={shape}
      onChange={(event) => {
        const { value } = event.currentTarget
        onChoose(isAspectRatio(value) ? value : '')
      }}
    >
      <option value="">{texts.composer.anyShape}</option>
      <ShapeOptions />
    </select>
  )
}
