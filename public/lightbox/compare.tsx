import { ChevronsLeftRight } from 'lucide'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { wordsOf } from '../conversation/recipe-words.ts'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import '../styles/compare.css'
import { Plate } from './plate.tsx'
import type { View } from './zoom.ts'

interface CompareProps {
  before: GeneratedImage
  after: GeneratedImage
  view: View
  /** How much of the first picture is seen, in percent. */
  at: number
  onSlide: (at: number) => void
}

/** Two pictures in one frame, parted by a line that moves by drag and by arrow keys. */
export function Compare({ before, after, view, at, onSlide }: CompareProps) {
  const line = useRef<HTMLInputElement>(null)
  // At once: an arrow key that comes before would step to another picture.
  useLayoutEffect(() => line.current?.focus({ preventScroll: true }), [])
  const [first, second] = namesOf(before, after)
  return (
    <div
      class="compare"
      style={{ '--at': `${at}%`, '--ratio': String(after.width / after.height) }}
      data-zoomed={view.scale > 1 ? '' : undefined}
    >
      <Plate key={before.id} image={before} view={view} />
      <div class="compare__after">
        <Plate key={after.id} image={after} view={view} />
      </div>
      <span class="compare__name" dir="auto">
        {first}
      </span>
      <span class="compare__name compare__name--after" dir="auto">
        {second}
      </span>
      <div class="compare__line" aria-hidden="true">
        <Icon of={ChevronsLeftRight} />
      </div>
      <input
        ref={line}
        type="range"
        min="0"
        max="100"
        value={at}
        aria-label={texts.lightbox.comparing(first, second)}
        aria-valuetext={texts.lightbox.compareAt(first, at)}
        onInput={(event) => onSlide(event.currentTarget.valueAsNumber)}
      />
    </div>
  )
}

/** What the two are called: their numbers where these tell them apart, else their words. */
function namesOf(before: GeneratedImage, after: GeneratedImage): [string, string] {
  const apart = before.conversation_id === after.conversation_id && before.number !== null
  const nameOf = (image: GeneratedImage) =>
    apart && image.number !== null ? texts.picture.number(image.number) : wordsOf(image)
  return [nameOf(before), nameOf(after)]
}
